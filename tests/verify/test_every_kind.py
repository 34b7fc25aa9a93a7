"""One harness for every layer kind: it runs as predicted, its arrays are as it counts."""

import sys
from functools import cache
from math import prod

import numpy as np
import pytest
from every_kind import NETS, network

from convcalc import window
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.backend.activation import KERNELS
from convcalc.layers import KINDS
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import Limits
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays, verify


def run(shape, layers, batch=2, dtype="float32"):
    found = analyze(network(shape, layers), Settings(batch, dtype))
    assert not found.broken, [f.message for f in found.findings]
    steps = plan(found)

    def make():
        return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

    return verify(found, steps, make).verification


def test_every_kind_is_here():
    there = {s.kind for shape, layers in NETS for s in network(shape, layers).steps}
    missing = {name for name, _, _ in KINDS} - there
    assert not missing, "every kind has a net in tests/every_kind.py"


@cache
def _rules():
    """Where the window rule was imported."""
    names = ("slide", "unslide", "same_padding", "unslide_formula")
    modules = [m for m in list(sys.modules.values()) if m.__name__.startswith("convcalc")]
    return [(module, name) for module in modules for name in names if hasattr(module, name)]


@pytest.fixture
def no_window_rule(monkeypatch):
    """slide, unslide and same_padding raise, wherever they were imported, once a run starts."""

    def refuse(*args, **kwargs):
        raise AssertionError("a forward pass asked the window rule")

    def disable():
        for module, name in _rules():
            monkeypatch.setattr(module, name, refuse)

    return disable


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("shape, layers", NETS)
def test_runs_as_predicted_without_the_window_rule(shape, layers, dtype, no_window_rule):
    found = analyze(network(shape, layers), Settings(2, dtype))
    assert not found.broken, [f.message for f in found.findings]
    steps = plan(found)

    def make():
        no_window_rule()
        with pytest.raises(AssertionError):
            window.slide(5, 3)
        return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

    result = verify(found, steps, make).verification
    assert [(one.row.step.name, one.faults) for one in result.layers if one.faults] == []
    assert result.agrees and result.layers


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("kind", KERNELS)
def test_activations_of_large_volumes_take_the_memory_that_is_said(kind, dtype):
    layers = f"{{{kind}: {{}}}}"
    assert [one.faults for one in run("50x50x15", layers, 1, dtype).layers if one.faults] == []


@pytest.mark.parametrize("shape, layers", NETS)
def test_arrays_are_as_large_as_the_parameters(shape, layers):
    found = analyze(network(shape, layers))
    for row in found.rows:
        layer, output = row.step.layer, row.step.output
        if layer is None:
            continue
        own = layer.arrays(row.inputs, output)
        count = sum(prod(learned.shape) for learned in own)
        assert count == row.parameters.learned + row.parameters.buffers
        for learned in own:
            apart = learned.apart or learned.shape
            assert prod(apart) == prod(learned.shape)
            assert sorted(learned.order or range(len(apart))) == list(range(len(apart)))


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_numbers(seed):
    found = analyze(network("8x8x3", "{conv: {filters: 4, kernel: 3}}"))
    steps = plan(found)
    first, second, other = (random_arrays(found, steps, s) for s in (seed, seed, seed + 1))
    assert all((first[1][k] == second[1][k]).all() for k in first[1])
    assert not (first[1]["weight"] == other[1]["weight"]).any()
    assert np.unique(first[1]["weight"]).size > 100


def test_a_wrong_prediction_is_told(monkeypatch):
    """The check itself: a kernel that gives one row less, a NaN, or hides memory, is named."""
    from convcalc.backend.ops import NumPyOps

    whole = NumPyOps.max_pool
    monkeypatch.setattr(NumPyOps, "max_pool", lambda *a: whole(*a)[:, :-1].copy())
    found = run("12x12x3", "{max_pool: {kernel: 2}}")
    assert not found.agrees
    assert "predicted 6x6x3, observed 5x6x3" in found.layers[0].faults
    assert "predicted 108 numbers, observed 90" in found.layers[0].faults
    monkeypatch.setattr(NumPyOps, "max_pool", lambda *a: whole(*a) * np.float32(np.nan))
    found = run("12x12x3", "{max_pool: {kernel: 2}}")
    assert found.layers[0].faults == ("its output holds numbers that are not finite",)
    monkeypatch.setattr(
        NumPyOps, "max_pool", lambda *a: whole(*a) + np.zeros((2, 300, 300, 3), "f4")[:, :6, :6]
    )
    found = run("12x12x3", "{max_pool: {kernel: 2}}")
    (fault,) = found.layers[0].faults
    assert fault.startswith("predicted ") and "bytes alive, observed" in fault


@pytest.mark.parametrize("layers", ["[conv3-16, relu]", "[conv3-16, {add: [[conv3-16], []]}]"])
def test_in_place_means_no_second_volume(layers, monkeypatch):
    """A megabyte that is not overwritten shows as memory that was not predicted."""
    from convcalc.backend.ops import NumPyOps

    text = layers.replace("{add: ", "{add: {branches: ").replace("[]]}", "[]]}}")
    net = load("net", f"input: 128x128x4\nlayers: {text}\n".encode(), Overrides(), Limits())
    found = analyze(net)
    assert found.rows[-1].in_place
    steps = plan(found)

    def make():
        return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

    assert verify(found, steps, make).verification.agrees
    monkeypatch.setattr(NumPyOps, "_target", lambda self, x: np.empty_like(x))
    last = verify(found, steps, make).verification.layers[-1]
    assert "bytes alive, observed" in " ".join(last.faults)


@pytest.mark.parametrize("part", [32, 100, 256])
@pytest.mark.parametrize("side", [28, 44])  # one tile of cells, whose transform stays, and more
def test_filters_taken_a_part_at_a_time_declare_their_memory(part, side, monkeypatch):
    """What a large conv does, whose transformed filters are bounded: numbers and memory agree."""
    from convcalc.backend import winograd

    net = network(f"{side}x{side}x128", "{conv: {filters: 256, kernel: 3, pad: 1}}")
    found = analyze(net)
    steps = plan(found)
    kept = []
    for exact in (False, True):
        monkeypatch.setattr(winograd, "FILTERS", (36 * 128 * part,) * 2)

        def make():
            return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

        result = verify(found, steps, make, exact, frozenset({1}))
        assert result.verification.agrees, result.verification.layers[0].faults
        kept.append(result.kept[1])
    assert 0 < np.abs(kept[0] - kept[1]).max() < 1e-5 * np.abs(kept[1]).max()


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize(
    "entry",
    [
        "conv: {filters: 8, kernel: 1}",
        "fc: {units: 16, bias: false}",
        "add: {branches: [[{conv: {filters: 8, kernel: 1}}, relu], identity]}",
    ],
)
def test_random_weights_keep_the_numbers_of_deep_nets_finite(dtype: str, entry: str) -> None:
    """He's scale without a relu behind it overflowed: the net was said to disagree."""
    found = run("2x2x8", f"{{repeat: {{times: 1000, layers: [{{{entry}}}]}}}}", dtype=dtype)
    assert found.agrees
    assert all(one.finite for one in found.layers)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "edge"])
@pytest.mark.parametrize("channels", ["", ", channels: 0"])
def test_a_pad_of_a_vector_repeats_nothing(mode, channels):
    """It has no positions; `channels` alone pads it, with zeros."""
    found = run("5", f"pad: {{mode: {mode}{channels}}}")
    assert found.layers[-1].shape == (5,)
