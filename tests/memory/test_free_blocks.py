"""Free blocks: found as in a list sorted by size and address, whatever merged away meanwhile."""

import random

import pytest

from convcalc.memory import allocator
from convcalc.memory.allocator import Replays
from convcalc.memory.free_blocks import NONE, FreeBlocks
from convcalc.memory.trace import PARAMETER, SCRATCH, Trace


@pytest.mark.parametrize("seed", range(20))
def test_the_smallest_then_the_lowest_is_taken(seed: int) -> None:
    draw, blocks = random.Random(seed), FreeBlocks()
    plain: dict[tuple[int, int], int] = {}
    for block in range(2000):
        turn = draw.random()
        if turn < 0.5:
            place = draw.choice([2, 4, 8, draw.randrange(1, 99)]), draw.randrange(10**6)
            if place not in plain:
                plain[place] = block
                blocks.enter(block, *place)
        elif turn < 0.75 and plain:
            place = draw.choice(sorted(plain))
            del plain[place]
            blocks.leave(*place)
        else:
            size = draw.randrange(1, 99)
            fits = min((place for place in plain if place[0] >= size), default=None)
            assert blocks.take(size) == (NONE if fits is None else plain.pop(fits))


def test_addresses_of_blocks_that_merged_away_are_dropped() -> None:
    blocks = FreeBlocks()
    blocks.enter(0, 1, 0)
    for address in range(1, 1000):
        blocks.enter(1, 1, address)
        blocks.leave(1, address)
    ((heap, there),) = blocks._of.values()
    assert len(there) == 1
    assert len(heap) < 100


def test_a_copy_is_apart() -> None:
    blocks = FreeBlocks()
    blocks.enter(7, 512, 0)
    other = blocks.copy()
    assert (blocks.take(1), blocks.take(1), other.take(1)) == (7, NONE, 7)


def test_parameters_are_allocated_once_for_all_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = Trace()
    for _ in range(50):
        trace.make(PARAMETER, 0, 0, 4096)
    trace.begin = len(trace.events)
    trace.release(trace.make(SCRATCH, 0, 1 << 20))
    kept: list[int] = []
    keep = allocator.Allocator.keep
    monkeypatch.setattr(
        allocator.Allocator, "keep", lambda own, size: (kept.append(size), keep(own, size))[1]
    )
    runs = Replays(trace)
    found = [runs.at(batch) for batch in (1, 2, 64, 1)]
    assert len(kept) == 50
    assert found[0] == found[3] == Replays(trace).at(1)
    assert found[2].rounded == 50 * 4096 + (64 << 20)
