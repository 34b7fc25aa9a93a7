"""All volumes of a forward pass in one block of memory, as runtimes on small devices plan it.

Every volume gets a fixed offset; volumes that never live at the same time may share bytes. Greedy
by size (Pisarchyk & Lee 2020, arXiv:2001.03288, section 5), as TFLite plans: the largest first,
each in the smallest gap that is large enough among those already placed that live at the same
time. Where that leaves gaps, the volumes are also placed by size times lifetime, and the smaller
plan is taken (a U-Net's shrinks by a third). Weights are kept apart, as they are in flash; kernels'
scratch is not planned. The input's place is free again after its last reader.
"""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.memory.taken import Taken

#: Stretches of addresses that are looked at in one order of the volumes: some 5 seconds. Nets in
#: which 7,000 volumes of any sizes live at once take as many, those that people make a thousandth.
MOST_STEPS = 20_000_000


class Slot(NamedTuple):
    """Where a volume lies, and while which layers run: `first` to `last`, inclusive."""

    step: int
    """The layer that makes it."""
    offset: int
    size: int
    first: int
    last: int


class PlanError(ValueError):
    """So many volumes of different sizes live at once that a plan takes too long."""

    def __init__(self, volumes: list[Slot], layers: int) -> None:
        most = max(live_bytes((volume._replace(size=1) for volume in volumes), layers))
        super().__init__(
            f"no plan into one block: {most:,} of {len(volumes):,} volumes live at once, and their "
            f"places were not found within {MOST_STEPS:,} comparisons; `convcalc analyze "
            "--timeline` shows the bytes that live at once, and no plan takes less"
        )


class Arena(NamedTuple):
    """A plan."""

    size: int
    """Bytes of the block."""
    bound: int
    """The most bytes that live at once: no plan is smaller."""
    by_size: int
    """Bytes of the block that greedy by size alone plans."""
    places: tuple[Slot, ...]
    """In the order of the layers."""


def plan(analysis: Analysis) -> Arena:
    """The plan for a network that could be sized.

    Raises:
        PlanError: that takes too long.
    """
    volumes, layers = _lifetimes(analysis), len(analysis.rows)
    volumes.sort(key=lambda volume: (-volume.size, volume.first))
    places = _placed(volumes, layers)
    size = by_size = _end(places)
    bound = max(live_bytes(places, layers))
    if by_size > bound:
        volumes.sort(key=lambda volume: -volume.size * (volume.last - volume.first + 1))
        others = _placed(volumes, layers)
        if _end(others) < by_size:
            places, size = others, _end(others)
    return Arena(size, bound, by_size, tuple(sorted(places, key=lambda place: place.step)))


def _placed(volumes: list[Slot], layers: int) -> list[Slot]:
    """The volumes with offsets, each placed after those before it in the list.

    Raises:
        PlanError: that takes too long.
    """
    taken, placed = Taken(layers), list[Slot]()
    for volume in volumes:
        size, first, last = volume.size, volume.first, volume.last
        offset = taken.gap(size, first, last)
        taken.take(offset, offset + size, first, last)
        placed.append(volume._replace(offset=offset))
        if taken.steps > MOST_STEPS:
            raise PlanError(volumes, layers)
    return placed


def _end(places: list[Slot]) -> int:
    return max(place.offset + place.size for place in places)


def live_bytes(places: Iterable[Slot], layers: int) -> list[int]:
    """Bytes of the volumes that live while each layer runs."""
    changes = [0] * (layers + 1)
    for place in places:
        changes[place.first] += place.size
        changes[place.last + 1] -= place.size
    return [*accumulate(changes)][:layers]


def _lifetimes(analysis: Analysis) -> list[Slot]:
    """Every volume with the layers that it lives through, not yet placed."""
    network, settings = analysis.network, analysis.settings
    width, after = settings.number_bytes * settings.batch, len(network.steps)
    storages = network.storages(analysis.shared_storage)
    until = network.lifetimes(storages, network.last_readers(range(after), network.outputs))
    return [
        Slot(step, 0, (row.activations or 0) * width, step, min(until[step], after - 1))
        for step, row in enumerate(analysis.rows)
        if storages[step] == step
    ]


def arena_batches(arena: Arena, memory: int) -> tuple[int, int, int]:
    """The largest batch within a memory: planned by size, planned best, of any plan at all.

    Volumes grow with the batch all alike, and so does the plan for one image.
    """
    return memory // arena.by_size, memory // arena.size, memory // arena.bound
