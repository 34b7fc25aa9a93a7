"""Layers that were right: a repair of words leaves them as they are.

A wrong value in one call of a block is no reason to change what the other calls make.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

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
    moved = Moved(edits)
    entries: _Entries | None = None
    before = {at: (tuple(map(moved.on, places)), n) for at, (places, n) in _places(old)}
    after = dict(_places(new))
    later = {place: new.steps[at] for at, place in after.items()}
    known = {*before.values()}
    unread = {id(step.place.kind) for step in old.steps if step.layer is None}
    for index, place in before.items():
        step, other = old.steps[index], later.get(place)
        if step.layer is None or other is None or other.layer is None:
            continue
        kind = step.place.kind
        if len(step.inputs) != len(other.inputs):
            entries = entries or _Entries(old, edits)
            if isinstance(kind, Node) and entries.branches_again(kind):
                continue
            return True
        if id(kind) in unread:  # an edit for a copy of it that could not be read
            now = [after.get(at) for at in other.inputs]
            reads = [before.get(at) if _is_read(old.steps[at]) else None for at in step.inputs]
            pairs = zip(reads, now, strict=True)
            if any(one is not None and two in known and one != two for one, two in pairs):
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


def _places(network: Network) -> Iterator[tuple[int, At]]:
    """The layers' numbers with where they are written."""
    editor, known, times = Editor(network.source), dict[int, int](), dict[tuple[int, ...], int]()
    for index, step in enumerate(network.steps):
        marks = (step.place.kind, *step.place.calls)
        places: list[int] = []
        for mark in marks:
            if isinstance(mark, Node):
                if mark.start not in known:
                    known[mark.start] = editor.start(mark)
                places.append(known[mark.start])
        if len(places) < len(marks):
            continue
        place = tuple(places)
        number = times[place] = times.get(place, 0) + 1
        yield index, (place, number)


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
