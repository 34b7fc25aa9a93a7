"""PyYAML's own scanner brought in line with libyaml's, for installations without libyaml.

The two read the same files but for tabs between tokens, which libyaml allows where they indent
nothing, words with a question mark or a last colon inside of brackets, comments right behind ``|``
and ``>``, and escapes of characters that do not exist, on which PyYAML raises no YAMLError.
"""

from typing import Any

from convcalc.tree.libyaml import yaml

_BLANKS = "\0 \t\r\n\x85\u2028\u2029"


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

    def scan_plain(self) -> Any:
        """Text without quotes; inside of brackets ``?`` is part of it, and ``k:}`` an error."""
        if not self.flow_level:
            return super().scan_plain()
        start = end = self.get_mark()
        chunks: list[str] = []
        spaces: Any = []
        while self.peek() != "#":
            length = self._word(start)
            if not length:
                break
            self.allow_simple_key = False
            chunks += [*spaces, self.prefix(length)]
            self.forward(length)
            end = self.get_mark()
            spaces = self.scan_plain_spaces(self.indent + 1, start)
            if not spaces:
                break
        return yaml.tokens.ScalarToken("".join(chunks), True, start, end)

    def _word(self, start: Any) -> int:
        """The letters up to a blank, a bracket, a comma, or a colon that ends a key."""
        length = 0
        while (letter := self.peek(length)) not in _BLANKS and letter not in ",[]{}":
            if letter == ":":
                after = self.peek(length + 1)
                if after in _BLANKS:
                    break
                if after in ",?[]{}":
                    self.forward(length)
                    context, problem = "while scanning a plain scalar", "found unexpected ':'"
                    raise _error(context, start, problem, self)
            length += 1
        return length

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Blanks inside of text without quotes; tabs too, as long as the line goes on."""
        length = 0
        while self.peek(length) in (" ", "\t"):
            length += 1
        blanks = self.prefix(length)
        if "\t" not in blanks:
            spaces = super().scan_plain_spaces(indent, start_mark)
            while self.flow_level and spaces and self.peek() in (" ", "\t"):
                if self.column < indent:  # the tab is where the line is indented
                    problem = "found a tab character that violates indentation"
                    raise _error("while scanning a plain scalar", start_mark, problem, self)
                self.forward()
            return spaces
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
            raise _error(context, start_mark, problem, self) from error

    def scan_block_scalar_indicators(self, start_mark: Any) -> tuple[bool | None, int | None]:
        """What follows ``|`` or ``>``; a comment may, even without a space, and so may a tab."""
        chomping: bool | None = None
        increment: int | None = None
        while True:
            letter = self.peek()
            if letter in "+-" and chomping is None:
                chomping = letter == "+"
            elif letter in "123456789" and increment is None:
                increment = int(letter)
            else:
                break
            self.forward()
        if letter == "0" and increment is None:
            context, problem = "while scanning a block scalar", "found an indentation of 0"
            raise _error(context, start_mark, problem, self)
        return chomping, increment

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """The rest of that line."""
        while self.peek() in (" ", "\t"):
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)


def _error(context: str, start: Any, problem: str, scanner: Scanner) -> Exception:
    """An error of YAML where the scanner is."""
    error: Exception = yaml.scanner.ScannerError(context, start, problem, scanner.get_mark())
    return error
