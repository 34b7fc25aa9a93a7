"""Plans that were made by hand."""

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.arena import Slot, _offset, arena_batches, plan
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
    assert arena_batches(analyze(net, Settings(3, "int8")), 1000) == (10, 10, 10)
    assert arena_batches(analyze(net, Settings(3, "int8")), 95) == (0, 0, 0)


def test_size_times_lifetime_closes_the_gaps_that_size_alone_leaves() -> None:
    arena = plan(analyze(load("unet.yaml", zoo.read("unet")), Settings(1, "int8")))
    assert arena.size == arena.bound == 41_840_640
    assert arena.by_size == 61_110_528


def test_the_smallest_gap_that_is_large_enough_is_taken() -> None:
    others = {Slot(0, 10, 5, 0, 9), Slot(1, 19, 5, 0, 9), Slot(2, 30, 5, 0, 9)}
    assert _offset(4, others) == 15  # gaps of 10, 4 and 6 bytes
    assert _offset(5, others) == 24
    assert _offset(10, others) == 0
    assert _offset(11, others) == 35
    assert _offset(3, set()) == 0
