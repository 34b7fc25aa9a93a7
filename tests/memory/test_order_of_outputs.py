"""Losses come in the order in which code returns the outputs, however the file was read."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.summary import memory_of
from convcalc.spec.load import load

SPEC = """\
input: 2
layers:
- {fc: {units: 50}, name: a}
- {sigmoid: , name: b, from: a}
- {slice: {stop: 33}, name: d, from: b}
- {tanh: , name: c, from: a}
"""
UNEVEN = SPEC.replace(
    "input: 2\nlayers:", "input: 4x4x2\nlayers:\n- conv: {filters: 2, kernel: 4, pad: [0, 1, 1, 0]}"
)


@pytest.mark.parametrize("text", [SPEC, UNEVEN])
@pytest.mark.parametrize("order", ["a, b, d, c", "c, b, a, d", "d, c, b, a", "b, d, a, c"])
def test_sorted_outputs_that_are_listed_train_as_the_list_does(text: str, order: str) -> None:
    spec = load("net.yaml", f"{text}outputs: [{order}]\n".encode())
    read = spec._replace(outputs=tuple(sorted(spec.outputs)), listed=spec.returned)
    settings = Settings(optimizer="sgd", batch=8)
    one, other = (memory_of(analyze(net, settings)) for net in (spec, read))
    assert one is not None and other is not None
    assert one.training is not None and other.training is not None
    assert one.training.peak == other.training.peak


@pytest.mark.parametrize(("order", "peak"), [("a, b, d, c", 15_864), ("c, b, a, d", 15_860)])
def test_the_peak_is_that_of_pytorch_in_this_order(order: str, peak: int) -> None:
    """Measured in PyTorch 2.13 by following storages: the sum of the losses, 4 bytes, apart."""
    network = load("net.yaml", f"{SPEC}outputs: [{order}]\n".encode())
    found = memory_of(analyze(network, Settings(optimizer="sgd", batch=8)))
    assert found is not None and found.training is not None and found.training.peak == peak
