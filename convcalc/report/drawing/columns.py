"""Rows of text in aligned columns, narrowed to a width by leaving out the least important ones."""

import re
from collections.abc import Callable, Iterator, Sequence

from convcalc.records import NamedTuple
from convcalc.report.drawing.palette import Palette

_GAP = "  "


class Column(NamedTuple):
    """One column: its title, alignment and what becomes of it when space is short."""

    title: str
    right: bool = False
    rank: int = 0
    """0 stays; of the others the highest goes first."""
    least: int = 0
    """Columns that it may be cut to; 0: it is never cut."""
    wraps: bool = False
    """Goes on under itself where space is short: for the last column, and no `least`."""
    is_name: bool = False
    """Cut in the middle, as the first column is: the end tells names apart."""


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii() or all(c < "\u0300" or "\u2500" <= c <= "\u259f" for c in text):
        return len(text)  # Latin letters, and the blocks that bars are made of
    from rich.cells import cell_len  # knows wide characters; needed only for those

    return cell_len(text)


_NARROWEST = 20  #: columns below which a remark is not broken into lines
_TO_BE_TYPED = re.compile("`[^`]+`")  #: stays on one line, where one has room for it
_HELD = "\x00"  #: its blanks meanwhile; no text has any
_AT_ONCE = 1000  #: rows that are measured, or written, at a time
_NAME = 12  #: columns that are left of a name where even the least of all others is too much


def hung(
    head: str, text: str, width: int | None, indent: int | None = None, painted: str = ""
) -> list[str]:
    """A head and its remark; where `width` is short, further lines start at column `indent`.

    `painted` is printed for the head, if it has a colour.
    """
    column = width_of(head)
    below = column if indent is None else indent
    if width is None or column + width_of(text) <= width or width - below < _NARROWEST:
        return [f"{painted or head}{text}".rstrip()]
    import textwrap  # most lines fit

    first, *rest = textwrap.wrap(
        _TO_BE_TYPED.sub(lambda found: _held(found[0], width - below), text),
        width,
        initial_indent=" " * column,
        subsequent_indent=" " * below,
        break_long_words=False,
        break_on_hyphens=False,
    )
    lines = [f"{painted or head}{first[column:]}", *rest]
    return [line.replace(_HELD, " ") for line in lines]


def _held(typed: str, room: int) -> str:
    """What is to be typed, in one piece; there may be a comma behind it."""
    return typed.replace(" ", _HELD) if width_of(typed) < room else typed


def wrapped(lines: Sequence[str], palette: Palette, indent: int = 2) -> list[str]:
    """Running text; a line that is too long for the terminal goes on below, a little indented."""
    found: list[str] = []
    for line in lines:
        margin = len(line) - len(line.lstrip())
        own = hung(" " * margin, line.lstrip(), palette.width, margin + indent)
        found += [line] if "\x1b" in line else own
    return found


def titled(title: str, text: str, palette: Palette) -> list[str]:
    """A title in its colour with what follows it; below it where both are too long for a line."""
    width, painted = palette.width, palette.paint(title, "title")
    if width is None or width_of(title) + _NARROWEST <= width:
        return hung(f"{title}  ", text, width, 2, f"{painted}  ")
    head = [palette.paint(line, "title") for line in hung("", title, width, 2)]
    return [*head, *(hung("  ", text, width, 2) if text else ())]


def lay_out(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    palette: Palette,
    left: list[str] | None = None,
) -> list[str]:
    """Lines of the table, title first.

    What it leaves out because the terminal is narrow is said below it; of several tables it is
    gathered in `left`, for `said_of`.
    """
    own: list[str] = [] if left is None else left
    lines = [*laid_out(columns, rows, palette, own)]
    return lines if left is not None else [*lines, *said_of(own, palette)]


def said_of(left: Sequence[str], palette: Palette) -> list[str]:
    """What is said of columns that are not shown, below an empty line."""
    text = f"not shown in {palette.width} columns: {', '.join(dict.fromkeys(left))}"
    return ["", *wrapped([text], palette)] if left else []


def laid_out(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], palette: Palette, left: list[str]
) -> Iterator[str]:
    """The lines one by one; the rows are gone through twice.

    `left` has the titles of what is left out as soon as the first line is there.
    """
    titles = [column.title for column in columns]
    widths, filled, plain = _measured(columns, rows)
    shown = [i for i, is_filled in enumerate(filled) if is_filled] or [0]
    needed = widths[:]
    if palette.width is not None:
        every = shown[:]
        _narrow(columns, shown, widths, palette.width)
        left += [titles[i] for i in every if i not in shown and titles[i]]
    odd = [i for i in shown if not plain[i] or widths[i] < needed[i]]
    yield palette.paint(_writer(columns, shown, widths, odd)(titles), "bold")
    *others, last = shown
    hangs = columns[last].wraps
    line = _writer(columns, others if hangs else shown, widths, odd)
    indent = sum(widths[i] + len(_GAP) for i in others)
    for part in _in_parts(rows):
        for row in part:
            if hangs:
                yield from hung(f"{line(row):{indent}}", row[last], palette.width)
            else:
                yield line(row)


def _measured(
    columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[list[int], list[bool], list[bool]]:
    """Of each column how wide it is, whether it has any text, and whether all of it is ASCII."""
    titles = [column.title for column in columns]
    widths, filled = [*map(width_of, titles)], [not rows for _ in columns]
    plain = [title.isascii() for title in titles]
    for part in _in_parts(rows):
        for i, texts in enumerate(zip(*part, strict=True)):
            together = "".join(texts)
            if together:
                is_plain = together.isascii()  # every letter takes one column
                widths[i] = max(widths[i], *map(len if is_plain else width_of, texts))
                filled[i], plain[i] = True, plain[i] and is_plain
    return widths, filled, plain


def _in_parts(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def _narrow(columns: Sequence[Column], shown: list[int], widths: list[int], space: int) -> None:
    """Leave out columns, then cut those that may be cut, the first one last, until all fits."""

    def over(cut: bool) -> int:
        free = [columns[i].least if cut and columns[i].rank else 0 for i in shown]
        taken = sum(
            min(widths[i], least or widths[i]) for i, least in zip(shown, free, strict=True)
        )
        return taken + len(_GAP) * (len(shown) - 1) - space

    while over(cut=True) > 0 and any(columns[i].rank for i in shown):
        shown.remove(max(shown, key=lambda i: columns[i].rank))
    for i in sorted(shown, key=lambda i: -columns[i].rank):
        spare = widths[i] - columns[i].least if columns[i].least else 0
        widths[i] -= max(min(spare, over(cut=False)), 0)
    if columns[shown[0]].least:  # names, of which a few letters more can go
        widths[shown[0]] -= max(min(widths[shown[0]] - _NAME, over(cut=False)), 0)


def _writer(
    columns: Sequence[Column], shown: list[int], widths: list[int], odd: list[int]
) -> Callable[[Sequence[str]], str]:
    """Makes the line of a row. In `odd` columns a text may be cut, or is wider than its letters."""
    cells = [f"{{{i}:{'>' if columns[i].right else '<'}{widths[i]}}}" for i in shown]
    cells = [f"{{{i}}}" if i in odd else cell for i, cell in zip(shown, cells, strict=True)]
    template = _GAP.join(cells)
    if not odd:
        return lambda row: template.format(*row).rstrip()

    def write(row: Sequence[str]) -> str:
        texts = [*row]
        for i in odd:
            texts[i] = _fitted(row[i], widths[i], columns[i].right, not i or columns[i].is_name)
        return template.format(*texts).rstrip()

    return write


def _fitted(text: str, width: int, right: bool, is_name: bool) -> str:
    """A text in so many columns, filled up or cut."""
    missing = width - width_of(text)
    if missing < 0:
        tail = (width - 2) * 2 // 3 if is_name else 0  # the end tells names apart
        text = text[: width - 2 - tail] + ".." + text[len(text) - tail :]
        missing = 0
    return " " * missing + text if right else text + " " * missing
