"""The entries of a net as nested values; names only where they are read."""

from collections.abc import Iterator
from typing import Any

from convcalc.interop.fold.arguments import Condition
from convcalc.interop.fold.leaf import leaf, mapping
from convcalc.interop.fold.lines import Tree, flow, value_text
from convcalc.interop.fold.tree import (
    Call,
    Element,
    Hole,
    Leaf,
    Merge,
    Region,
)

Exprs = Iterator[Any]


class Writer:
    """Writes the entries of a net, as nested values first, then as lines."""

    def __init__(self) -> None:
        self.names = 0
        self.outputs: list[str] = []

    def sequence(self, found: list[Element], exprs: Exprs | None) -> list[Tree]:
        """Elements one after another, equal neighbours as one with `times`."""
        entries: list[Tree] = []
        counts: list[int] = []
        for element in found:
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
        return {merge.layer.kind: {"branches": brief}}

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
        values = [next(exprs) if exprs is not None else value for value in call.values]
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
        return value_text(value)

    def region(
        self, region: Region, exprs: Exprs | None, outputs: tuple[int, ...] = ()
    ) -> list[Tree]:
        """Sequences that read each other by name; those that end in an output have one too."""
        ends = {run.elements[-1].nodes[-1]: at for at, run in enumerate(region.runs)}
        read = {ends[node] for node in outputs if node in ends} - {len(region.runs) - 1}
        self.outputs = [""] * len(read)
        first_read = set(read)
        for at, run in enumerate(region.runs):
            for source in run.reads:
                if isinstance(source, int) and (source != at - 1 or len(run.reads) > 1):
                    read.add(source)
        names: dict[int, str] = {}
        entries: list[Tree] = []
        if region.named:
            names[-1] = self.new_name()
            entries.append({"identity": {}, "name": names[-1]})
        for at, run in enumerate(region.runs):
            made = self.sequence(run.elements, exprs)
            first = made[0]
            plain = run.reads == (at - 1,)
            sources = (
                [] if plain else [names.get(s, s) if isinstance(s, int) else s for s in run.reads]
            )
            outside = sources == [-1]
            if sources and not outside and not (at == 0 and sources == ["input"]):
                several = len(sources) > 1 or _is_merge(first)
                listed = [str(source) for source in sources]
                entry = mapping(first)
                if "times" in entry:  # the repetition reads it, not each turn
                    alone: Tree = {k: v for k, v in entry.items() if k != "times"}
                    entry = {"repeat": {"times": entry["times"], "layers": [alone]}}
                made[0] = {**entry, "from": listed if several else listed[0]}
            if at in read:
                names[at] = self.new_name()
                if "name" not in mapping(made[-1]):
                    made[-1] = {**mapping(made[-1]), "name": names[at]}
                else:
                    names[at] = mapping(made[-1])["name"]
            entries += made
        if outputs:
            self.outputs = [names[at] for at in sorted(first_read)]
        return entries

    def new_name(self) -> str:
        """A short name of its own."""
        self.names += 1
        return f"v{self.names}"


def _named(entry: Tree) -> bool:
    return isinstance(entry, dict) and any(key in entry for key in ("name", "from", "weights"))


def _is_merge(entry: Tree) -> bool:
    from convcalc.layers import BY_NAME

    kind = next(iter(mapping(entry)))
    return kind in BY_NAME and BY_NAME[kind].merges


def _times(entry: Tree, count: int) -> Tree:
    return entry if count == 1 else {**mapping(entry), "times": str(count)}
