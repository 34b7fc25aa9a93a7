"""The entries of a net as nested values; names only where they are read."""

from collections.abc import Iterator, Mapping
from typing import Any

from convcalc.interop.fold.arguments import Condition
from convcalc.interop.fold.leaf import leaf, mapping, said
from convcalc.interop.fold.lines import Tree, flow, value_text
from convcalc.interop.fold.regions import INSIDE, Join, Region, RepeatedRun, reads_of
from convcalc.interop.fold.tree import Call, Element, Hole, Leaf, Merge, Read

Exprs = Iterator[Any]


class Writer:
    """Writes the entries of a net, as nested values first, then as lines."""

    def __init__(self, given: Mapping[int, str]) -> None:
        """`given` are the names of nodes that have one in the source: outputs of the net."""
        self.names = 0
        self.given = given
        self.outputs: dict[int, str] = {}
        """The nodes that a net gives back and their names, but for a last one that comes last."""
        #: what the volumes of the regions that are being written are called, the innermost last
        self.known: list[dict[int | str, str]] = []

    def sequence(self, found: list[Element], exprs: Exprs | None) -> list[Tree]:
        """Elements one after another, equal neighbours as one with `times`."""
        entries: list[Tree] = []
        counts: list[int] = []
        for element in found:
            if isinstance(element, Join):
                entry = [self.join(element, exprs, entries)]
            else:
                entry = self.element(element, exprs)
            for part in entry:
                if entries and part == entries[-1] and not _named(part):
                    counts[-1] += 1
                else:
                    entries.append(part)
                    counts.append(1)
        return [_times(e, n) for e, n in zip(entries, counts, strict=True)]

    def element(self, element: Element, exprs: Exprs | None) -> list[Tree]:
        """One element: one entry, of a region several."""
        match element:
            case Leaf():
                return [leaf(element, exprs)]
            case Merge():
                return [self.merge(element, exprs)]
            case Call():
                return [self.call(element, exprs)]
            case Region():
                return self.region(element, exprs)
        raise TypeError(type(element))

    def join(self, join: Join, exprs: Exprs | None, entries: list[Tree]) -> Tree:
        """A merge of the entry before it, which gets a name, and others."""
        before = mapping(entries[-1])
        name = before.get("name") or self.new_name()
        entries[-1] = {**before, "name": name}
        sources = [self.read(other, exprs) for other in join.others]
        sources.insert(join.at, name)
        return {join.layer.kind: said(join.layer), "from": sources}

    def read(self, own: Read, exprs: Exprs | None) -> str:
        """The name of a volume, or the argument that has it."""
        given = next(exprs) if exprs is not None else own
        if isinstance(given, str):
            return given
        return self.known[-1].get(own.volume, str(own.volume))

    def merge(self, merge: Merge, exprs: Exprs | None) -> Tree:
        """A merge with its branches."""
        hole = merge.hole
        branches: list[Tree] = []
        for i, branch in enumerate(merge.branches):
            if i == hole:
                given = next(exprs) if exprs is not None else Hole(branch)
                branches.append(self.shortcut(given))
            else:
                branches.append(self.sequence(branch, exprs))
        brief = [b[0] if isinstance(b, list) and len(b) == 1 else b for b in branches]
        return {merge.layer.kind: {**said(merge.layer), "branches": brief}}

    def shortcut(self, given: Any) -> Tree:
        """The short branch: nothing, layers, layers under a condition, or an argument."""
        if isinstance(given, Hole):
            return self.sequence(given.elements, None)
        if isinstance(given, str):
            return given
        assert isinstance(given, Condition), "a shortcut is one of these"
        entries = self.sequence(given.elements, iter(given.exprs))
        if not given.when:
            return entries
        if len(entries) == 1 and isinstance(entries[0], dict) and "times" not in entries[0]:
            return [{**entries[0], "when": given.when}]
        return [{"repeat": {"times": 1, "layers": entries}, "when": given.when}]

    def call(self, call: Call, exprs: Exprs | None) -> Tree:
        """A call of a block; arguments by position, those at their defaults left out."""
        values = []
        for value in call.values:
            expr = next(exprs) if exprs is not None else value
            values.append(value if expr == INSIDE else expr)
        given: list[Any] = []
        for (_, default), value in zip(call.block.params, values, strict=True):
            given.append((value, default is not None and value == default))
        while given and given[-1][1]:
            given.pop()
        if not given:
            return call.block.name
        listed = [self.value(value) for value, _ in given]
        if len(listed) == 1 and not flow(listed[0]).startswith("["):
            return {call.block.name: listed[0]}
        return {call.block.name: listed}

    def value(self, value: Any) -> Tree:
        """An argument: a number, a list of numbers, a formula, layers."""
        if isinstance(value, Hole):
            return self.sequence(value.elements, None)
        if isinstance(value, Condition):
            return self.shortcut(value)
        if isinstance(value, Read):
            return self.read(value, None)
        return value_text(value)

    def region(
        self,
        region: Region,
        exprs: Exprs | None,
        outputs: tuple[int, ...] = (),
        known: dict[int | str, str] | None = None,
    ) -> list[Tree]:
        """Sequences that read each other by name; those that end in an output have one too.

        Args:
            region: the sequences.
            exprs: what is written in place of its numbers.
            outputs: nodes that are read from outside, in the order in which a net gives them.
            known: names of volumes outside, and those that inner ones have to have.
        """
        names = {} if known is None else known
        self.known.append(names)
        entries: list[Tree] = []
        if -1 not in names and region.named:
            names[-1] = self.new_name()
            entries.append({"identity": {}, "name": names[-1]})
        ends = [end for run in region.runs for end in (run.end, *dict(run.ends))]
        last = region.runs[-1].end
        ordered = known is not None or outputs[-1:] in ((), (last,))
        unnamed = {last} - self.given.keys() if ordered else set()
        found = [node for node in ends if node in outputs and node not in unnamed]
        wanted = {*found, *_read_by_name(region)}
        before = -1
        for run in region.runs:
            made = self.sequence(run.elements, exprs)
            if run.reads and run.reads != (before,):
                made[0] = self.reading(made[0], run.reads, not entries)
            if wanted & {run.end, *dict(run.ends)}:
                if run.end in self.given:
                    made = _last_apart(made)
                made[-1] = self.named(made[-1], run)
            entries += made
            before = run.end
        self.outputs = {node: names[node] for node in found}
        self.known.pop()
        return entries

    def reading(self, first: Tree, reads: tuple[int | str, ...], alone: bool) -> Tree:
        """The first entry of a sequence with what it reads, where that is not the one before it."""
        sources = [self.read(Read(volume), None) for volume in reads]
        if alone and sources == ["input"]:
            return first
        entry = mapping(first)
        if "times" in entry:  # the repetition reads it, not each turn
            turn: Tree = {k: v for k, v in entry.items() if k != "times"}
            entry = {"repeat": {"times": entry["times"], "layers": [turn]}}
        several = len(sources) > 1 or _is_merge(first)
        return {**entry, "from": sources if several else sources[0]}

    def named(self, last: Tree, run: RepeatedRun) -> Tree:
        """The last entry of a sequence with a name, by which others read it."""
        names = self.known[-1]
        entry = mapping(last)
        given = self.given.get(run.end)
        name = entry.get("name") or names.get(run.end) or given or self.new_name()
        names[run.end] = name
        names.update((node, f"{name}.{inner}") for node, inner in run.ends if node != run.end)
        return {**entry, "name": name}

    def new_name(self) -> str:
        """A short name of its own."""
        self.names += 1
        while f"v{self.names}" in self.given.values():
            self.names += 1
        return f"v{self.names}"


def _read_by_name(region: Region) -> set[int | str]:
    """The volumes that are read by others than the sequence that comes next."""
    found: set[int | str] = set()
    before = -1
    for run in region.runs:
        if run.reads != (before,):
            found.update(run.reads)
        for element in run.elements:
            found.update(reads_of(element))
        before = run.end
    return found


def _named(entry: Tree) -> bool:
    return isinstance(entry, dict) and any(key in entry for key in ("name", "from", "weights"))


def _is_merge(entry: Tree) -> bool:
    from convcalc.layers import BY_NAME

    kind = next(iter(mapping(entry)))
    return kind in BY_NAME and BY_NAME[kind].merges


def _last_apart(entries: list[Tree]) -> list[Tree]:
    """Entries whose last is made once: `times` would number its name."""
    last = mapping(entries[-1])
    turns = int(last.get("times", "1"))
    if turns == 1:
        return entries
    once = {key: value for key, value in last.items() if key != "times"}
    before: Tree = next(iter(once)) if list(once.values()) == [{}] else once
    return [*entries[:-1], _times(before, turns - 1), once]


def _times(entry: Tree, count: int) -> Tree:
    return entry if count == 1 else {**mapping(entry), "times": str(count)}
