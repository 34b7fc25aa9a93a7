"""PyYAML's own scanner brought in line with libyaml's, for installations without libyaml.

The two read the same files but for tabs between tokens, which libyaml allows where they indent
nothing, and escapes of characters that do not exist, on which PyYAML raises no YAMLError.
"""

from typing import Any

from convcalc.tree.libyaml import yaml


class Scanner(yaml.SafeLoader):
    """A SafeLoader that reads what CSafeLoader reads."""

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line ends; tabs too where no indentation is read."""
        if self.index == 0 and self.peek() == "\ufeff":
            self.forward()
        found = False
        while not found:
            while self.peek() == " " or (
                self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)
            ):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0\r\n\x85\u2028\u2029":
                    self.forward()
            if not self.scan_line_break():  # type: ignore[no-untyped-call]
                found = True
            elif not self.flow_level:
                self.allow_simple_key = True

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Blanks inside of text without quotes; tabs too, as long as the line goes on."""
        length = 0
        while self.peek(length) in (" ", "\t"):
            length += 1
        blanks = self.prefix(length)
        if "\t" not in blanks:
            return super().scan_plain_spaces(indent, start_mark)
        self.forward(length)
        if self.peek() not in "\r\n":
            return [blanks]
        return super().scan_plain_spaces(indent, start_mark)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> Any:
        """Text in quotes; an invalid escape is an error of YAML."""
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (OverflowError, ValueError) as error:
            context, problem = "while scanning a quoted scalar", "found invalid Unicode escape"
            raise yaml.scanner.ScannerError(
                context, start_mark, problem, self.get_mark()
            ) from error
