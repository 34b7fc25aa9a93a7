"""Plans that were made by hand."""

import random
from collections.abc import Callable

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory import arena
from convcalc.memory.arena import PlanError, Slot, arena_batches, plan
from convcalc.memory.taken import Taken
from convcalc.spec.load import load, load_pattern


def test_a_chain_goes_from_end_to_end() -> None:
    analysis = analyze(load_pattern("input-4x4x1 conv3-2 conv3-4 fc-2"), Settings(dtype="int8"))
    arena = plan(analysis)
    # 64 bytes of conv2 first, conv1's 32 beside it; the input fits where conv2 will be
    assert arena.places == (
        Slot(0, 0, 16, 0, 1),
        Slot(1, 64, 32, 1, 2),
        Slot(2, 0, 64, 2, 3),
        Slot(3, 64, 2, 3, 3),
    )
    assert (arena.size, arena.bound) == (96, 96)


def test_layers_in_place_and_dropout_need_no_place() -> None:
    net = "input-4x4x1 conv3-2 relu dropout flatten fc-2"
    places = plan(analyze(load_pattern(net), Settings(dtype="int8"))).places
    assert [place.step for place in places] == [0, 1, 5]
    assert places[1].last == 5


def test_a_volume_stays_until_its_last_reader() -> None:
    spec = "input: 2x2x1\nlayers:\n- conv1-4\n- conv1-4\n- conv1-4\n- add: {in_place: false}\n"
    spec += "  from: [conv1, conv3]\n"
    arena = plan(analyze(load("net.yaml", spec.encode()), Settings(dtype="int8")))
    assert [(p.step, p.last) for p in arena.places] == [(0, 1), (1, 4), (2, 3), (3, 4), (4, 4)]
    assert arena.bound == 3 * 16


def test_a_plan_grows_with_the_batch() -> None:
    net = load_pattern("input-4x4x1 conv3-2 conv3-4 fc-2")
    seven = plan(analyze(net, Settings(7, "int8")))
    assert (seven.size, seven.bound) == (7 * 96, 7 * 96)
    one = plan(analyze(net, Settings(1, "int8")))
    assert arena_batches(one, 1000) == (10, 10, 10)
    assert arena_batches(one, 95) == (0, 0, 0)


def test_size_times_lifetime_closes_the_gaps_that_size_alone_leaves() -> None:
    arena = plan(analyze(load("unet.yaml", zoo.read("unet")), Settings(1, "int8")))
    assert arena.size == arena.bound == 41_840_640
    assert arena.by_size == 61_110_528


def test_the_smallest_gap_that_is_large_enough_is_taken() -> None:
    taken = Taken(10)
    for start, end in (10, 15), (19, 24), (30, 35):
        taken.take(start, end, 0, 9)
    assert taken.gap(4, 3, 3) == 15  # gaps of 10, 4 and 6 bytes
    assert taken.gap(5, 3, 3) == 24
    assert taken.gap(10, 3, 3) == 0
    assert taken.gap(11, 3, 3) == 35
    assert Taken(10).gap(3, 0, 9) == 0


def _by_hand(volumes: list[Slot]) -> list[int]:
    """The offsets, with a look at every volume that is placed."""
    placed: list[Slot] = []
    for volume in volumes:
        best, smallest, end = -1, 0, 0
        for other in sorted(placed, key=lambda place: place.offset):
            if other.last < volume.first or volume.last < other.first:
                continue
            gap = other.offset - end
            if gap >= volume.size and (best < 0 or gap < smallest):
                best, smallest = end, gap
            end = max(end, other.offset + other.size)
        placed.append(volume._replace(offset=best if best >= 0 else end))
    return [place.offset for place in placed]


@pytest.mark.parametrize("seed", range(60))
def test_a_volume_lies_where_a_look_at_all_others_puts_it(seed: int) -> None:
    draw = random.Random(seed)
    layers, volumes = draw.choice([1, 2, 15, 16, 17, 60, 300]), list[Slot]()
    for first in range(layers):
        last = min(layers - 1, first + draw.choice([0, 1, 2, layers // 2, layers]))
        size = draw.choice([1, 2, 8, 64, draw.randrange(1, 1000)])
        volumes.append(Slot(first, 0, size, first, last))
    draw.shuffle(volumes)
    for order in volumes, sorted(volumes, key=lambda volume: -volume.size):
        taken, found = Taken(layers), list[int]()
        for volume in order:
            found.append(taken.gap(volume.size, volume.first, volume.last))
            taken.take(found[-1], found[-1] + volume.size, volume.first, volume.last)
        assert found == _by_hand(order)


def _nest(depth: int, size: Callable[[int], int]) -> tuple[int, int]:
    """How often stretches of addresses are looked at where each volume lives within another; of how
    many volumes."""
    taken, layers = Taken(2 * depth + 1), 2 * depth + 1
    for first in range(layers):
        last = layers - first if 0 < first < depth else min(first + 1, layers - 1)
        offset = taken.gap(size(first), first, last)
        taken.take(offset, offset + size(first), first, last)
    return taken.steps, layers


def test_volumes_beside_each_other_are_looked_at_as_one() -> None:
    steps, volumes = _nest(3000, lambda first: 256)
    assert steps < 8 * volumes
    taken = Taken(3000)
    for first in range(3000):  # all of them outputs
        size = 1 + first * 7919 % 1000
        offset = taken.gap(size, first, 2999)
        taken.take(offset, offset + size, first, 2999)
    assert taken.steps < 8 * 3000


def test_a_plan_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arena, "MOST_STEPS", 10_000)
    ends = range(1, 300)
    spec = "input: 2x2x1\nlayers:\n"
    spec += "".join(f"- conv1-{1 + end * 37 % 101}\n" for end in ends)
    spec += "".join(
        f"- {{conv1-{1 + end * 37 % 101}: , name: up{end}}}\n- {{add: {{in_place: false}}, "
        f"from: [up{end}, conv{end}]}}\n"
        for end in reversed(ends)
    )
    analysis = analyze(load("net.yaml", spec.encode()), Settings(dtype="int8"))
    with pytest.raises(PlanError, match=r"3\d\d of 8\d\d volumes live at once.* --timeline"):
        plan(analysis)
