"""Help that can be copied from any terminal: no option is broken, and long examples go on below.

Imported only where help is asked for.
"""

import re
from collections.abc import Iterable, Iterator

import click

#: a word of a shell, with what it quotes; an option with its value
_WORD = r'(?:--?[a-z][a-z-]* (?=[^-\s]))?(?:[^\s"]|"[^"]*")+'
_HANG = 4  #: columns by which a command goes on below
_AS_IT_IS = "\b"  #: the first line of a paragraph whose lines stay
_NARROWEST = 10  #: columns below which text beside an option is not narrowed


class Formatter(click.HelpFormatter):
    """Click's formatter, which breaks lines at blanks only."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        line = f"{' ' * self.current_indent}Usage: {prog} {args}".rstrip()
        if prefix is None and len(line) <= self.width:
            self.write(f"{line}\n")
        else:
            super().write_usage(prog, args, prefix)

    def write_text(self, text: str) -> None:
        room = self.width - self.current_indent
        margin = " " * self.current_indent
        paragraphs = ("\n".join(_lines(part.split("\n"), room)) for part in text.split("\n\n"))
        for line in "\n\n".join(paragraphs).split("\n"):
            self.write(f"{margin}{line}\n" if line else "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        rows = [*rows]
        first_column = min(max(len(first) for first, _ in rows), col_max)
        column = self.current_indent + first_column + col_spacing
        room = max(self.width - column + self.current_indent - 2, _NARROWEST)
        for first, second in rows:
            head = " " * self.current_indent + first
            lines = _lines(second.split("\n"), room) if second else []
            if len(first) > first_column or not lines:
                self.write(f"{head}\n")
                head = ""
            for line in lines:
                self.write(f"{head:{column}}{line}\n")
                head = ""


def _lines(paragraph: list[str], room: int) -> Iterator[str]:
    """Its lines where they stay, examples folded; else its words, as many a line as fit."""
    if paragraph[0].strip() == _AS_IT_IS:
        for example in paragraph[1:]:
            yield from folded(example, room)
        return
    line = ""
    for word in " ".join(paragraph).split(" "):
        longer = f"{line} {word}" if line else word
        if line and len(longer) > room:
            yield line.rstrip()
            longer = word
        line = longer
    yield line


def folded(line: str, room: int) -> list[str]:
    r"""An example in lines of a shell; a line of prose as it is.

    >>> folded('  convcalc check --net "conv3-8 pool2" --input 8x8x3', 40)
    ['  convcalc check --net "conv3-8 pool2" \\', '      --input 8x8x3']
    """
    margin = line[: len(line) - len(line.lstrip())]
    if len(line) <= room or not margin:
        return [line]
    below = margin + " " * _HANG if line.lstrip().startswith("convcalc ") else margin
    lines = [""]
    for word in re.findall(_WORD, line):
        longer = f"{lines[-1]} {word}" if lines[-1] else margin + word
        if lines[-1] and len(longer) > room - 2:
            lines[-1] += " \\"
            longer = below + word
        lines[-1:] = [longer] if lines[-1][-2:] != " \\" else [lines[-1], longer]
    return lines
