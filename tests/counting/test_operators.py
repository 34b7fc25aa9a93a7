"""Operators and modules that are no net's usual ones, as other tools counted them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from measured import DATA

from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.spec.load import load

OPERATORS: dict[str, Any] = json.loads((DATA / "probes" / "operators.json").read_text())

#: by the name of what was measured: the layer, and how often it reads the input
_LAYERS = {
    "x - x": ("subtract", 2),
    "torch.sub": ("subtract", 2),
    "torch.abs": ("abs", 1),
    "x.abs()": ("abs", 1),
    "torch.maximum": ("maximum", 2),
    "torch.maximum of 3": ("maximum", 3),
    "(x + x) / 2": ("average", 2),
    "(x + x + x) / 3": ("average", 3),
    "PixelUnshuffle 2": ("space_to_depth: {factor: 2}", 1),
    "space to depth 1d": ("space_to_depth: {factor: 2}", 1),
    "space to depth 3d": ("space_to_depth: {factor: 2}", 1),
    "Scale": ("scale", 1),
    "Scale bias": ("scale: {bias: true}", 1),
    "Scale one": ("scale: {parameters: one}", 1),
    "Scale bias vector": ("scale: {bias: true}", 1),
    "x * 0.5": ("scale: {by: 0.5}", 1),
    "LPPool1d 3 s2": ("l2_pool: {kernel: 3, stride: 2, rounding: floor}", 1),
    "LPPool2d 2": ("l2_pool: {kernel: 2}", 1),
    "LPPool2d 3 s1": ("l2_pool: {kernel: 3, stride: 1}", 1),
    "LPPool2d 3 s2 ceil": ("l2_pool: {kernel: 3, stride: 2, rounding: ceil}", 1),
    "LPPool3d 2": ("l2_pool: {kernel: 2}", 1),
    "FractionalMaxPool2d": ("fractional_max_pool: {output: [5, 4]}", 1),
    "FractionalMaxPool3d": ("fractional_max_pool: {output: [2, 3, 4]}", 1),
    "Sub": ("subtract", 2),
    "Max": ("maximum", 2),
    "Max of 3": ("maximum", 3),
    "Abs": ("abs", 1),
    "Mul by weights": ("scale", 1),
    "Mul and Add by weights": ("scale: {bias: true}", 1),
    "Mul by one weight": ("scale: {parameters: one}", 1),
    "Mul by a number": ("scale: {by: 0.5}", 1),
    "MaxPool to 3x5": ("adaptive_max_pool: {output: [3, 5]}", 1),
    "MaxPool to 6x2": ("adaptive_max_pool: {output: [6, 2]}", 1),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_every_measured_number_of_an_operator(name: str) -> None:
    layer, operands = _LAYERS[name.partition(" [batch")[0]]
    batch, channels, *axes = OPERATORS[name]["_"]["input"]
    readers = ", ".join(["input"] * operands)
    lines = f"{layer}:\n    from: [{readers}]" if operands > 1 else layer
    shape = "x".join(map(str, [*axes, channels]))
    net = analyze(load("n.yaml", f"input: {shape}\nlayers:\n  - {lines}\n".encode()))
    assert not net.broken, net.findings
    assert net.rows[-1].step.output, name
    counter = Counter(net, batch)
    for tool, measured in OPERATORS[name].items():
        if tool == "_":
            continue
        count = counter.count(find(tool.replace("_", "-")))
        assert count.operations == measured["total"], tool
        assert count.params == measured.get("params", count.params), tool
        assert count.also.get("macs") == measured.get("macs"), tool
        assert count.activations == measured.get("activations", count.activations), tool
        assert count.memory == measured.get("output_bytes", measured.get("memory", count.memory))


def test_a_siamese_net_is_counted() -> None:
    text = (
        b"inputs: {a: 8x8x3, b: 8x8x3}\nlayers:\n  - conv: {filters: 4, kernel: 3}\n    name: one\n"
        b"    from: a\n  - conv: {filters: 4, kernel: 3}\n    weights: one\n    from: b\n"
        b"    name: two\n  - subtract:\n    from: [one, two]\n  - abs\n"
    )
    counter = Counter(analyze(load("n.yaml", text)))
    macs = 2 * 6 * 6 * 4 * 3 * 9
    assert counter.count(find("thop")).operations == macs
    assert counter.count(find("fvcore")).operations == macs
    assert counter.count(find("torchinfo")).operations == macs + 2 * 6 * 6 * 4
