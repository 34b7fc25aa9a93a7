"""A sweep for a terminal: the best rows, the front, and what did not fit."""

from collections.abc import Sequence

from convcalc.findings import plain
from convcalc.quantity import counted
from convcalc.report.drawing.columns import Column, lay_out, wrapped
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count, size
from convcalc.report.sweep.rows import cells, columns
from convcalc.report.sweep.scatter import scatter
from convcalc.sweep.collect import Collected
from convcalc.sweep.request import USUAL, Request
from convcalc.sweep.variant import LARGEST, MEMORY

_FAULTS = 5  #: first errors that are named
_WIDEST = 78  #: of a picture where the output is no terminal


def render(found: Collected, palette: Palette) -> str:
    """The whole text."""
    request = found.request
    rows = found.best()
    titles = columns(request)
    axes = len(request.plan.axes)
    lines: list[str] = []
    if rows:
        table = [
            [
                _short(name, cell) if at >= axes else str(cell)
                for at, (name, cell) in enumerate(zip(titles, cells(request, row), strict=True))
            ]
            for row in rows
        ]
        shown = [_column(name, at - axes, request) for at, name in enumerate(titles)]
        shown = _ranked(shown, table)
        lines += lay_out(shown, table, palette)
    if request.pareto and len(request.pareto) > 1 and found.points[0]:
        lines += ["", *_picture(found, palette)]
    summary = wrapped(_summary(found, len(rows)), palette)
    lines += ["", *summary] if lines else summary
    return "\n".join(lines) + "\n"


def _column(name: str, at: int, request: Request) -> Column:
    """A column; where space is short the last number that nobody asked for goes first.

    `at` is its place among the numbers; an axis is before them.
    """
    if name == "findings":
        return Column(name, wraps=True)
    objectives = (*request.pareto, *request.search, *filter(None, [request.sort]))
    named = {*(objective.column for objective in objectives)}
    if request.where is not None:
        named |= {*request.where.names}
    unasked = at >= 0 and request.columns[: len(USUAL)] == USUAL and name in USUAL
    return Column(name, right=True, rank=at + 1 if unasked and name not in named else 0)


def _ranked(shown: Sequence[Column], table: Sequence[Sequence[str]]) -> list[Column]:
    """The columns, those that tell far fewer rows apart than others do left out before them.

    First of all go those that are the same in every row, where any number differs.
    """
    differ = [len({*texts}) for texts in zip(*table, strict=True)]
    most = max((n for column, n in zip(shown, differ, strict=True) if column.rank), default=0)
    return [
        column._replace(rank=column.rank + len(shown) * ((2 * n < most) + (n < min(most, 2))))
        if column.rank
        else column
        for column, n in zip(shown, differ, strict=True)
    ]


def _short(name: str, cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, int) and name not in LARGEST:
        return size(cell) if name in MEMORY else count(cell)
    return str(cell)


def _picture(found: Collected, palette: Palette) -> list[str]:
    one, other = found.request.pareto[:2]
    xs, ys = found.points
    written = [
        _short(objective.column, int(value))
        for objective, values in ((one, xs), (other, ys))
        for value in (min(values), max(values))
    ]
    places = {place for place, _ in found.on_front.values()}
    width = min(palette.width or _WIDEST, 120)
    return scatter(
        list(zip(xs, ys, strict=True)), places, (one.column, other.column), width, written
    )


def _summary(found: Collected, shown: int) -> list[str]:
    lines = [counted(found.seen, "variant")]
    if found.request.where is not None:
        lines[0] += f", {found.met:,} with {found.request.where.text}"
    if found.request.pareto:
        lines[0] += f", {len(found.on_front):,} on the front"
    if found.request.search:
        grid = found.request.grid
        said = f"chosen by an optimizer among {grid.combinations:,}: the best of what was tried"
        lines.append(f"{said}, not proved the best")
    left = (len(found.on_front) if found.request.pareto else found.met) - shown
    if left > 0:
        lines.append(f"{counted(left, 'more row')}: --top shows more, -o FILE writes all")
    faults = faults_said(found)
    return [*lines, faults] if faults else lines


def faults_said(found: Collected) -> str:
    """How many variants have errors, and which; '' where none has. Files name codes alone.

    Of the first one its values and what is wrong are told.
    """
    faults = found.faults.total()
    if not faults:
        return ""
    named = [f"{n:,} {where}" for where, n in found.faults.most_common(_FAULTS)]
    rest = len(found.faults) - _FAULTS
    if rest > 0:
        named.append(counted(rest, "other reason"))
    told, example = f"{faults:,} of {found.seen:,} have errors: {', '.join(named)}", found.example
    if example is None or not example.message:
        return told
    axes = found.request.plan.axes
    varied = zip(axes, cells(found.request, example), strict=False)
    values = [f"{axis.name}={plain(str(cell))}" for axis, cell in varied]
    return f"{told}; the first, {', '.join(values) or 'of one variant'}: {example.message}"
