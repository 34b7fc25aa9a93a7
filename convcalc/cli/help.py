"""Help that can be copied from any terminal: no option is broken, and long examples go on below.

Imported only where help is asked for.
"""

import re
from collections.abc import Iterable

import click

_HELD = "\x01"  #: a hyphen meanwhile, at which click breaks lines; no text has any
#: a word of a shell, with what it quotes; an option with its value
_WORD = re.compile(r'(?:--?[a-z][a-z-]* (?=[^-\s]))?(?:[^\s"]|"[^"]*")+')
_HANG = 4  #: columns by which a command goes on below


class Formatter(click.HelpFormatter):
    """Click's formatter, which breaks lines at blanks only."""

    def write_text(self, text: str) -> None:
        room = self.width - self.current_indent
        lines = [piece for line in text.split("\n") for piece in folded(line, room)]
        super().write_text("\n".join(lines).replace("-", _HELD))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        held = [(first, second.replace("-", _HELD)) for first, second in rows]
        super().write_dl(held, col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_HELD, "-")


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
    for word in _WORD.findall(line):
        longer = f"{lines[-1]} {word}" if lines[-1] else margin + word
        if lines[-1] and len(longer) > room - 2:
            lines[-1] += " \\"
            longer = below + word
        lines[-1:] = [longer] if lines[-1][-2:] != " \\" else [lines[-1], longer]
    return lines
