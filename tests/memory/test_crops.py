"""Crops of several axes: bytes that PyTorch 2.13 was asked for in the backward pass.

conv3-8, relu (in place) or none, ``x[:, :, a:b, c:d].contiguous()``, the same, conv1-4, a global
average, fc-10; every storage was followed. A slice is of one axis: each has a gradient of its own.
"""

import json

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.precisions import with_precision
from convcalc.memory.training import training
from convcalc.spec.load import load

#: Input, what is cut, relus, batch, bytes in full and in half precision.
_MEASURED: list[tuple[str, list[int], bool, int, int, int]] = [
    ("16x16x3", [1, 1, 6, 6], False, 2, 38_552, 26_656),
    ("16x16x3", [1, 1, 6, 6], True, 1, 29_288, 18_948),
    ("16x16x3", [6, 6, 1, 1], False, 2, 28_312, 21_536),
    ("16x16x3", [6, 6, 1, 1], True, 1, 29_288, 18_948),
    ("16x16x3", [1, 1, 1, 1], False, 2, 39_192, 26_968),
    ("16x16x3", [1, 1, 1, 1], True, 1, 31_720, 20_164),
    ("16x16x3", [0, 0, 1, 1], False, 2, 43_672, 29_208),
    ("64x3", [3, 24], False, 2, 9_112, 6_752),
    ("8x8x8x3", [1, 1, 2, 2, 0, 3], False, 2, 73_048, 51_776),
    ("8x8x8x3", [1, 1, 2, 2, 0, 3], True, 1, 58_664, 38_436),
    ("8x8x8x3", [1, 1, 0, 0, 0, 3], False, 2, 73_048, 51_776),
]


@pytest.mark.parametrize(("shape", "sides", "relus", "batch", "full", "half"), _MEASURED)
def test_every_axis_that_is_cut_has_a_gradient_of_its_own(
    shape: str, sides: list[int], relus: bool, batch: int, full: int, half: int
) -> None:
    relu: list[object] = ["relu"] if relus else []
    first = {"conv": {"filters": 8, "kernel": 3, "pad": 1}}
    last = {"conv": {"filters": 4, "kernel": 1}}
    layers = [first, *relu, {"crop": {"sides": sides}}, *relu, last, "global_avg_pool", "fc-10"]
    network = load("a.yaml", f"input: {shape}\nlayers: {json.dumps(layers)}\n".encode())
    for precision, expected in (("fp32", full), ("amp-bf16", half)):
        settings = with_precision(Settings(batch, optimizer="sgd"), precision)
        analysis = analyze(network, settings)
        assert not analysis.broken, analysis.findings
        assert Account(training(analysis, batch), batch).phase("backward") == expected, precision


def test_a_crop_to_the_size_of_another_layer_is_one_of_its_sides() -> None:
    def backward(crop: dict[str, object]) -> int:
        layers: list[object] = [
            "conv3-8",
            {"max_pool": {"kernel": 3, "stride": 2}, "name": "p"},
            {"crop": crop, "from": "conv1"},
            {"concat": {}, "from": ["crop1", "p"]},
            "fc-10",
        ]
        analysis = analyze(
            load("a.yaml", f"input: 15x15x3\nlayers: {json.dumps(layers)}\n".encode())
        )
        assert not analysis.broken, analysis.findings
        return Account(training(analysis, 2), 2).phase("backward")

    assert backward({"like": "p"}) == backward({"size": 7}) == backward({"sides": 4})
