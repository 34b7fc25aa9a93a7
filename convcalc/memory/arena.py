"""All volumes of a forward pass in one block of memory, as runtimes on small devices plan it.

Every volume gets a fixed offset; volumes that never live at the same time may share bytes. Greedy
by size (Pisarchyk & Lee 2020, arXiv:2001.03288, section 5), as TFLite plans: the largest first,
each in the smallest gap that is large enough among those already placed that live at the same
time. Where that leaves gaps, the volumes are also placed by size times lifetime, and the smaller
plan is taken (a U-Net's shrinks by a third). Weights are kept apart, as they are in flash; kernels'
scratch is not planned. The input's place is free again after its last reader.
"""

from itertools import accumulate
from typing import NamedTuple

from convcalc.analysis.record import Analysis


class Slot(NamedTuple):
    """Where a volume lies, and while which layers run: `first` to `last`, inclusive."""

    step: int
    """The layer that makes it."""
    offset: int
    size: int
    first: int
    last: int


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
    """The plan for a network that could be sized."""
    volumes, layers = _lifetimes(analysis), len(analysis.rows)
    volumes.sort(key=lambda volume: (-volume.size, volume.first))
    places = _placed(volumes, layers)
    size = by_size = _end(places)
    bound = _bound(places, layers)
    if by_size > bound:
        volumes.sort(key=lambda volume: -volume.size * (volume.last - volume.first + 1))
        others = _placed(volumes, layers)
        if _end(others) < by_size:
            places, size = others, _end(others)
    return Arena(size, bound, by_size, tuple(sorted(places, key=lambda place: place.step)))


def _placed(volumes: list[Slot], layers: int) -> list[Slot]:
    """The volumes with offsets, each placed after those before it in the list."""
    alive: list[list[Slot]] = [[] for _ in range(layers)]
    """By layer: the placed volumes that live while it runs."""
    placed = []
    for volume in volumes:
        others = {place for step in range(volume.first, volume.last + 1) for place in alive[step]}
        found = volume._replace(offset=_offset(volume.size, others))
        placed.append(found)
        for step in range(volume.first, volume.last + 1):
            alive[step].append(found)
    return placed


def _end(places: list[Slot]) -> int:
    return max(place.offset + place.size for place in places)


def _bound(places: list[Slot], layers: int) -> int:
    """The most bytes that live while one layer runs."""
    changes = [0] * (layers + 1)
    for place in places:
        changes[place.first] += place.size
        changes[place.last + 1] -= place.size
    return max(accumulate(changes))


def _offset(size: int, others: set[Slot]) -> int:
    """The start of the smallest gap that is large enough, or the end of all others."""
    best, smallest, end = -1, 0, 0
    for other in sorted(others, key=lambda place: place.offset):
        gap = other.offset - end
        if gap >= size and (best < 0 or gap < smallest):
            best, smallest = end, gap
        end = max(end, other.offset + other.size)
    return best if best >= 0 else end


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


def arena_batches(analysis: Analysis, memory: int) -> tuple[int, int, int]:
    """The largest batch within a memory: planned by size, planned best, of any plan at all.

    Volumes grow with the batch all alike, and so do their plans.
    """
    arena = plan(analysis._replace(settings=analysis.settings._replace(batch=1)))
    return memory // arena.by_size, memory // arena.size, memory // arena.bound
