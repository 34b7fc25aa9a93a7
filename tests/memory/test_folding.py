"""Which batch norms are folded on small devices, and what flash holds where they are not."""

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Dtype, Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.arena import plan
from convcalc.memory.edge import in_place_depthwise, quantized
from convcalc.memory.folding import batch_norms, flash_words, folded, staying_words, weight_bytes
from convcalc.report.analysis.planned import planned
from convcalc.spec.load import load

_CONV = "conv: {filters: 8, kernel: 3, pad: 1, bias: false}"
_WEIGHTS = 3 * 3 * 4 * 8


def _analysis(layers: str, dtype: Dtype = "int8", head: str = "input: 8x8x4") -> Analysis:
    found = analyze(load("net.yaml", f"{head}\nlayers: [{layers}]".encode()), Settings(dtype=dtype))
    assert not found.broken, found.findings
    return found


def _named(analysis: Analysis, steps: frozenset[int]) -> set[str]:
    return {analysis.rows[step].step.name for step in steps}


@pytest.mark.parametrize("affine", ["true", "false", "scale", "shift"])
def test_whatever_a_folded_norm_learns_it_leaves_a_bias_a_filter(affine: str) -> None:
    norm = f"{{batch_norm: {{affine: {affine}}}}}"
    assert weight_bytes(_analysis(f"{{{_CONV}}}, {norm}")) == _WEIGHTS + 4 * 8
    assert weight_bytes(_analysis(f"conv3-8, {norm}")) == _WEIGHTS + 4 * 8


@pytest.mark.parametrize("affine", ["true", "false", "scale", "shift"])
def test_whatever_a_norm_learns_that_stays_it_is_a_factor_and_a_shift_a_channel(
    affine: str,
) -> None:
    layers = f"relu, {{batch_norm: {{affine: {affine}}}}}"
    assert weight_bytes(_analysis(layers)) == 4 * 2 * 4
    assert weight_bytes(_analysis(layers, "float32")) == 4 * 2 * 4
    assert weight_bytes(_analysis(layers, "float16")) == 2 * 2 * 4


def test_norms_without_statistics_cost_what_they_learn() -> None:
    assert weight_bytes(_analysis(f"{{{_CONV}}}, layer_norm")) == _WEIGHTS + 4 * 16
    assert weight_bytes(_analysis(f"{{{_CONV}}}, instance_norm")) == _WEIGHTS
    assert (
        weight_bytes(_analysis("{scale: {bias: true}}, {prelu: {parameters: channel}}")) == 4 * 12
    )


_TWO = "inputs: {a: 8x8x4, b: 8x8x4}"


def test_towers_that_share_all_weights_are_folded_both() -> None:
    left = f"{{{_CONV}, name: c, from: a}}, {{batch_norm: {{}}, name: n}}"
    right = f"{{{_CONV}, name: d, from: b, weights: c}}, {{batch_norm: {{}}, name: m, weights: n}}"
    analysis = _analysis(f"{left}, {right}, {{add: {{}}, from: [n, m]}}", head=_TWO)
    assert _named(analysis, folded(analysis)) == {"n", "m"}
    assert weight_bytes(analysis) == _WEIGHTS + 4 * 8


def test_one_array_takes_in_no_two_norms() -> None:
    heads = f"{{{_CONV}, name: c, from: a}}, {{batch_norm: {{}}, name: n}}"
    heads += f", {{{_CONV}, name: d, from: b, weights: c}}, {{batch_norm: {{}}, name: m}}"
    analysis = _analysis(f"{heads}, {{add: {{}}, from: [n, m]}}", head=_TWO)
    assert not folded(analysis) and len(batch_norms(analysis)) == 2
    assert weight_bytes(analysis) == _WEIGHTS + 2 * 4 * 16
    assert flash_words(analysis) == ", with int32 biases and 0 of 2 batch norms folded"
    assert staying_words(analysis).startswith("2 batch norms stay, two int32 a channel: ")
    assert quantized(analysis) is analysis


def test_a_use_without_the_norm_keeps_it_out() -> None:
    layers = f"{{{_CONV}, name: c, from: a}}, {{batch_norm: {{}}, name: n}}"
    layers += f", {{{_CONV}, name: d, from: b, weights: c}}, {{add: {{}}, from: [n, d]}}"
    analysis = _analysis(layers, head=_TWO)
    assert not folded(analysis)
    assert weight_bytes(analysis) == _WEIGHTS + 4 * 16


def test_two_layers_take_in_one_norm_each_with_its_own_biases() -> None:
    layers = f"{{{_CONV}, name: c, from: a}}, {{batch_norm: {{}}, name: n}}"
    layers += f", {{{_CONV}, name: d, from: b}}, {{batch_norm: {{}}, name: m, weights: n}}"
    analysis = _analysis(f"{layers}, {{add: {{}}, from: [n, m]}}", head=_TWO)
    assert _named(analysis, folded(analysis)) == {"n", "m"}
    assert weight_bytes(analysis) == 2 * (_WEIGHTS + 4 * 8)


def test_a_norm_that_one_layer_takes_in_stays_for_another() -> None:
    layers = f"{{{_CONV}, name: c, from: a}}, {{batch_norm: {{}}, name: n}}, relu"
    analysis = _analysis(f"{layers}, {{batch_norm: {{}}, name: m, weights: n}}", head=_TWO)
    assert _named(analysis, folded(analysis)) == {"n"}
    assert weight_bytes(analysis) == _WEIGHTS + 4 * 8 + 4 * 16


def test_a_volume_that_is_read_before_its_norm_is_kept() -> None:
    head = "input: 8x8x4\noutputs: [c, n]"
    analysis = _analysis(f"{{{_CONV}, name: c}}, {{batch_norm: {{}}, name: n}}", head=head)
    assert not folded(analysis)
    assert weight_bytes(analysis) == _WEIGHTS + 4 * 16


def test_floats_fold_nothing() -> None:
    analysis = _analysis(f"{{{_CONV}}}, batch_norm", "float32")
    assert not folded(analysis) and not flash_words(analysis) and not staying_words(analysis)
    assert weight_bytes(analysis) == 4 * (_WEIGHTS + 16)


def test_the_plan_that_analyze_lists_folds_as_fit_does() -> None:
    analysis = _analysis(f"{{{_CONV}}}, batch_norm, relu")
    arena, less = planned(analysis)
    assert arena == less == plan(quantized(analysis))
    assert arena.size == 8 * 8 * (4 + 8)


def test_a_depthwise_convolution_does_not_write_over_what_others_read() -> None:
    # dropout is the conv's volume itself, which the sum reads later; a second input is the caller's
    wide = "{conv: {filters: 16, kernel: 1}, name: c}, {dropout: {}, name: d}"
    deep = "{depthwise_conv: {kernel: 3, pad: 1}, name: e}"
    read = _analysis(f"{wide}, {deep}, {{add: {{}}, from: [c, e]}}")
    assert in_place_depthwise(read, arena := plan(read)) is arena
    alone = _analysis(f"{wide}, {deep}, conv1-4")
    assert in_place_depthwise(alone, plan(alone)).size == 8 * 8 * 20
    second = _analysis(
        "{conv: {filters: 4, kernel: 1}, from: a}, {depthwise_conv: {kernel: 1}, from: b}",
        head=_TWO,
    )
    assert in_place_depthwise(second, arena := plan(second)) is arena
