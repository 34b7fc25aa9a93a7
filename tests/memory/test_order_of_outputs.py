"""Losses come in the order in which code returns the outputs, however the file was read."""

import pytest

from convcalc.analysis.settings import Precision, Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.precisions import with_precision
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


@pytest.mark.parametrize(("order", "peak"), [("a, b, d, c", 15_876), ("c, b, a, d", 15_872)])
def test_the_peak_is_that_of_pytorch_in_this_order(order: str, peak: int) -> None:
    """Measured in PyTorch 2.13 by following storages: `torch.autograd.backward` of the losses."""
    network = load("net.yaml", f"{SPEC}outputs: [{order}]\n".encode())
    found = memory_of(analyze(network, Settings(optimizer="sgd", batch=8)))
    assert found is not None and found.training is not None and found.training.peak == peak


#: By outputs, precision and micro-batches: forward, end_forward, backward, end_backward as measured
#: in PyTorch 2.13, of so many Linear(4, 300 + i) of one input; the list of losses goes backward,
#: each of them divided by the micro-batches.
_LISTS = {
    (1, "fp32", 2): (14_436, 14_432, 20_432, 13_228),
    (2, "fp32", 1): (16_876, 16_876, 27_692, 26_484),
    (2, "fp32", 2): (28_904, 28_896, 34_916, 26_484),
    (2, "bf16", 2): (14_460, 14_456, 17_466, 13_250),
    (3, "fp32", 1): (25_348, 25_348, 40_996, 39_784),
    (3, "bf16", 1): (12_686, 12_686, 20_510, 19_904),
    (3, "fp32", 2): (43_420, 43_408, 49_448, 39_784),
}


@pytest.mark.parametrize(("outputs", "precision", "micro_batches"), list(_LISTS))
def test_every_loss_has_a_gradient_of_its_own_to_begin_with(
    outputs: int, precision: Precision, micro_batches: int
) -> None:
    layers = "".join(
        f"- {{fc: {{units: {300 + number}}}, name: h{number}, from: input}}\n"
        for number in range(outputs)
    )
    listed = ", ".join(f"h{number}" for number in range(outputs))
    network = load("net.yaml", f"input: 4\noutputs: [{listed}]\nlayers:\n{layers}".encode())
    settings = Settings(micro_batches, optimizer="sgd", accumulate=micro_batches)
    found = memory_of(analyze(network, with_precision(settings, precision)))
    assert found is not None and found.training is not None
    training = found.training
    assert (
        training.phase("forward"),
        training.end_forward,
        training.phase("backward"),
        training.end_backward,
    ) == _LISTS[outputs, precision, micro_batches]


@pytest.mark.parametrize(
    ("layers", "numbers"),
    [
        ("- fc: {units: 3, bias: false}\n", 4),
        ("- fc-3\n", 5),
        ("- fc: {units: 3, bias: false}\n- fc-3\n", 7),
    ],
)
@pytest.mark.parametrize(("precision", "width"), [("fp32", 4), ("bf16", 2)])
def test_clipping_needs_the_numbers_that_pytorch_makes(
    layers: str, numbers: int, precision: Precision, width: int
) -> None:
    """Measured in PyTorch 2.13: `clip_grad_norm_` of 1, 2 and 3 tensors."""
    network = load("net.yaml", f"input: 6\nlayers:\n{layers}".encode())
    settings = Settings(1, optimizer="sgd", clip_grad="norm")
    found = memory_of(analyze(network, with_precision(settings, precision)))
    assert found is not None and found.training is not None
    training = found.training
    assert training.phase("step") - training.end_backward == numbers * width
