"""The peaks of training are those of PyTorch, storage by storage, on the code that is exported."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.fit import Simulation
from convcalc.memory.forward import inference
from convcalc.memory.precisions import with_precision
from convcalc.memory.training import training
from convcalc.spec.load import load

_CONV = "- conv: {filters: 16, kernel: 1}\n"
_POOL = "- global_avg_pool\n"

#: Volumes, and layers whose peak is at one that overwrites what its input's layer has copied.
_REARRANGED = [
    ("12x3", "pixel_shuffle: {factor: 2}"),
    ("6x6x3", "pixel_shuffle: {factor: 2}"),
    ("6x6x3", "pixel_shuffle: {factor: 2, order: dcr}"),
    ("4x4x4x3", "pixel_shuffle: {factor: 2}"),
    ("4x4x4x3", "pixel_shuffle: {factor: 2, order: dcr}"),
    ("4x4x4x3", "space_to_depth: {factor: 2, order: dcr}"),
]

#: The same where all numbers stay in their order, by filters of the conv before.
_IN_ORDER = [
    ("1x3", "pixel_shuffle: {factor: 2}", 4),
    ("1x1x3", "pixel_shuffle: {factor: 2}", 4),
    ("1x1x3", "pixel_shuffle: {factor: 3, order: dcr}", 9),
    ("1x1x1x3", "pixel_shuffle: {factor: 2}", 16),
    ("4x3", "pixel_shuffle: {factor: 1}", 3),
    ("3x3x3x3", "pixel_shuffle: {factor: 1}", 4),
    ("4x2x3", "space_to_depth: {factor: 2, order: dcr}", 1),
    ("4x4x3", "space_to_depth: {factor: 2, order: dcr}", 1),
    ("2x3", "space_to_depth: {factor: 2}", 5),
    ("2x2x2x3", "space_to_depth: {factor: 2}", 2),
    ("4x2x2x3", "space_to_depth: {factor: 2}", 1),
    ("4x2x2x3", "space_to_depth: {factor: 2}", 2),
    ("3x3x3", "space_to_depth: {factor: 1, order: dcr}", 2),
    ("1x1x3", "channel_shuffle: {groups: 4}", 4),
]


def _as_in_torch(spec: str, batch: int, precision: str = "fp32") -> None:
    pytest.importorskip("torch")
    from tests.memory.live_training import training_peaks

    settings = with_precision(Settings(batch, optimizer="sgd"), precision)
    analysis = analyze(load("net.yaml", spec.encode()), settings)
    assert not analysis.broken, analysis.findings
    found = Account(training(analysis, batch), batch)
    measured = training_peaks(analysis)
    assert (found.phase("forward"), found.phase("backward")) == measured
    assert Simulation(analysis, True).peak(batch) == max(measured), "as `fit` has it"


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("activation", ["relu", "hard_swish"])
@pytest.mark.parametrize(("shape", "layer"), _REARRANGED)
def test_a_rearranged_volume_is_a_copy_and_no_view(
    shape: str, layer: str, activation: str, batch: int
) -> None:
    _as_in_torch(f"input: {shape}\nlayers:\n{_CONV}- {layer}\n- {activation}\n{_POOL}", batch)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("activation", ["relu", "hard_swish"])
@pytest.mark.parametrize(("shape", "layer", "filters"), _IN_ORDER)
def test_a_volume_that_keeps_its_order_is_copied_too(
    shape: str, layer: str, filters: int, activation: str, batch: int
) -> None:
    conv = f"- conv: {{filters: {filters}, kernel: 1}}\n"
    _as_in_torch(f"input: {shape}\nlayers:\n{conv}- {layer}\n- {activation}\n- fc-3\n", batch)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_vector_in_as_many_groups_as_numbers_is_copied(batch: int) -> None:
    _as_in_torch(
        "input: 6\nlayers:\n- fc-4\n- channel_shuffle: {groups: 4}\n- relu\n- fc-3\n", batch
    )


@pytest.mark.parametrize("precision", ["fp32", "amp-bf16"])
@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("shape", ["12", "1x12", "1x1x12", "1", "1x1x1", "2x12"])
@pytest.mark.parametrize(
    "layer", ["prelu: {parameters: channel}", "prelu", "scale", "scale: {bias: true}"]
)
def test_a_gradient_is_summed_where_it_has_another_shape(
    layer: str, shape: str, batch: int, precision: str
) -> None:
    pool = _POOL if shape == "2x12" else ""
    _as_in_torch(f"input: {shape}\nlayers:\n- {layer}\n- {layer}\n{pool}", batch, precision)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("first", ["", _CONV])
@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ("9x3", "kernel: 3"),
        ("9x3", "kernel: 1, bias: false"),  # each window's copy is made, where a view would do
        ("7x6x3", "kernel: 3, pad: 1"),
        ("7x6x3", "kernel: [1, 2], stride: 3, pad: [0, 1, 2, 0]"),
        ("9x9x3", "kernel: 1, stride: 4"),  # its windows are less than what is between them
        ("4x5x4x2", "kernel: 2, bias: false"),
    ],
)
def test_a_locally_connected_layer_copies_its_windows(
    shape: str, options: str, first: str, batch: int
) -> None:
    """What follows overwrites its output, which is a copy too."""
    local = f"- locally_connected: {{filters: 12, {options}}}\n"
    spec = f"input: {shape}\nrounding: ceil\nlayers:\n{first}{local}- relu\n{_POOL}"
    _as_in_torch(spec, batch)
    from tests.memory.live_bytes import inference_peak

    analysis = analyze(load("net.yaml", spec.encode()), Settings(batch))
    assert Account(inference(analysis), batch).peak == inference_peak(analysis)
