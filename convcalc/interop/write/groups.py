"""A network's layers by their dotted names: blocks within blocks, as PyTorch's modules nest."""

import re

from convcalc.network.place import Mark
from convcalc.network.record import INPUT, Network, Step
from convcalc.tree.nodes import Scalar


class Group:
    """Layers whose names begin alike: a block call, or all of the net."""

    def __init__(self, path: str, call: Mark | None = None) -> None:
        self.path = path
        self.mark = call
        """Where a spec calls the block; None where only names group its layers."""
        self.block = call.text if isinstance(call, Scalar) else ""
        self.children: dict[str, Group | int] = {}

    @property
    def name(self) -> str:
        """Its own part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def base(self) -> str:
        """The block that it calls, else its own name without a number."""
        return self.block or re.sub(r"_?\d+$", "", self.name) or "block"

    def steps(self) -> list[int]:
        """The steps inside, in order."""
        found: list[int] = []
        for child in self.children.values():
            found += child.steps() if isinstance(child, Group) else [child]
        return sorted(found)


def grouped(network: Network) -> Group:
    """The layers of a network as a tree of names."""
    root = Group("")
    taken: set[str] = set()
    for index, step in enumerate(network.steps):
        if step.kind == INPUT:
            continue
        calls = dict(zip(step.units, reversed(step.place.calls), strict=False))
        parts = step.name.split(".")
        at = root
        for word in parts[:-1]:
            # a layer may have the name of a block: it stays, beside it
            part = f"{word}_" if isinstance(at.children.get(word), int) else word
            child = at.children.get(part)
            if not isinstance(child, Group):
                path = f"{at.path}.{part}" if at.path else part
                child = at.children[part] = Group(path, calls.get(path))
            at = child
        last = parts[-1]
        while last in at.children:
            last = f"{last}_"
        at.children[last] = index
        taken.add(step.name)
    return root


class Edges:
    """Who reads what across the border of a group."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.readers = network.readers()

    def entry(self, group: Group) -> int | None:
        """The one step outside that a group reads; None where it reads several."""
        inside = set(group.steps())
        steps = self.network.steps
        found = {
            source for index in inside for source in _reads(steps[index]) if source not in inside
        }
        return found.pop() if len(found) == 1 else None

    def exit(self, group: Group) -> int | None:
        """The one step of a group that is read outside; None where there are several."""
        inside = set(group.steps())
        found = {
            index for index in inside if any(reader not in inside for reader in self.readers[index])
        }
        return found.pop() if len(found) == 1 else None

    def closed(self, group: Group) -> bool:
        """Whether a group is a module: one volume in, one out, all weights its own."""
        inside = set(group.steps())
        steps = self.network.steps
        for index, step in enumerate(steps):
            if step.shares is not None and (index in inside) != (step.shares in inside):
                return False
        first = min(inside)
        entry = self.entry(group)
        # whatever it reads must be there before its first layer runs
        return entry is not None and entry < first and self.exit(group) is not None


def _reads(step: Step) -> tuple[int, ...]:
    return step.inputs if step.like is None else (*step.inputs, step.like)
