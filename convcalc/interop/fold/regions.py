"""Regions: sequences that read each other's ends by name, and merges that do so inside one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.interop.fold.tree import Call, Element, Key, Read, Slot
from convcalc.layers.base import Layer

#: the slot of a volume that is read by name inside a region: it is written from the element itself
INSIDE = Read("")


class Join(Element):
    """A merge in a sequence: it reads the element before it, and others by name."""

    __slots__ = ("at", "layer", "others")

    def __init__(
        self, node: int, layer: Layer, at: int, others: tuple[Read, ...], channels: int
    ) -> None:
        super().__init__((node,), channels)
        self.layer = layer
        #: the position of the element before it among its inputs
        self.at = at
        self.others = others

    def make_key(self) -> Key:
        return ("join", self.layer, self.at, len(self.others))

    def make_slots(self) -> Iterator[Slot]:
        for other in self.others:
            yield Slot("from", other, self.channels)


def reads_of(element: Element) -> list[int | str]:
    """The volumes that an element of a region reads by name."""
    values = element.others if isinstance(element, Join) else ()
    if isinstance(element, Call):
        values = tuple(value for value in element.values if isinstance(value, Read))
    return [read.volume for read in values]


class RepeatedRun(NamedTuple):
    """A sequence inside a region, and what its first element reads."""

    elements: list[Element]
    reads: tuple[int | str, ...]
    """The nodes that make it; -1 for what comes before the region; or names of inputs."""
    ends: tuple[tuple[int, str], ...] = ()
    """Where it is a call of a block with several outputs: their nodes and names."""

    @property
    def end(self) -> int:
        """The node whose volume comes last."""
        return self.elements[-1].nodes[-1]

    @property
    def volumes(self) -> list[int | str]:
        """All that it reads: its first element, then each that reads by name."""
        return [*self.reads, *(v for element in self.elements for v in reads_of(element))]


class Region(Element):
    """Sequences between one entry and one exit that are no branches: each reads others by name."""

    __slots__ = ("runs",)

    def __init__(self, runs: list[RepeatedRun], channels: int) -> None:
        elements = [element for run in runs for element in run.elements]
        nodes = tuple(node for element in elements for node in element.nodes)
        depth = max((element.depth for element in elements), default=0)
        levels = 1 + max((element.levels for element in elements), default=0)
        super().__init__(nodes, channels, depth, levels)
        self.runs = runs

    @property
    def named(self) -> bool:
        """Whether what comes before is read by several: an `identity` gives it a name."""
        before = [run for run in self.runs if -1 in run.volumes]
        return len(before) > 1 or any(
            run.reads != (-1,) or run.volumes.count(-1) > 1 for run in before
        )

    def makers(self) -> dict[int | str, tuple[int, str]]:
        """The sequence that makes each volume, and what that calls it."""
        found: dict[int | str, tuple[int, str]] = {}
        for at, run in enumerate(self.runs):
            found |= {node: (at, name) for node, name in run.ends}
            found[run.end] = at, ""
        return found

    def make_key(self) -> Key:
        made = self.makers()
        runs = []
        for run in self.runs:
            wiring = tuple(made.get(v, v) for v in run.volumes)
            runs.append((tuple(e.key for e in run.elements), len(run.reads), wiring))
        return ("region", tuple(runs))

    def make_slots(self) -> Iterator[Slot]:
        for run in self.runs:
            for element in run.elements:
                for slot in element.slots:
                    inside = slot.role == "from"
                    yield slot._replace(role="inside", value=INSIDE) if inside else slot

    def sequences(self) -> Iterator[list[Element]]:
        for run in self.runs:
            yield run.elements


def regions(root: Element) -> Iterator[Region]:
    """All regions in an element, inner ones first, of several sequences."""
    for sequence in root.sequences():
        for element in sequence:
            yield from regions(element)
    if isinstance(root, Region) and len(root.runs) > 1:
        yield root


def lists(root: Element) -> Iterator[list[Any]]:
    """All lists in an element that folding changes: sequences, and those of regions."""
    if isinstance(root, Region):
        yield root.runs
    for sequence in root.sequences():
        yield sequence
        for element in sequence:
            yield from lists(element)
