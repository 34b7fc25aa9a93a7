"""`convcalc diff` of nets that say the same in other words, and of those that do not."""

import numpy as np
import pytest
from every_kind import NETS, network

from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.difference.compare import difference
from convcalc.difference.record import Difference
from convcalc.layers.base import Layer
from convcalc.layers.bases import NoParameters
from convcalc.layers.computed import PASSES
from convcalc.layers.option import Option
from convcalc.layers.words import Choice
from convcalc.spec.load import load


def compare(size: str, old: str, new: str) -> Difference:
    texts = (f"input: {size}\nlayers: [{layers}]\n".encode() for layers in (old, new))
    nets = [analyze(load("a.yaml", text)) for text in texts]
    assert not any(finding.severity == "error" for net in nets for finding in net.findings)
    return difference(*nets)


TWO = "{conv: {filters: 4, kernel: 3}, name: a}, {conv: {filters: 4, kernel: 1}, from: input}, "


@pytest.mark.parametrize(
    ("size", "old", "new", "other"),
    [
        ("28x28x116", "{slice: {start: 58, stop: 116}}", "{slice: {start: 58}}",
            "{slice: {start: 57, stop: 115}}"),
        ("28x28x4", TWO + "{crop: {like: a}}", TWO + "{crop: {sides: 1}}",
            TWO + "{crop: {sides: [0, 2, 0, 2]}}"),
        ("28x28x4", "{crop: {size: 26}}", "{crop: {sides: [1, 1, 1, 1]}}",
            "{crop: {sides: [2, 0, 2, 0]}}"),
        ("7x7x16", "{avg_pool: {kernel: 7}}", "global_avg_pool", "global_max_pool"),
        ("7x7x16", "{avg_pool: {kernel: 7, stride: 1}}", "{adaptive_avg_pool: {output: 1}}",
            "{avg_pool: {kernel: 9, pad: 1}}"),
        ("7x7x16", "{max_pool: {kernel: 7}}", "global_max_pool", "{l2_pool: {kernel: 7}}"),
        ("8x6x4", "{max_pool: {kernel: [2, 3]}}", "{adaptive_max_pool: {output: [4, 2]}}",
            "{max_pool: {kernel: [2, 1], stride: [2, 5]}}"),
        ("7x7x9", "{lrn: {size: 5, alpha: 0.0005, alpha_over: size}}", "{lrn: {alpha: 0.0001}}",
            "{lrn: {size: 5, alpha: 0.0005}}"),
        ("7x7x9", "{lrn: {size: 3, alpha: 0.3, alpha_over: size}}", "{lrn: {size: 3, alpha: 0.1}}",
            "{lrn: {size: 3, alpha: 0.3, alpha_over: size, k: 1}}"),
        ("6x5x4", "relu, {dropout: {rate: 0}}, tanh", "relu, identity, tanh",
            "relu, {dropout: {rate: 0.1}}, tanh"),
        ("6x5x4", "relu, {dropout: {rate: 0}}, tanh", "relu, tanh", "tanh, relu"),
        ("6x5x4", "relu, identity, tanh, identity", "relu, tanh", "relu, tanh, relu"),
        ("6x5x4", "{upsample: {scale: 2}}", "{upsample: {size: [12, 10]}}",
            "{upsample: {scale: 2, mode: bilinear}}"),
        ("9x9x4", "{depthwise_conv: {kernel: 3, pad: same, multiplier: 2}}",
            "{conv: {filters: 8, kernel: 3, pad: 1, groups: 4}}",
            "{conv: {filters: 8, kernel: 3, pad: [2, 0, 2, 0], groups: 4}}"),
        ("13x13x4", "{fractional_max_pool: {ratio: 0.7}}", "{fractional_max_pool: {output: 9}}",
            "{fractional_max_pool: {output: 9, overlapping: false}}"),
        ("4x5x6", "flatten, {fc: {units: 3}}", "{reshape: {shape: [120]}}, {fc: {units: 3}}",
            "flatten, {fc: {units: 3, bias: false}}"),
        ("4x5x6", "conv3-4, flatten, fc-3", "conv3-4, fc-3", "conv3-4, flatten, relu, fc-3"),
        ("4x5x6", "conv3-4, {reshape: {shape: [80]}}, identity, fc-3", "conv3-4, fc-3",
            "conv3-4, {reshape: {shape: [80]}}, tanh, fc-3"),
        ("4x5x6", "conv3-4, flatten, {subtract: {branches: {a: [fc-3], b: [fc-3]}}}",
            "conv3-4, {subtract: {branches: {a: [fc-3], b: [fc-3]}}}",
            "conv3-4, flatten, {subtract: {branches: {a: [fc-3], b: [sigmoid, fc-3]}}}"),
        ("8x8x4", "{avg_pool: {kernel: 2, count_padding: false}}", "{avg_pool: {kernel: 2}}",
            "{avg_pool: {kernel: 3, stride: 2, pad: [1, 0, 1, 0]}}"),
    ],
)  # fmt: skip
def test_other_words_are_no_difference_and_other_layers_are(
    size: str, old: str, new: str, other: str
) -> None:
    for first, second in ((old, new), (new, old)):
        found = compare(size, first, second)
        assert found.none and not found.changed, found.changed
        assert not found.real
    assert not compare(size, old, other).none
    assert not compare(size, other, new).none


def test_what_a_layer_says_otherwise_is_shown_where_it_costs_memory() -> None:
    """A pool that slides keeps its input for its backward pass; a mean over all keeps nothing."""
    layers = "conv3-8, {scale: {by: 2}}, {%s}, {fc: {units: 4000}}, {fc: {units: 4000}}"
    found = compare("7x7x8", layers % "avg_pool: {kernel: 7}", layers % "global_avg_pool: {}")
    (changed,) = found.changed
    assert (changed.before.step.kind, changed.ripple) == ("avg_pool", False)
    assert not found.none and not (found.added or found.removed)


@pytest.mark.parametrize("more", ["relu", "{dropout: {rate: 0}}, tanh", "softmax"])
def test_a_flatten_that_is_needed_now_has_not_changed(more: str) -> None:
    """Alone before an fc it does nothing; before another layer it does, and is the same."""
    for old, new in (("", f"{more}, "), (f"{more}, ", "")):
        found = compare("4x5x6", f"conv3-4, flatten, {old}fc-3", f"conv3-4, flatten, {new}fc-3")
        assert not found.changed
        assert not found.none
        assert "flatten" not in {row.step.kind for row in (*found.added, *found.removed)}


def test_a_flatten_that_is_an_output_is_a_layer() -> None:
    texts = ("flatten, {fc-3: , name: b}", "{fc-3: , name: b}")
    nets = [
        analyze(load("a.yaml", f"input: 4x4x2\nlayers: [{text}]\noutputs: [{out}]".encode()))
        for text, out in zip(texts, ("flatten1, b", "b"), strict=True)
    ]
    assert not difference(*nets).none


def test_a_dropout_that_drops_nothing_is_its_input_in_memory() -> None:
    nothing, none = (
        difference(*[analyze(load("a.yaml", f"input: 9\nlayers: [{layers}]\n".encode()))] * 2)
        for layers in ("fc-9, {dropout: {rate: 0}}, fc-9", "fc-9, fc-9")
    )
    sizes = [{t.name: t.after for t in found.totals if t.bytes} for found in (nothing, none)]
    assert sizes[0] == sizes[1]


def variations(layer: Layer, option: Option[object]) -> list[Layer]:
    """The layer with one option otherwise, as far as that can be made up."""
    value = layer.__dict__[option.name]
    others: list[object]
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int | float):
        others = [value + 1, value / 2, 0, type(value)(1)]
    elif isinstance(value, tuple) and value and all(isinstance(v, int) for v in value):
        others = [
            tuple(v + 1 for v in value),
            (*value[:-1], value[-1] + 1),
            value[::-1],
            (0,),
            (1,),
        ]
    elif isinstance(option, Choice):
        others = [*option.words]
    else:
        others = [(1,), (2,), "same"]
    return [layer.replace(**{option.name: other}) for other in others if other != value]


@pytest.mark.parametrize(("shape", "layers"), NETS, ids=[f"{s}-{t}" for s, t in NETS])
def test_layers_that_are_said_to_compute_the_same_do(shape: str, layers: str) -> None:
    """No real difference is lost: each option changed, the numbers of both are held together."""
    net = network(shape, layers)
    row = analyze(net).rows[-1]
    layer, output = row.step.layer, row.step.output
    assert layer is not None and output is not None
    rng = np.random.default_rng(3)
    inputs = [rng.standard_normal((1, *one)) for one in row.inputs]

    def made(one: Layer) -> np.ndarray:
        stream = np.random.default_rng(5)
        arrays = {}
        for learned in one.arrays(row.inputs, output):
            array = 0.5 + stream.random(learned.apart or learned.shape)
            arrays[learned.name] = array.transpose(learned.order) if learned.order else array
        ops = NumPyOps(net.roundings, exact=True)
        return one.forward(ops, [x.copy() for x in inputs], arrays)

    own, said = made(layer), layer.computes(row.inputs, output)
    if said == PASSES:
        assert np.array_equal(own, inputs[0])
    drawn = layer.kind == "fractional_max_pool"
    for option in layer.options():
        for other in variations(layer, option):
            try:
                size = other.sizing(row.inputs, net.roundings)
                if size.output != output or (drawn and option.name == "output"):
                    continue
                found = made(other)
            except (ValueError, TypeError, IndexError, AssertionError, ZeroDivisionError):
                continue  # no layer of that kind
            if other.computes(row.inputs, output) == said:
                assert np.allclose(own, found), (option.name, other)
            elif isinstance(layer, NoParameters) and layer.kind not in {"dropout"} and not drawn:
                assert not np.array_equal(own, found), (option.name, other)


@pytest.mark.parametrize(("first", "second"), [(False, None), (None, False), (True, None)])
def test_a_layer_that_makes_a_new_volume_is_named_though_no_peak_differs(
    first: bool | None, second: bool | None
) -> None:
    chain = "conv3-16, {relu: %s}, pool2, {relu: %s}, fc-10"
    options = (
        "{}" if one is None else f"{{in_place: {str(one).lower()}}}" for one in (first, second)
    )
    found = compare("32x32x8", chain % ("{}", "{}"), chain % tuple(options))
    apart = [f"relu{number}" for number, one in enumerate((first, second), 1) if one is False]
    assert [change.after.step.name for change in found.changed] == apart
    assert all(change.own == ("in_place true -> false",) for change in found.changed)
    grown = {total.name: total.increase for total in found.totals}
    assert bool(grown["activations"]) is bool(apart)
    assert not grown["inference_memory"] or first is False  # relu1 is where the peak is


def test_a_layer_that_another_keeps_from_overwriting_has_no_other_option() -> None:
    read = "conv3-4, relu, {add: , from: [relu1, %s]}"
    found = compare("32x32x4", read % "relu1", read % "conv1")
    assert not any("in_place" in own for change in found.changed for own in change.own)
