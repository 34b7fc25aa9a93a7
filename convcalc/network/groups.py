"""A network's layers by their dotted names: blocks within blocks, as PyTorch's modules nest."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from sys import intern
from typing import NamedTuple

from convcalc.network.place import Mark
from convcalc.network.record import INPUT, Network, Step


class Group:
    """Layers whose names begin alike: a block call, or all of the net."""

    def __init__(self, path: str | None, call: Mark | None = None) -> None:
        self.path = path or ""
        self.top = path is None
        """Whether it is the net itself."""
        self.mark = call
        """Where a spec calls the block; None where only names group its layers."""
        self.block: str = getattr(call, "text", "")
        self.children: dict[str, Group | int] = {}
        """By names that code can tell apart: none is empty, none is that of two."""

    @property
    def name(self) -> str:
        """Its own part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def base(self) -> str:
        """The block that it calls, else its own name without a number."""
        return self.block or re.sub(r"_?\d+$", "", self.name) or "block"

    @cached_property
    def steps(self) -> Sequence[int]:
        """The steps inside, in order; of neighbours, as calls of blocks are, only the ends."""
        found: list[int] = []
        for child in self.children.values():
            found += child.steps if isinstance(child, Group) else [child]
        first, behind = min(found, default=0), max(found, default=-1) + 1
        return range(first, behind) if behind - first == len(found) else sorted(found)

    def rename(self) -> None:
        """Give the children their names in code, those of layers first: they are keys of weights.

        A layer may have the name of a block, and a part of a name may be empty (``a..b``).
        """
        children = self.children
        if "" not in children and all(isinstance(child, int) for child in children.values()):
            return  # a long net's layers have their own names
        found: dict[str, Group | int] = {}
        for key, child in children.items():
            word = key.removesuffix(".")
            name = word or "_"
            if isinstance(child, Group):
                child.rename()
            if name != word or (isinstance(child, Group) and name in children):
                while name in children or f"{name}." in children or name in found:
                    name = f"{name}_"
            found[name] = child
        self.children = found


def grouped(network: Network) -> Group:
    """The layers of a network as a tree of names."""
    root = Group(None)
    for index, step in enumerate(network.steps):
        if step.kind == INPUT:
            continue
        calls = dict(zip(step.units, reversed(step.place.calls), strict=False))
        *outer, last = step.name.split(".")
        at = root
        for word in outer:
            # a group's key ends with a dot, which no name of a layer has, until all are known
            child = at.children.get(f"{word}.")
            if not isinstance(child, Group):
                path = word if at.top else f"{at.path}.{word}"
                child = at.children[f"{word}."] = Group(path, calls.get(path))
            at = child
        at.children[intern(last)] = index  # calls of a block have the same
    root.rename()
    return root


class Border(NamedTuple):
    """What crosses the border of a group."""

    sources: tuple[int, ...]
    """The steps outside that it reads."""
    given: tuple[int, ...]
    """Its steps that are read outside."""
    shared: tuple[int, ...]
    """Its steps whose weights are those of a step outside, or the other way round."""


class Edges:
    """Who reads what across the border of a group."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.readers = network.readers()
        self.owners = network.owners()
        self.sharing: dict[int, list[int]] = {}
        """By each layer whose weights others name, those others."""
        for index, step in enumerate(network.steps):
            if step.shares is not None:
                self.sharing.setdefault(step.shares, []).append(index)
        self.borders: dict[Group, Border] = {}

    def border(self, group: Group) -> Border:
        """What crosses the border of a group: of the groups in it only what leaves them."""
        known = self.borders.get(group)
        if known is not None:
            return known
        inside: Collection[int] = group.steps
        inside = inside if isinstance(inside, range) else frozenset(inside)
        steps = self.network.steps
        sources: set[int] = set()
        given: set[int] = set()
        shared: set[int] = set()
        for child in group.children.values():
            if isinstance(child, Group):
                inner = self.border(child)
                sources.update(inner.sources)
                given.update(inner.given)
                shared.update(inner.shared)
            else:
                sources.update(_reads(steps[child]))
                given.add(child)
                shared.add(child)
        found = self.borders[group] = Border(
            tuple([source for source in sources if source not in inside]),
            tuple([one for one in given if self._leaves(self.readers[one], inside)]),
            tuple([one for one in shared if self._leaves(self._sharers(one), inside)]),
        )
        return found

    def _sharers(self, index: int) -> Sequence[int]:
        """The steps that a step names for its weights, or that name it."""
        named = self.network.steps[index].shares
        others = self.sharing.get(index, ())
        return others if named is None else (*others, named)

    def _leaves(self, others: Iterable[int], inside: Collection[int]) -> bool:
        return any(other not in inside for other in others)

    def entry(self, group: Group) -> int | None:
        """The one step outside that a group reads; None where it reads several."""
        found = self.border(group).sources
        return found[0] if len(found) == 1 else None

    def exit(self, group: Group) -> int | None:
        """The one step of a group that is read outside; None where there are several."""
        found = self.border(group).given
        return found[0] if len(found) == 1 else None

    def closed(self, group: Group) -> bool:
        """Whether a group is a module: one volume in, one out, all weights its own."""
        if self.border(group).shared:
            return False
        entry = self.entry(group)
        # whatever it reads must be there before its first layer runs
        return entry is not None and entry < group.steps[0] and self.exit(group) is not None


def _reads(step: Step) -> tuple[int, ...]:
    return step.inputs if step.like is None else (*step.inputs, step.like)
