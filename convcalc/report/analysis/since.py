"""A table's lines beside those of an earlier version of the net: what came, changed and went."""

from collections.abc import Callable, Hashable, Sequence

from convcalc.network.aligned import aligned
from convcalc.records import NamedTuple
from convcalc.report.analysis.fold import TableLine

ADDED, CHANGED, WAS, REMOVED, SAME = "+", "~", "was", "-", ""

#: Layers are found again by all that they are, by their words, by their names, by their kind.
_KEYS: tuple[Callable[[TableLine], Hashable], ...] = (
    lambda line: (line.name, line.what),
    lambda line: line.what,
    lambda line: line.name,
    lambda line: line.what.partition(" ")[0],
)

Cells = dict[str, str]

#: cells that say where a line is in its table rather than what it is
_OF_THE_TABLE = frozenset({"layer", "share"})


class Marked(NamedTuple):
    """A line of the table, and how it came to be there."""

    mark: str
    line: TableLine
    cells: Cells


def marked(
    old: Sequence[TableLine], new: Sequence[TableLine], cells: Callable[[TableLine], Cells]
) -> list[Marked]:
    """The new lines in their order; under a changed one what it was, where one went what is gone.

    A line `WAS` has only the cells that are other now: a name that follows from numbering is not.
    """
    pairs = {j: i for i, j in aligned(old, new, _KEYS).items()}
    gone = [i for i in range(len(old)) if i not in pairs.values()]
    found: list[Marked] = []
    for j, line in enumerate(new):
        i = pairs.get(j)
        if i is not None:
            found += [_of(REMOVED, old[k], cells) for k in gone if k < i]
            gone = [k for k in gone if k > i]
        now = cells(line)
        before = {} if i is None else cells(old[i])
        differs = {name: text for name, text in before.items() if text != now.get(name)}
        differs = {name: text for name, text in differs.items() if name not in _OF_THE_TABLE}
        if i is not None and differs:
            found += [Marked(CHANGED, line, now), Marked(WAS, old[i], _was(differs))]
        else:
            found.append(Marked(ADDED if i is None else SAME, line, now))
    return found + [_of(REMOVED, old[k], cells) for k in gone]


def _of(mark: str, line: TableLine, cells: Callable[[TableLine], Cells]) -> Marked:
    return Marked(mark, line, cells(line))


def _was(differs: Cells) -> Cells:
    """What a line was; `none` where it had nothing."""
    return {"layer": WAS, **{name: text or "none" for name, text in differs.items()}}


def headed(lines: Sequence[Marked]) -> list[Cells]:
    """Their cells, the name behind the mark; without marks as they are."""
    if all(line.mark == SAME for line in lines):
        return [line.cells for line in lines]
    return [
        {**line.cells, "layer": f"{'' if line.mark == WAS else line.mark:1} {line.cells['layer']}"}
        for line in lines
    ]
