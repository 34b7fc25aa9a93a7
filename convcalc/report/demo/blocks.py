"""Grids of numbers beside one another, as many as the terminal takes."""

from collections.abc import Sequence

from convcalc.demo.numbers import Cell
from convcalc.report.drawing.palette import Palette

Block = list[str]

_GAP = "  "
_WIDEST = 120  #: columns, where the output is no terminal


def number(value: Cell) -> str:
    """A number with four digits at most; a dot where there is none.

    >>> number(12345), number(0.123456), number(None)
    ('12345', '0.1235', '.')
    """
    if value is None:
        return "."
    return str(value) if isinstance(value, int) else f"{value:.4g}"


def grid(lines: Sequence[Sequence[Cell]]) -> Block:
    """Numbers in columns."""
    texts = [[number(value) for value in line] for line in lines]
    wide = max(len(text) for line in texts for text in line) + 1
    return ["".join(f"{text:>{wide}}" for text in line) for line in texts]


def titled(title: str, block: Block) -> Block:
    """A block under its title."""
    return [title, *block]


def beside(blocks: list[Block], palette: Palette) -> list[str]:
    """Blocks side by side, as many as the terminal takes, the rest below."""
    most = palette.width or _WIDEST
    rows: list[list[Block]] = [[]]
    used = 0
    for block in blocks:
        wide = max(map(_visible, block)) + len(_GAP)
        if rows[-1] and used + wide > most:
            rows.append([])
            used = 0
        rows[-1].append(block)
        used += wide
    return [line for row in rows for line in _joined(row)]


def _joined(blocks: list[Block]) -> list[str]:
    height = max(map(len, blocks))
    widths = [max(map(_visible, block)) for block in blocks]
    lines = []
    for i in range(height):
        cells = [block[i] if i < len(block) else "" for block in blocks]
        pairs = zip(cells, widths, strict=True)
        lines.append(_GAP.join(cell + " " * (wide - _visible(cell)) for cell, wide in pairs))
    return lines


def _visible(text: str) -> int:
    """Columns that a text takes: colours take none."""
    while "\x1b[" in text:
        before, _, rest = text.partition("\x1b[")
        text = before + rest.partition("m")[2]
    return len(text)
