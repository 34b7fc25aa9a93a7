"""Free blocks: found as in a list sorted by size and address, whatever merged away meanwhile."""

import random

import pytest

from convcalc.memory import allocator
from convcalc.memory.allocator import Replays
from convcalc.memory.free_blocks import NONE, FreeBlocks
from convcalc.memory.trace import PARAMETER, SCRATCH, Trace

#: A rest that no block has: nothing is split.
WHOLE = 10**9


@pytest.mark.parametrize("least", [WHOLE, 1, 20])
@pytest.mark.parametrize("seed", range(10))
def test_the_smallest_then_the_lowest_is_taken(seed: int, least: int) -> None:
    draw, addresses = random.Random(seed), [0] * 2000
    blocks = FreeBlocks(addresses, least)
    plain: dict[tuple[int, int], int] = {}
    for block in range(2000):
        turn = draw.random()
        if turn < 0.5:
            size, address = draw.choice([2, 4, 8, draw.randrange(1, 99)]), block * 100
            plain[size, address], addresses[block] = block, address
            blocks.enter(block, size)
        elif turn < 0.75 and plain:
            place = draw.choice(sorted(plain))
            del plain[place]
            blocks.leave(*place)
        else:
            size = draw.randrange(1, 99)
            fits = min((place for place in plain if place[0] >= size), default=None)
            expected = NONE if fits is None else plain.pop(fits)
            assert blocks.take(size) == expected
            if fits and fits[0] - size >= least:  # what is left stays, under the same number
                plain[fits[0] - size, fits[1] + size] = expected
                assert addresses[expected] == fits[1] + size


def test_addresses_of_blocks_that_merged_away_are_dropped() -> None:
    addresses = [*range(1000)]
    blocks = FreeBlocks(addresses, WHOLE)
    blocks.enter(0, 1)
    for block in range(1, 1000):
        blocks.enter(block, 1)
        blocks.leave(1, block)
    ((heap, there),) = blocks._of.values()
    assert len(there) == 1
    assert len(heap) < 100


def test_what_is_split_off_a_block_time_and_again_leaves_its_place_in_the_order_as_it_is() -> None:
    blocks = FreeBlocks([0, 5000], 1)
    blocks.enter(0, 1000)
    blocks.enter(1, 10)
    order, one = blocks._sizes, blocks._one
    for _ in range(100):
        assert blocks.take(9) in (0, 1)
    assert (order, one) == ([1, 1000 - 99 * 9], {1: 1, 1000 - 99 * 9: 0})
    assert not blocks._of


def test_a_copy_is_apart() -> None:
    blocks = FreeBlocks([0] * 8, WHOLE)
    blocks.enter(7, 512)
    other = blocks.copy([0] * 8)
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
