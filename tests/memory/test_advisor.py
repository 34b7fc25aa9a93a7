"""Advice on checkpointing: optimal on chains by brute force, as good as is known on real nets."""

import random
import re
from collections.abc import Iterator

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.memory.advisor import advise
from convcalc.memory.fit import Simulation
from convcalc.memory.segment_blocks import Blocks
from convcalc.memory.segment_costs import costs
from convcalc.memory.segment_search import Search
from convcalc.memory.segments import Span, segments_of
from convcalc.memory.training import trained
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.fit.advice import advice_object, advice_text
from convcalc.spec.load import load, load_pattern

_MIB = 1 << 20
_CHAINS = (
    "input-16x16x4 conv3-8 relu conv3-8 relu pool2 conv3-16 relu fc-10",
    "input-16x16x4 conv3-16 pool2 conv3-8 conv3-8 conv3-32 fc-10",
    "input-8x8x3 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 conv3-8 fc-4",
)


def _plans(first: int, last: int) -> Iterator[tuple[Span, ...]]:
    """Every set of segments among some layers."""
    if first > last:
        yield ()
        return
    for rest in _plans(first + 1, last):
        yield rest
    for end in range(first, last + 1):
        for rest in _plans(end + 1, last):
            yield ((first, end), *rest)


def _simulated(analysis: Analysis, spans: tuple[Span, ...]) -> tuple[int, int]:
    """Peak, and what is computed again: multiply-accumulates and numbers written."""
    batch = analysis.settings.batch
    trace = trained(analysis, batch, segments_of(analysis.rows, spans))
    rows = [analysis.rows[step] for step in trace.recomputed]
    return max(trace.live(batch)), sum((row.macs or 0) + (row.activations or 0) for row in rows)


def _random_chain(seed: int) -> str:
    """A chain of at most eight layers of all widths."""
    draw, layers, size = random.Random(seed), list[str](), 32
    while len(layers) < 7:
        layers.append(f"conv{draw.choice((1, 3, 5))}-{draw.choice((2, 4, 8, 16, 32))}")
        after = draw.choice(("", "relu", "gelu", "pool2", "dropout"))
        size //= 2 if after == "pool2" else 1
        layers += [after] if after and size > 2 else []
    return f"input-32x32x{draw.choice((1, 3, 8))} " + " ".join([*layers[:7], "fc-10"])


@pytest.mark.parametrize(
    ("pattern", "percent", "limits"),
    [
        *((chain, 100, range(100, 104)) for chain in _CHAINS),
        *((_random_chain(seed), 102, range(100, 150)) for seed in range(6)),
    ],
)
def test_chains_are_planned_as_well_as_by_trying_all(
    pattern: str, percent: int, limits: range
) -> None:
    """With no more compute than the best of all plans, and so many percent of its peak.

    The costs of segments overlap: in small chains of very different layers by up to a half.
    """
    analysis = analyze(load_pattern(pattern), Settings(8, optimizer="sgd"))
    every = {_simulated(analysis, spans) for spans in _plans(1, len(analysis.rows) - 1)}
    search = Search(Blocks(costs(analysis, 8)), sharing=True)
    for peak, work in every:
        if any(p <= peak and w < work for p, w in every):
            continue  # not the least work within this peak
        tried = [search.best(peak * part // 100) for part in limits]
        plans = [spans for spans in tried if spans is not None]
        found = [_simulated(analysis, spans) for spans in plans]
        assert any(p <= peak * percent // 100 and w <= work for p, w in found)


@pytest.mark.parametrize(
    ("name", "mebibytes", "extra"),
    [
        ("resnet50", 1502, 0.13),
        ("resnet50", 1042, 0.315),
        ("mobilenet_v2", 880, 0.135),
        ("densenet121", 1212, 1 / 3),
    ],
)
def test_real_nets_need_no_more_than_is_known_to_do(
    name: str, mebibytes: int, extra: float
) -> None:
    network = load(f"{name}.yaml", zoo.read(name))
    analysis = analyze(network, Settings(32, optimizer="sgd"))
    memory = (mebibytes * _MIB * 13 + 9) // 10 + (1 << 25)  # fits surely without a context
    advice = advise(analysis, memory, 0)
    macs = analysis.totals.macs or 0
    plans = [plan for plan in (advice.chosen, *advice.plans) if plan is not None]
    assert any(
        plan.peak <= mebibytes * _MIB and plan.extra_compute(macs) <= extra for plan in plans
    )


def test_advice_fits_and_lists_memory_against_compute() -> None:
    network = load("resnet18.yaml", zoo.read("resnet18"))
    analysis = analyze(network, Settings(64))
    memory = 1600 * _MIB + (408 << 20)
    advice = advise(analysis, memory, 400 << 20)
    assert advice.chosen is not None and advice.chosen.needs.high <= memory
    assert advice.chosen in advice.plans
    assert advice.plain.needs.high > memory
    peaks = [plan.peak for plan in advice.plans]
    compute = [plan.recomputed_macs for plan in advice.plans]
    assert peaks == sorted(peaks, reverse=True) and compute == sorted(compute)
    assert {plan.settings.precision for plan in advice.others} >= {"amp-bf16"}


def test_advice_stays_within_the_compute_that_is_allowed() -> None:
    network = load("resnet18.yaml", zoo.read("resnet18"))
    analysis = analyze(network, Settings(64))
    advice = advise(analysis, 1 << 30, 400 << 20, most=0.05)
    macs = analysis.totals.macs or 0
    assert all(plan.extra_compute(macs) <= 0.05 for plan in advice.plans)


def test_where_cuts_were_left_out_the_advice_says_so() -> None:
    for pattern, tried in ((_CHAINS[0], 7), ("input-8x8x2 [conv3-2 relu]*60 fc-2", 80)):
        analysis = analyze(load_pattern(pattern), Settings(64))
        advice = advise(analysis, 1 << 20, 0)
        assert (advice.cuts, advice.positions) == (tried, len(analysis.rows) - 2)
        text = advice_text(analysis, advice, PLAIN)
        said = f"segments were tried to begin and end at 80 of {advice.positions} positions"
        assert (said in " ".join(text.split())) is (tried == 80)
        assert "nested segments" in text and advice.chosen is None
        assert advice_object(analysis, advice)["cuts"] == tried


@pytest.mark.parametrize(
    ("batch", "accumulate", "mebibytes", "parts"),
    [(4096, 1, 60, 256), (4096, 8, 60, 256), (96, 1, 60, 6), (97, 1, 60, 97), (64, 1, 4, 0)],
)
def test_the_fewest_micro_batches_that_surely_fit_are_named(
    batch: int, accumulate: int, mebibytes: int, parts: int
) -> None:
    """However many they are; a prime number of images is split into single ones."""
    pattern = "input-64x64x3 [conv3-32 relu]*2 pool2 fc-10"
    analysis = analyze(load_pattern(pattern), Settings(batch, accumulate=accumulate))
    memory = mebibytes * _MIB
    others = advise(analysis, memory, 0).others
    found = [plan.settings.accumulate for plan in others if plan.settings.precision == ""]
    assert found == ([parts] if parts else [])
    for number in range(accumulate + 1, batch + 1):  # every number of parts, one by one
        if batch % number == 0 and parts:
            settings = Settings(batch, accumulate=number)
            step = Simulation(analysis._replace(settings=settings), learning=True)
            if step.needs(settings.micro_batch, 0).high <= memory:
                assert number == parts
                break


def test_what_cannot_fit_is_not_called_unsure() -> None:
    """20 times the memory is no question of what is lost between blocks."""
    analysis = analyze(load_pattern(_CHAINS[0]), Settings(1 << 20))
    text = advice_text(analysis, advise(analysis, 512 * _MIB, 0), PLAIN)
    assert "GiB, does not fit\n" in text and "surely fit\n" not in text.partition("instead")[2]


def test_nothing_is_advised_where_the_batch_fits() -> None:
    analysis = analyze(load_pattern(_CHAINS[0]), Settings(2))
    advice = advise(analysis, 8 << 30, 400 << 20)
    assert advice.chosen == advice.plain and not advice.others


def test_a_plan_that_computes_nothing_again_is_not_needed_where_the_batch_fits(capsys) -> None:
    """Pools and activations cost no multiply-accumulates to run again, but are not for nothing."""
    words = ["fit", "--input", "32x32x3", "--memory", "1GiB", "--advise", "--optimizer", "sgd"]
    assert run([*words, "--net", "conv3-8 relu pool2 conv3-16 relu pool2 fc-10"]) == 0
    text = capsys.readouterr().out
    most = re.search(r"^training +([0-9,]+)", text, re.MULTILINE)
    assert most is not None
    sure = int(most[1].replace(",", ""))
    assert "--checkpoint" not in text
    told = (
        f"batch 1 fits as it is, and so does every one up to {sure:,}: `--batch {sure + 1}` or more"
    )
    assert told in " ".join(text.split())
