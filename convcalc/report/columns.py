"""Rows of text in aligned columns, narrowed to a width by leaving out the least important ones."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.report.palette import Palette

_GAP = "  "


class Column(NamedTuple):
    """One column: its title, alignment and how early it goes when space is short."""

    title: str
    right: bool = False
    rank: int = 0
    """0 stays; of the others the highest goes first."""


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii() or all(c < "\u0300" or "\u2500" <= c <= "\u259f" for c in text):
        return len(text)  # Latin letters, and the blocks that bars are made of
    from rich.cells import cell_len  # knows wide characters; needed only for those

    return cell_len(text)


def lay_out(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], palette: Palette
) -> list[str]:
    """Lines of the table, title first."""
    shown = list(range(len(columns)))
    widths = [
        max([width_of(column.title), *(width_of(row[i]) for row in rows)])
        for i, column in enumerate(columns)
    ]
    shown = [i for i in shown if widths[i] and (not rows or any(row[i] for row in rows))]
    if palette.width is not None:
        while sum(widths[i] + len(_GAP) for i in shown) - len(_GAP) > palette.width:
            droppable = [i for i in shown if columns[i].rank]
            if not droppable:
                break
            shown.remove(max(droppable, key=lambda i: columns[i].rank))
        over = sum(widths[i] + len(_GAP) for i in shown) - len(_GAP) - palette.width
        if over > 0:  # what is left does not fit: the widest text column gives way
            texts = [i for i in shown if not columns[i].right]
            widest = max(texts, key=lambda i: widths[i], default=shown[0])
            widths[widest] = max(widths[widest] - over, 8)
    title = _line([column.title for column in columns], columns, shown, widths)
    lines = [palette.paint(title, "bold")]
    lines.extend(_line(row, columns, shown, widths) for row in rows)
    return lines


def _line(
    row: Sequence[str], columns: Sequence[Column], shown: list[int], widths: list[int]
) -> str:
    cells = []
    for i in shown:
        text, width = row[i], widths[i]
        missing = width - (len(text) if text.isascii() else width_of(text))
        if missing < 0:
            text = text[: width - 2] + ".."
            missing = 0
        cells.append(" " * missing + text if columns[i].right else text + " " * missing)
    return _GAP.join(cells).rstrip()
