"""Shared weights beside gradients of an earlier pass: bytes that PyTorch 2.13 was asked for.

Two and three towers of conv, relu (in place), fc-64, subtracted, then fc-2; every storage was
followed through the second micro-batch of two, and its most live bytes in the backward pass noted.
The first tower's gradients (as handed in: the last one's) wait beside `.grad` for the others'.
An fc's are views, of the transposed product: the second one is added to the first in a new tensor
(`aten::add` in PyTorch's profiler), the third in place (`aten::add_`), as all of a conv are.
"""

from itertools import pairwise

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.precisions import with_precision
from convcalc.memory.training import training
from convcalc.spec.load import load

_TOWER = "layers: [{conv: {filters: 4, kernel: 3, pad: 1}}, relu, fc-64]"


def _spec(towers: int) -> bytes:
    names = "abc"[:towers]
    calls = [
        f"- tower: {{}}\n  name: t{name}\n  from: {name}\n" + ("  weights: ta\n" * (name != "a"))
        for name in names
    ]
    differences = [
        f"- subtract: {{}}\n  name: s{b}\n  from: [{'ta' if a == 'a' else 's' + a}, t{b}]\n"
        for a, b in pairwise(names)
    ]
    inputs = ", ".join(f"{name}: 8x8x2" for name in names)
    layers = "".join([*calls, *differences, "- fc-2\n"])
    return f"inputs: {{{inputs}}}\nblocks:\n  tower: {{{_TOWER}}}\nlayers:\n{layers}".encode()


#: Towers, precision, images of a micro-batch, bytes of a first backward pass and of a second.
_MEASURED = [
    (2, "fp32", 1, 267_400, 333_240),
    (2, "fp32", 3, 273_576, 339_416),
    (2, "amp-bf16", 1, 168_444, 234_540),
    (2, "amp-bf16", 3, 173_332, 239_428),
    (3, "fp32", 1, 269_192, 335_288),
    (3, "fp32", 3, 278_952, 345_048),
    (3, "amp-bf16", 1, 202_364, 268_460),
    (3, "amp-bf16", 3, 209_812, 275_908),
]


@pytest.mark.parametrize(("towers", "precision", "batch", "first", "second"), _MEASURED)
def test_shared_gradients_are_added_up_beside_those_that_are_there(
    towers: int, precision: str, batch: int, first: int, second: int
) -> None:
    network = load("siamese.yaml", _spec(towers))

    def backward(settings: Settings) -> int:
        analysis = analyze(network, with_precision(settings, precision))
        assert not analysis.broken, analysis.findings
        return Account(training(analysis, batch), batch).phase("backward")

    assert backward(Settings(batch, optimizer="sgd")) == first
    assert backward(Settings(2 * batch, optimizer="sgd", accumulate=2)) == second
    assert backward(Settings(batch, optimizer="sgd", keep_grads=True)) == second


#: Layers that share an fc-64, images, stretches that are checkpointed, bytes of a backward pass.
_CHECKPOINTED = [
    (2, 3, "s0..t0", 77_002),
    (2, 3, "s0..t0,s1..t1", 77_002),
    (2, 40, "s0..t0", 90_832),
    (2, 40, "s1..t1", 95_824),
    (2, 40, "s0..t1", 90_832),
    (3, 3, "s1..t2", 77_002),
    (3, 40, "s0..t0", 96_080),
    (3, 40, "s1..t1", 104_144),
    (3, 40, "s0..t0,s1..t1", 95_952),
    (3, 40, "s0..t0,s1..t1,s2..t2", 95_952),
    (3, 40, "s0..t1", 99_024),
    (3, 40, "s1..t2", 104_144),
]


@pytest.mark.parametrize(("users", "batch", "checkpoint", "peak"), _CHECKPOINTED)
def test_shared_parameters_are_cast_once_for_all_segments_too(
    users: int, batch: int, checkpoint: str, peak: int
) -> None:
    """As PyTorch runs it under autocast: gradients go through the casts of the first run."""
    shared = "".join(
        f"- fc: {{units: 64}}\n  name: s{user}\n{'  weights: s0' if user else ''}\n"
        f"- tanh:\n  name: t{user}\n"
        for user in range(users)
    )
    net = load("n.yaml", f"input: 1x1x64\nlayers:\n- fc-64\n{shared}- fc-3\n".encode())
    settings = with_precision(Settings(batch, optimizer="sgd", checkpoint=checkpoint), "amp-bf16")
    analysis = analyze(net, settings)
    assert not analysis.broken, analysis.findings
    assert Account(training(analysis, batch), batch).phase("backward") == peak
