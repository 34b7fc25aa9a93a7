"""The bytes of the layers in a table: under autocast those that their outputs really have."""

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Precision, Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.layer_tensors import Tabulation
from convcalc.memory.precisions import NAMES, with_precision
from convcalc.memory.widths import activation_bytes, output_widths
from convcalc.report.analysis.fold import folded, unfolded
from convcalc.report.analysis.json import layer_objects
from convcalc.spec.load import load
from tests.every_kind import NETS, network

_NET = b"""input: 8x8x4
layers:
- conv3-8
- softmax
- conv3-8
- add:
  from: [conv2, softmax1]
- batch_norm
- fc-3
"""


def _analysis(precision: Precision, spec: bytes = _NET) -> Analysis:
    return analyze(load("a.yaml", spec), with_precision(Settings(batch=2), precision))


def test_convolutions_make_halves_and_softmax_makes_floats() -> None:
    layers = layer_objects(_analysis("amp-fp16"))
    widths = {
        layer["name"]: layer["bytes"] // (2 * layer["activations"])
        for layer in layers
        if layer["new_volume"]
    }
    assert widths == {
        "input": 4, "conv1": 2, "softmax1": 4, "conv2": 2, "batch_norm1": 2, "fc1": 2,
    }  # fmt: skip


@pytest.mark.parametrize("precision", NAMES)
@pytest.mark.parametrize(("shape", "layer"), NETS)
def test_a_width_is_the_one_that_the_memory_model_runs_with(
    shape: str, layer: str, precision: Precision
) -> None:
    analysis = analyze(network(shape, layer), with_precision(Settings(batch=2), precision))
    assert not analysis.broken, analysis.findings
    assert list(output_widths(analysis)) == list(Tabulation(analysis, training=True).widths)


@pytest.mark.parametrize("precision", NAMES)
def test_the_lines_add_up_to_the_total(precision: Precision) -> None:
    spec = b"""input: 8x8x4
blocks:
  part: {layers: [conv3-8, batch_norm, relu, softmax]}
layers: [part, part, conv3-8, fc-3]
"""
    analysis = _analysis(precision, spec)
    for lines in (unfolded(analysis), folded(analysis)):
        assert sum(line.memory for line in lines) == activation_bytes(analysis)
    assert sum(layer["bytes"] for layer in layer_objects(analysis)) == 2 * activation_bytes(
        analysis
    )
