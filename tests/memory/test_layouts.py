"""In which order volumes and gradients lie: every kind against what PyTorch's kernels made."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from every_kind import network

from convcalc.analysis.walk import analyze
from convcalc.layers.saved import SAVES_NOTHING
from convcalc.memory.layouts import order_of

RUN = "run python tests/memory/measure_layouts.py (it needs PyTorch) and read what it changes"
_CASES = json.loads((Path(__file__).parent / "layouts.json").read_text(encoding="utf-8"))["cases"]

#: Kinds for which CUDA has kernels that make another order than the CPU's, which are measured.
_OTHER_ON_CUDA = {
    "group_norm": "reads its input channels first",
    "pixel_shuffle": "composed of views and a copy",
    "space_to_depth": "the same, in the backward pass",
    "channel_shuffle": "the same",
    "pad": "mirrors and repeats channels first",
}


@pytest.mark.parametrize("case", _CASES, ids=lambda case: " ".join(case["net"]))
def test_a_layer_makes_the_order_that_pytorch_makes(case: dict[str, Any]) -> None:
    analysis = analyze(network(*case["net"]))
    row = analysis.rows[-1]
    layer = row.step.layer
    assert layer is not None
    if layer.kind in _OTHER_ON_CUDA:
        pytest.skip(_OTHER_ON_CUDA[layer.kind])
    for last, given in product((False, True), (False, True)):
        order = order_of(row, layer, row.in_place, SAVES_NOTHING, False, (last,))
        found = order.last, order.of_gradient(given)
        for own, letter in zip(found, case["orders"]["FL"[last] + "FL"[given]], strict=True):
            assert letter in ("-", "FL"[own]), f"{last} {given}: {found}; {RUN}"
