"""Autocast: which gradients are there while a weight's full gradient is made of the half one.

A conv hands on its input's gradient at once, and it is added to the other readers'. An fc of a
volume flattens it first, before its weight is cast: of the backward pass that view is the last.
"""

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.precisions import with_precision
from convcalc.memory.training import training
from convcalc.spec.load import load

_A = "- conv: {filters: 8, kernel: 1}\n  name: a\n"
_AUXILIARY = "- fc: {units: 64}\n  name: aux\n"
_LAST = "- fc: {units: 9}\n  name: main\n  from: a\n"
_MAIN = "- conv: {filters: 2, kernel: 1}\n  name: c\n  from: a\n- fc: {units: 2}\n  name: main\n"

#: Layers, batch, and the most bytes of the forward and of the backward pass: measured in PyTorch
#: 2.13, bfloat16 and SGD without momentum, of the code that `export` writes.
_MEASURED = {
    "an auxiliary head": (_A + _AUXILIARY + _MAIN, 240_280, 377_840),
    "its flatten written out": (_A + "- flatten\n" + _AUXILIARY + _MAIN, 240_280, 377_840),
    "a volume read three times": (
        _A + "- fc: {units: 48}\n  name: b\n" + _AUXILIARY + "  from: a\n" + _MAIN,
        394_304,
        560_152,
    ),
    "a conv in its place": (
        _A + "- conv: {filters: 64, kernel: 8}\n  name: aux\n" + _MAIN,
        240_280,
        361_456,
    ),
    "a vector, which is not flattened": (
        "- fc: {units: 300}\n  name: a\n" + _AUXILIARY + _LAST,
        395_542,
        572_384,
    ),
    "pooled to one position": (
        "- conv: {filters: 64, kernel: 1}\n- global_avg_pool:\n  name: a\n" + _AUXILIARY + _LAST,
        165_796,
        187_000,
    ),
}
_BATCH = 16


def _analysis(layers: str) -> Analysis:
    outputs = "aux, b, main" if "name: b" in layers else "aux, main"
    spec = f"input: 8x8x2\noutputs: [{outputs}]\nlayers:\n{layers}"
    settings = with_precision(Settings(_BATCH, optimizer="sgd"), "amp-bf16")
    found = analyze(load("net.yaml", spec.encode()), settings)
    assert not found.broken, found.findings
    return found


@pytest.mark.parametrize("net", _MEASURED)
def test_a_view_of_the_input_hands_on_its_gradient_after_the_casts(net: str) -> None:
    layers, *measured = _MEASURED[net]
    found = Account(training(_analysis(layers), _BATCH), _BATCH)
    assert [found.phase("forward"), found.phase("backward")] == measured


@pytest.mark.parametrize("net", _MEASURED)
def test_they_are_the_bytes_of_pytorch(net: str) -> None:
    pytest.importorskip("torch")
    from tests.memory.live_training import training_peaks

    layers, *measured = _MEASURED[net]
    assert [*training_peaks(_analysis(layers))] == measured
