"""The table of `analyze`: a line a layer or block, in the columns that fit or are asked for."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from convcalc.analysis.record import Totals
from convcalc.report.analysis.columns import TEXT, named, sorted_lines
from convcalc.report.analysis.fold import TableLine
from convcalc.report.analysis.view import NetView
from convcalc.report.drawing.columns import Column, laid_out, said_of
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.parts import Lazy
from convcalc.report.drawing.units import count, size
from convcalc.shapes import written

if TYPE_CHECKING:  # counted on request alone
    from convcalc.counting.tally import ToolCount

_COLUMNS = (  # in the order of TEXT
    Column("layer", least=20),
    Column("what it is", rank=1, least=18),
    Column("output"),
    Column("activations", right=True),
    Column("weights", right=True),
    Column("biases", right=True),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("field", right=True, rank=4),
    Column("memory", right=True, rank=5),
    Column("im2col", right=True),
    Column("share of activations", rank=6),
)
#: what is shown when it is asked for alone
_ON_REQUEST = frozenset({"weights", "biases"})
#: beside columns that were asked for these may go, the highest rank first
_ASKED = {"params": 3, "activations": 2}
_BAR = 20
_NUMBERS = 5  #: so many columns as wide as the largest number leave room for exact ones
#: the colours of lines beside an earlier version
_MARKS = {"+": "help", "~": "note", "was": "dim", "-": "warning"}
_KEPT = 20_000  #: rows that are kept; those of a longer table are made twice: to measure, to print
_ALIKE = 1000  #: different lines whose texts are kept for those that are equal
_MANY = 300  #: from here on a table is plain: numbers as they are, no bars


def layer_table(net: NetView, palette: Palette, expand: bool = False) -> Iterator[str]:
    """A line a layer or block; one convention's counts take the place of the MACs."""
    analysis, extras = net.analysis, net.extras
    asked = tuple(named(name, "text") for name in extras.columns)
    im2col = extras.im2col or "im2col" in (*asked, named(extras.sort, "text"))
    lines = net.lines(expand or im2col)
    workspaces = net.im2col if im2col else []
    columns = _columns(asked, net.columns, im2col)
    exact = palette.width is None or palette.width >= max(110, _NUMBERS * _digits(analysis.totals))
    total = analysis.totals.activations if len(lines) <= _MANY else None
    settings, none = analysis.settings, "0" if asked else ""
    separately = not _ON_REQUEST.isdisjoint(name for name, _ in columns)

    alike: dict[tuple[object, ...], dict[str, str]] = {}

    def cells(line: TableLine) -> dict[str, str]:
        """A new dictionary; all but the name and the field is worked out once for equal lines."""
        found = alike.get(key := line[2:])
        if found is None:
            found = of_line(line)
            if len(alike) < _ALIKE:
                alike[key] = found
        return {**found, "layer": line.name, "field": line.field}

    def of_line(line: TableLine) -> dict[str, str]:
        found = _cells(line, settings.batch, exact, none)
        if separately:
            found["weights"] = _number(line.weights, exact) or none
            found["biases"] = _number(line.biases, exact) or none
        if total is not None:
            found["share"] = palette.bar(line.counted, total, _BAR)
        for number, own in enumerate(line.counts):
            found[f"{number}"] = _number(own, exact)
        return found

    roles: Iterable[str] = repeat("")
    if net.before is not None:
        from convcalc.report.analysis.since import headed, marked  # for `watch` alone

        compared = marked(net.before.lines(expand), lines, cells)
        roles = [_MARKS.get(one.mark) or _role(one.line) for one in compared]
        rows: Sequence[dict[str, str]] = headed(compared)
    else:
        order: Sequence[int] = range(len(lines))
        if extras.sort:
            order = sorted_lines(lines, workspaces, extras.sort)

        def row(place: int) -> dict[str, str]:
            found = cells(lines[order[place]])
            if im2col:
                found["im2col"] = _bytes(workspaces[order[place]])
            return found

        if palette.colour:  # without it nobody looks at them
            roles = (_role(lines[index]) for index in order)
        rows = Lazy(len(order), row)
    names = [name for name, _ in columns]
    texts: Sequence[list[str]] = Lazy(len(rows), lambda i: _chosen(rows[i], names))
    if len(texts) <= _KEPT:
        texts = [*texts]
    left: list[str] = []
    table = laid_out([column for _, column in columns], texts, palette, left)
    yield next(table)
    for text, role in zip(table, roles, strict=False):
        yield palette.paint(text, role) if role else text
    yield from said_of(left, palette)


def _digits(totals: Totals) -> int:
    """Columns that the largest number takes."""
    return max(len(f"{n or 0:,}") for n in (totals.activations, totals.params, totals.macs))


def _chosen(cells: dict[str, str], names: list[str]) -> list[str]:
    return [cells.get(name, "") for name in names]


def _role(line: TableLine) -> str:
    """The colour of a line; '' for none."""
    if line.at_fault:
        return "error"
    return "dim" if line.in_place or line.broken else ""  # what merely follows an error steps back


def _columns(
    asked: tuple[str, ...], counts: "tuple[ToolCount, ...]", im2col: bool
) -> list[tuple[str, Column]]:
    """The columns by their names, those of conventions by their numbers."""
    known = dict(zip(TEXT, _COLUMNS, strict=True))
    own = [(f"{i}", Column(one.convention.label, right=True)) for i, one in enumerate(counts)]
    if asked:
        return [*((name, known[name]._replace(rank=0)) for name in asked), *own]
    found: list[tuple[str, Column]] = []
    for name, column in known.items():
        if name in _ON_REQUEST or (name == "macs" and len(counts) == 1):
            found += own if name == "macs" else []
            continue
        if (len(counts) > 1 or im2col) and name in {"what", "activations", "params"}:
            ranked = column._replace(rank=column.rank or _ASKED.get(name, 0))
            found.append((name, ranked))
        else:
            found.append((name, column))
        found += own if name == "macs" else []
    return found


def _cells(line: TableLine, batch: int, exact: bool, none: str) -> dict[str, str]:
    """A line's texts but its name and field, the memory of a batch; `none` is a zero."""
    written_output = written(line.output) if line.output else "error" if line.at_fault else "?"
    in_place = line.in_place and not line.broken
    return {
        "what": f"{line.copies} x {line.what}" if line.copies > 1 else line.what,
        "output": written_output,
        "activations": "in place" if in_place else _number(line.activations, exact) or none,
        "params": _number(line.params, exact) or none,
        "macs": _number(line.macs, exact) or none,
        "memory": size(line.memory * batch) if line.counted else "",
    }


def _number(number: int | None, exact: bool) -> str:
    if number is None:
        return "?"
    if not number:
        return ""
    return f"{number:,}" if exact else count(number)


def _bytes(number: int | None) -> str:
    return "?" if number is None else size(number) if number else ""
