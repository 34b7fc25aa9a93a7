"""The bytes of one GPU of several, by hand from the sizes of a small net (7 linear layers)."""

from itertools import product
from math import prod

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings, Shard
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.rank import PerRank, per_rank
from convcalc.memory.training import training
from convcalc.spec.load import load, load_pattern

_NET = "input-6x6x3 conv3-7 relu pool2 fc-33 relu fc-20 relu fc-10"
_BATCH, _WIDTH = 5, 4
#: Weight and bias of every layer, the first axis first, as PyTorch stores them.
_SHAPES = ((7, 3, 3, 3), (7,), (33, 63), (33,), (20, 33), (20,), (10, 20), (10,))
_SIZES = [_WIDTH * prod(shape) for shape in _SHAPES]
_P = sum(_SIZES)
_COUNTERS = 4 * len(_SHAPES)  #: Adam's steps
_GPUS = (2, 3, 4, 50)


def _account(shard: Shard, gpus: int, **others: object) -> Account:
    settings = Settings(_BATCH, optimizer="adam", shard=shard, gpus=gpus)
    analysis: Analysis = analyze(load_pattern(_NET), settings._replace(**others))  # type: ignore[arg-type]
    assert not analysis.broken
    return Account(training(analysis, _BATCH), _BATCH)


def _rank(shard: Shard, gpus: int) -> PerRank:
    found = per_rank(
        Settings(_BATCH, optimizer="adam", shard=shard, gpus=gpus), _account(shard, gpus)
    )
    assert found is not None
    return found


@pytest.mark.parametrize("gpus", _GPUS)
def test_ddp_holds_its_gradients_twice(gpus: int) -> None:
    # its buckets, together as large as all gradients, are there in every phase
    one, found = _account("none", 1), _account("ddp", gpus)
    assert found.base == one.base + _P
    assert found.end_forward == one.end_forward + _P
    assert found.end_backward == one.end_backward + _P
    for phase in ("forward", "backward", "step"):
        assert found.phase(phase) == one.phase(phase) + _P
    rank = _rank("ddp", gpus)
    assert (rank.gradients.bytes, rank.gradients.exact) == (2 * _P, True)
    assert rank.optimizer_state.bytes == 2 * _P + _COUNTERS
    assert (rank.peak.bytes, rank.peak.exact) == (one.peak + _P, True)


@pytest.mark.parametrize("gpus", _GPUS)
def test_buckets_that_are_the_gradients_are_gradients_that_are_kept(gpus: int) -> None:
    kept, found = _account("none", 1, keep_grads=True), _account("ddp-view", gpus)
    assert found.timeline() == kept.timeline()
    assert (found.base, found.peak) == (kept.base, kept.peak)
    rank = _rank("ddp-view", gpus)
    assert (rank.gradients.bytes, rank.peak.exact) == (_P, True)


def _dealt(gpus: int) -> int:
    """Bytes of the parameters on the fullest rank: the largest tensor first, to the emptiest."""
    ranks = [0] * gpus
    for size in sorted(_SIZES, reverse=True):
        ranks[ranks.index(min(ranks))] += size
    return max(ranks)


@pytest.mark.parametrize("gpus", _GPUS)
def test_zero1_deals_the_optimizer_state_in_whole_tensors(gpus: int) -> None:
    view, found, rank = _account("ddp-view", gpus), _account("zero1", gpus), _rank("zero1", gpus)
    own = _dealt(gpus)
    tensors = rank.optimizer_state.bytes - 2 * own
    assert 4 <= tensors <= _COUNTERS and tensors % 4 == 0, "a counter for each of its tensors"
    assert found.base == view.base - (2 * _P + _COUNTERS) + 2 * own + tensors
    assert (rank.parameters.bytes, rank.gradients.bytes) == (_P, _P)
    assert rank.peak.exact
    # foreach Adam's copies are those of its own tensors
    assert found.phase("step") == found.end_backward + own


def test_zero1_on_two_ranks_gives_one_the_largest_tensor_alone() -> None:
    # the weight of the first fc alone; all others together are less
    assert sorted(_SIZES, reverse=True)[:3] == [8316, 2640, 800]
    assert _dealt(2) == 8316 > _P - 8316
    assert _rank("zero1", 2).optimizer_state.bytes == 2 * 8316 + 4
    assert _rank("zero1", 50).optimizer_state.bytes == 2 * 8316 + 4


def test_zero1_on_two_ranks_of_as_many_numbers_takes_the_one_with_more_tensors() -> None:
    # ZeroRedundancyOptimizer deals [96] and [40, 32, 10, 10, 4]; Adam has a counter for each
    given = ("{units: 8, bias: false}", "{units: 4}", "{units: 10}", "{units: 1, bias: false}")
    layers = "".join(f"  - fc: {options}\n" for options in given)
    net = load("net.yaml", f"input: 1x1x12\nlayers:\n{layers}".encode())
    settings = Settings(1, optimizer="adam", gpus=2, shard="zero1")
    found = per_rank(settings, Account(training(analyze(net, settings), 1), 1))
    assert found is not None
    assert found.optimizer_state.bytes == 8 * 96 + 4 * 5


def _cut(gpus: int) -> int:
    """Bytes of one rank's shards: rows along the first axis, the last ones padded."""
    return sum(-(-shape[0] // gpus) * prod(shape[1:]) * _WIDTH for shape in _SHAPES)


@pytest.mark.parametrize(("shard", "gpus"), list(product(("zero2", "zero3"), _GPUS)))
def test_fsdp_cuts_every_tensor_and_says_what_is_an_estimate(shard: Shard, gpus: int) -> None:
    rank, own = _rank(shard, gpus), _cut(gpus)
    assert rank.parameters == (own, True)
    assert rank.gradients == (own, True)
    assert rank.optimizer_state == (2 * own + _COUNTERS, True)
    units = [sum(_SIZES[n : n + 2]) for n in range(0, len(_SIZES), 2)]  # a layer is a unit
    gathered = _P if shard == "zero2" else 3 * max(units)
    assert rank.gathered == (gathered, False)
    assert rank.saved == (_rank("ddp", gpus).saved.bytes, True)
    assert not rank.peak.exact
    images = _account(shard, gpus)
    one = _account("none", 1)
    assert images.base == one.base - 3 * _P + 3 * own
    assert images.end_forward == one.end_forward - 3 * _P + 3 * own + gathered


def test_the_batch_is_one_ranks_and_one_gpu_has_no_ranks() -> None:
    rank = _rank("ddp", 4)
    assert (rank.gpus, rank.shard, rank.batch, rank.total_batch) == (4, "ddp", 5, 20)
    assert per_rank(Settings(_BATCH), _account("none", 1)) is None
