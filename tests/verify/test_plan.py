"""The plan of a run against the memory room's account of inference, written independently."""

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.beforehand import parts_of
from convcalc.memory.forward import inference
from convcalc.spec.load import load
from convcalc.verify.plan import live_bytes, plan

#: Kinds for which a framework makes more in passing than volumes.
PASSING = {
    "max_pool",
    "adaptive_max_pool",
    "global_max_pool",
    "lrn",
    "l2_pool",
    "group_norm",
    "layer_norm",
}


def network(name: str, batch: int = 1) -> Analysis:
    return analyze(load(name, zoo.read(name)), Settings(batch))


@pytest.mark.parametrize("name", zoo.names())
def test_the_plan_is_the_account_of_inference(name: str) -> None:
    """Equal to the byte but for the int64 counter of every batch norm."""
    analysis = network(name, 3)
    kinds = [step.kind for step in analysis.network.steps]
    counters = 8 * kinds.count("batch_norm")
    account = Account(inference(analysis), 3)
    live = live_bytes(analysis, plan(analysis))
    assert max(live.values()) + counters <= account.peak
    passing = [  # or takes a padded copy first, as NumPy's kernels need not
        kind in PASSING or bool(parts_of(row))
        for kind, row in zip(kinds, analysis.rows, strict=True)
    ]
    if not any(passing):
        assert max(live.values()) + counters == account.peak
    for moment in account.timeline():  # layer by layer, wherever nothing passes
        if not passing[moment.step] and moment.step in live:
            assert live[moment.step] + counters == moment.live, analysis.rows[moment.step].step.name


def test_vgg16_of_the_memory_model() -> None:
    analysis = network("vgg16")
    assert max(live_bytes(analysis, plan(analysis)).values()) == 579_722_400


def test_shared_weights_are_held_once() -> None:
    text = b"input: 8x8x4\nlayers: [{conv3-4: , name: a}, {conv3-4: , weights: a}]\n"
    analysis = analyze(load("net", text))
    numbers = 9 * 4 * 4 + 4
    live = live_bytes(analysis, plan(analysis))
    assert list(live.values()) == [4 * (numbers + 2 * 256), 4 * (numbers + 3 * 256)]


def test_part_of_a_net_starts_from_the_volumes_it_reads() -> None:
    analysis = analyze(load("net", b"input: 8x8x4\nlayers: [conv3-4, relu, conv3-8, fc-2]\n"))
    run = plan(analysis, 2, 3)
    assert run.steps == (2, 3) and run.given == (1,)
    live = live_bytes(analysis, run)
    weights = 9 * 4 * 8 + 8
    assert live == {2: 4 * (256 + weights), 3: 4 * (256 + weights + 512)}
