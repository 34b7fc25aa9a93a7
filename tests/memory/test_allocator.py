"""The caching allocator's rules, request by request."""

from convcalc.memory.allocator import Allocator, Reserved, replay
from convcalc.memory.trace import SCRATCH, Trace

KIB, MIB = 1 << 10, 1 << 20


def _run(*events: int) -> Reserved:
    """Requests in bytes; -n frees the n-th request."""
    trace, made = Trace(), []
    for event in events:
        if event > 0:
            made.append(trace.make(SCRATCH, 0, 0, event))
        else:
            trace.release(made[-event - 1])
    return replay(trace, 1)


def test_requests_are_rounded_to_512_bytes() -> None:
    assert _run(1).rounded == _run(512).rounded == 512
    assert _run(513, 1).rounded == 1024 + 512


def test_small_requests_share_a_segment_of_2_mib() -> None:
    assert _run(1) == Reserved(512, 512, 2 * MIB)
    assert _run(MIB, MIB) == Reserved(2 * MIB, 2 * MIB, 2 * MIB)
    assert _run(MIB, MIB, 1).reserved == 4 * MIB


def test_large_requests_share_a_segment_of_20_mib() -> None:
    assert _run(MIB + 1) == Reserved(MIB + 512, MIB + 512, 20 * MIB)
    assert _run(9 * MIB, 9 * MIB).reserved == 20 * MIB
    assert _run(9 * MIB, 9 * MIB, 9 * MIB).reserved == 40 * MIB


def test_from_10_mib_on_a_request_has_its_own_segment() -> None:
    assert _run(10 * MIB).reserved == 10 * MIB
    assert _run(11 * MIB) == Reserved(11 * MIB, 12 * MIB, 12 * MIB)  # 1 MiB is not split off


def test_what_is_left_of_a_large_block_is_split_off_above_1_mib_only() -> None:
    assert _run(20 * MIB - MIB).allocated == 20 * MIB
    assert _run(9 * MIB).allocated == 9 * MIB


def test_the_smallest_free_block_that_is_large_enough_is_taken() -> None:
    # two blocks of 12 and 30 MiB are free: 11 MiB goes into the smaller
    assert _run(30 * MIB, 12 * MIB, -1, -2, 11 * MIB, 30 * MIB).reserved == 42 * MIB


def test_freed_neighbours_merge() -> None:
    assert _run(4 * MIB, 4 * MIB, 4 * MIB, -1, -3, -2, 20 * MIB).reserved == 20 * MIB
    assert _run(4 * MIB, 4 * MIB, 4 * MIB, -1, -3, 20 * MIB).reserved == 40 * MIB


def test_segments_are_no_neighbours() -> None:
    assert _run(20 * MIB, 20 * MIB, -1, -2, 40 * MIB).reserved == 80 * MIB


def test_what_is_free_is_not_allocated() -> None:
    allocator = Allocator()
    block = allocator.take(3 * MIB)
    assert (allocator.allocated, allocator.reserved) == (3 * MIB, 20 * MIB)
    allocator.give(block)
    assert (allocator.allocated, allocator.reserved) == (0, 20 * MIB)
