"""Layers that were right: a repair of words leaves them as they are.

A wrong value in one call of a block is no reason to change what the other calls make.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable

from convcalc.fix.moved import Moved
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node
from convcalc.tree.reader import read

#: where the kind and the calls around it are written, and the how many-th layer of that place
At = tuple[tuple[int, ...], int]


def altered(edits: Iterable[Edit], old: Network, new: Network) -> bool:
    """Whether a layer that was right has another kind, other options or other inputs after edits.

    Not counted: numbers worked out from what arrives, where other volumes arrive, and an entry or
    a call that an edit rewrites because of what is wrong in it, if all its copies could be read.
    """
    edits = [*edits]
    entries: _Entries | None = None
    before, after = _Places(old, Moved(edits).on), _Places(new)
    unread = {id(step.place.kind) for step in old.steps if step.layer is None}
    for index, step in enumerate(old.steps):
        at = None if step.layer is None else after.step(before.place(index))
        other = None if at is None else new.steps[at]
        if step.layer is None or other is None or other.layer is None:
            continue
        kind = step.place.kind
        if len(step.inputs) != len(other.inputs):
            entries = entries or _Entries(old, edits)
            if isinstance(kind, Node) and entries.branches_again(kind):
                continue
            return True
        if id(kind) in unread:  # an edit for a copy of it that could not be read
            now = [after.place(at) for at in other.inputs]
            reads = [before.place(at) if _is_read(old.steps[at]) else None for at in step.inputs]
            pairs = zip(reads, now, strict=True)
            if any(one and one != two and before.has(two) for one, two in pairs):
                return True
        if step.layer == other.layer or _arrives(old, step) not in {None, _arrives(new, other)}:
            continue
        entries = entries or _Entries(old, edits)
        around = [mark for mark in (kind, *step.place.calls) if isinstance(mark, Node)]
        if id(kind) in unread or not any(map(entries.rewritten, around)):
            return True
    return False


def _is_read(step: Step) -> bool:
    """Whether a layer could be read."""
    return step.layer is not None or step.kind == INPUT


class _Places:
    """Where the layers of a net are written, in columns: a repeat makes very many of one place."""

    def __init__(self, network: Network, moved: Callable[[int], int] = lambda at: at) -> None:
        """With places as `moved` says, such as after edits."""
        editor = Editor(network.source)
        groups: dict[tuple[int, ...], int] = {}
        known: dict[int, int] = {}
        self._steps: list[array[int]] = []
        """Of each place its layers in order."""
        self._group, self._number = array("i"), array("i")
        """Of each layer its place, or -1, and the how many-th it is there."""
        for index, step in enumerate(network.steps):
            group = known.get(id(step.place))
            if group is None:
                group, marks = -1, (step.place.kind, *step.place.calls)
                nodes = [mark for mark in marks if isinstance(mark, Node)]
                if len(nodes) == len(marks):
                    group = groups.setdefault(tuple(map(editor.start, nodes)), len(groups))
                    if group == len(self._steps):
                        self._steps.append(array("i"))
                known[id(step.place)] = group
            self._group.append(group)
            self._number.append(0)
            if group >= 0:
                self._steps[group].append(index)
                self._number[index] = len(self._steps[group])
        self._places = [tuple(map(moved, starts)) for starts in groups]
        self._groups: dict[tuple[int, ...], int] = {}
        for group, place in enumerate(self._places):  # edits may make one place of several
            first = self._groups.setdefault(place, group)
            if len(self._steps[group]) > len(self._steps[first]):
                self._groups[place] = group

    def place(self, index: int) -> At | None:
        """Where a layer is written; None where that is no text."""
        group = self._group[index]
        return None if group < 0 else (self._places[group], self._number[index])

    def step(self, at: At | None) -> int | None:
        """The layer of a place; None where there is none."""
        group = None if at is None else self._groups.get(at[0])
        if at is None or group is None or at[1] > len(self._steps[group]):
            return None
        return self._steps[group][at[1] - 1]

    def has(self, at: At | None) -> bool:
        """Whether there is a layer at a place."""
        return self.step(at) is not None


def _arrives(network: Network, step: Step) -> object:
    """The volume that a layer reads first; None where that is not known."""
    return network.steps[step.inputs[0]].output if step.inputs else None


class _Entries:
    """The entries of a file, some of which edits rewrite."""

    def __init__(self, network: Network, edits: Iterable[Edit]) -> None:
        root, _ = read(network.source, TRUSTED)
        self.editor, self.of = Editor(network.source), entry_of(root)
        self.starts = sorted(edit.start for edit in edits)
        again = (f.related[0].span for f in network.findings if f.code == "CC003" and f.related)
        self.again = {self.editor.offset(span.line, span.column) for span in again}

    def branches_again(self, kind: Node) -> bool:
        """Whether the branches of a merge are given twice, of which only the first were read."""
        entry = self.of.get(kind.start)
        values = [value for _, value in entry.entries.values()] if entry else []
        given = [value.entries.get("branches") for value in values if isinstance(value, Mapping)]
        return any(pair is not None and self.editor.start(pair[0]) in self.again for pair in given)

    def rewritten(self, kind: Node) -> bool:
        """Whether there is an edit in the entry of a kind."""
        entry = self.of.get(kind.start, kind)
        past = bisect_left(self.starts, self.editor.start(entry))
        return past < len(self.starts) and self.starts[past] <= self.editor.end(entry)
