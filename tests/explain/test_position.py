"""One output of a layer as NumPy writes it, run on the arrays of `verify` (Numpy examples)."""

import math
from itertools import chain
from typing import Any

import numpy as np
import pytest
from every_kind import NETS, network

from convcalc.analysis.numpy_lines.table import TABLE
from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.backend import pool_to_size
from convcalc.cli import run
from convcalc.explain.position import at_position
from convcalc.layers import KINDS
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.traits import Family
from convcalc.spec.load import load
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays, verify

_MOST = 32  #: outputs of a layer that are made

#: options and places that tests/every_kind.py leaves out, each the last layer of its net
MORE = [
    ("4x5x6", "{leaky_relu: {negative_slope: 0.123456789}}"),
    ("4x5x6", "{elu: {alpha: 0.7}}"),
    ("4x5x6", "{lrn: {size: 4, alpha: 0.123456789, k: 1, beta: 0.5}}"),
    ("4x5x6", "{group_norm: {groups: 2, affine: false}}"),
    ("4x5x6", "{layer_norm: {affine: false}}"),
    ("4x5x6", "{scale: {parameters: one}}"),
    ("6x7x4", "{conv_transpose: {filters: 4, kernel: 2, pad: 1, dilation: 3, groups: 2}}"),
    ("5x6x4", "{upsample: {scale: 2, mode: bilinear}}"),
    ("9x8x3", "{upsample: {size: [4, 11], mode: bilinear}}"),
    ("9x8x3", "{upsample: {size: [4, 11]}}"),
    ("3x4x8", "{pixel_shuffle: {factor: 2}}, flatten"),
    ("3x4x5x8", "{pixel_shuffle: {factor: 2}}"),
    ("4x6x2x3", "{space_to_depth: {factor: 2, order: dcr}}"),
    ("7x3", "{locally_connected: {filters: 4, kernel: 3, stride: 2, bias: false}}"),
    ("20x3", "{fractional_max_pool: {ratio: 0.7}}"),
    ("8x9x3", "{adaptive_avg_pool: {output: 3}}, batch_norm, flatten, {fc: {units: 4}}, softmax"),
    ("5x6x3", "{pad: {sides: [2, 0, 1, 4], mode: reflect}}"),
    ("6x3", "{pad: {sides: [1, 2]}}"),
    ("6x7x3", "multiply: {branches: [[], [global_avg_pool]]}"),
    ("6x7x4", "concat: {branches: [[], [{slice: {start: 1, stop: 3}}], [conv1-2]]}"),
    ("6x7x3", "{maximum: {branches: [[], [relu], [abs]]}}"),
    ("12", "batch_norm"),
    ("12", "softmax"),
    ("12", "{reshape: {shape: 2x2x3}}"),
]  # fmt: skip


class Ran:
    """A net that ran: its analysis, every volume of one image, the arrays, the regions drawn."""

    def __init__(self, found: Analysis, given: dict[int, Any] | None = None) -> None:
        self.found = found
        steps = plan(found)
        weights = random_arrays(found, steps, 3)
        inputs = random_inputs(found, steps, 3) if given is None else given
        self.given = {i: x.copy() for i, x in inputs.items()}
        everything = frozenset(range(len(found.rows)))
        self.regions: list[list[slice]] = []
        kept = verify(found, steps, lambda: Arrays(weights, inputs), True, everything).kept
        self.batch = {**kept, **self.given}
        self.volumes = {i: x[0] for i, x in self.batch.items()}
        self.weights = {i: weights.get(steps.owners[i], {}) for i in steps.steps}


def ran(shape: str, layers: str, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The net after one pass; what a fractional pool draws is kept."""
    drawn: list[list[slice]] = []
    original = pool_to_size._regions

    def regions(*args: Any) -> list[slice]:
        drawn.append(original(*args))
        return drawn[-1]

    monkeypatch.setattr(pool_to_size, "_regions", regions)
    found = analyze(network(shape, layers), Settings(1, "float64"))
    assert not found.broken, [f.message for f in found.findings]
    made = Ran(found)
    made.regions = drawn
    return made


def places(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All outputs of a small volume; the corners and some others of a large one."""
    if math.prod(shape) <= _MOST:
        return list(np.ndindex(shape))
    corners = [tuple(o * (s - 1) for o, s in zip(c, shape, strict=True))
               for c in np.ndindex((2,) * len(shape))]  # fmt: skip
    draw = np.random.default_rng(1)
    others = (tuple(int(draw.integers(size)) for size in shape) for _ in range(_MOST))
    return list(dict.fromkeys(chain(corners, others)))


def names_of(made: Ran, index: int, page: list[str]) -> dict[str, Any]:
    """What the page's line may name: its arrays, as the page says that they are."""
    row = made.found.rows[index]
    inputs = [made.volumes[i] for i in row.step.inputs]
    names: dict[str, Any] = {"np": np, "math": math, "max": max, "x": inputs[0]}
    names |= {f"X{i}": x for i, x in enumerate(inputs, 1)} | made.weights[index]
    padded = next((text for text in page if text.startswith("X is the padded input: ")), "")
    names["X"] = eval(padded.partition(": ")[2], names) if padded else inputs[0]
    layer, own = row.step.layer, made.weights[index]
    if isinstance(layer, ConvTranspose):
        names["X"] = spread_out(layer, row, inputs[0])
    if layer.family in (Family.CONVOLUTION, Family.TRANSPOSED_CONVOLUTION):
        names |= filters(row, own)
    elif layer.family is Family.FULLY_CONNECTED:
        names |= {"W": np.moveaxis(own["weight"], -1, 0).reshape(row.step.output[0], -1)}
        names["b"] = own.get("bias")
    elif row.step.kind == "fractional_max_pool":
        axes = {1: ["length"], 2: ["height", "width"]}[len(made.regions)]
        for axis, parts in zip(axes, made.regions, strict=True):
            names[axis] = [part.start for part in parts] + [parts[-1].stop]
    return names


def filters(row: Row, own: dict[str, Any]) -> dict[str, Any]:
    """W0, b0 and so on; of a locally connected layer W and b."""
    weight, bias = own["weight"], own.get("bias")
    if row.step.kind == "locally_connected":
        return {"W": np.moveaxis(weight, -1, len(row.step.output) - 1), "b": bias}
    names = {}
    for k in range(row.step.output[-1]):
        if isinstance(row.step.layer, ConvTranspose):
            each, depth = weight.shape[-1], row.inputs[0][-1] // row.step.layer.groups
            first = k // each * depth
            names[f"W{k}"] = weight[..., first : first + depth, k % each]
        else:
            names[f"W{k}"] = weight[..., k]
        names[f"b{k}"] = None if bias is None else bias[k]
    return names


def spread_out(layer: ConvTranspose, row: Row, x: Any) -> Any:
    """The input with stride - 1 zeros between its numbers and F_eff - 1 - pad before them."""
    for number in range(x.ndim - 1):
        _, kernel, stride, begin, _, dilation, *_ = layer.axes_of(row.inputs[0][:-1])[number]
        extent = (kernel - 1) * dilation + 1
        out = np.zeros((*x.shape[:number], row.step.output[number] + extent - 1,
                        *x.shape[number + 1 :]))  # fmt: skip
        for i in range(x.shape[number]):
            at = extent - 1 - begin + i * stride
            if 0 <= at < out.shape[number]:
                np.moveaxis(out, number, 0)[at] = np.moveaxis(x, number, 0)[i]
        x = out
    return x


@pytest.mark.parametrize(("shape", "layers"), [*NETS, *MORE])
def test_the_line_of_every_kind_makes_the_number_of_the_layer(
    shape: str, layers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_make_the_numbers(ran(shape, layers, monkeypatch))


@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ("8x7x2", "{conv: {filters: 2, kernel: 3, stride: 2}}"),
        ("9x4x2", "{conv: {filters: 2, kernel: 2, stride: 3, pad: [1, 0, 0, 1]}}"),
        ("10x9x2", "{depthwise_conv: {kernel: 2, stride: 3}}"),
        ("10x3", "{locally_connected: {filters: 2, kernel: 2, stride: 3}}"),
        ("8x7x2", "{avg_pool: {kernel: 3, stride: 2, pad: [1, 0, 0, 1]}}"),
        ("8x7x2", "{max_pool: {kernel: 3, stride: 2, pad: [1, 0, 0, 1]}}"),
    ],
)
def test_a_line_at_the_edge_of_what_is_rounded_up(shape: str, layers: str) -> None:
    text = f"input: {shape}\nrounding: ceil\nlayers: [{layers}]\n"
    found = analyze(load("net.yaml", text.encode()), Settings(1, "float64"))
    assert not found.broken, [f.message for f in found.findings]
    assert any(window.overhang for window in found.rows[-1].step.size.windows)
    lines_make_the_numbers(Ran(found))


def lines_make_the_numbers(made: Ran) -> None:
    """Check the line of every layer, at all or many of its outputs."""
    for index, row in enumerate(made.found.rows):
        if row.step.layer is None:
            continue
        volume, names = made.volumes[index], None
        for place in places(volume.shape):
            section = at_position(made.found, index, place)
            page = [fact.text for fact in section.lines]
            assert section.lines[0].label == "NumPy"
            names = names or names_of(made, index, page)
            target, equals, value = page[0].partition(" = ")
            assert equals and target == f"V[{','.join(map(str, place))}]"
            assert eval(value, names) == pytest.approx(volume[place], rel=1e-9, abs=1e-12), value


@pytest.mark.parametrize(("shape", "layers"), [*NETS, *MORE])
def test_an_output_depends_on_its_field_of_the_input(shape: str, layers: str) -> None:
    """Other numbers outside of the field leave the output as it is, unless the page says so.

    Each image of a batch is another but for the field of one output.
    """
    net = network(shape, layers)
    index, made = len(net.steps) - 1, net.steps[-1].output
    tried = places(made)[:: _MOST // 8]
    found = analyze(net, Settings(len(tried) + 1, "float64"))
    ((source, given),) = random_inputs(found, plan(found), 3).items()
    compared = []
    for image, place in enumerate(tried, 1):
        section = at_position(found, index, place)
        texts = [fact.text for fact in section.lines]
        label = next(fact.text for fact in section.lines if fact.label == "input")
        if "has one position" in label or any(t.startswith(("and", "or on")) for t in texts):
            continue
        spans = section.numbers.get("field", [])
        inside = tuple(slice(a, b + 1) for a, b in zip(spans[::2], spans[1::2], strict=True))
        if inside:
            given[(image, *inside)] = given[(0, *inside)]
        compared.append((image, place, label))
    volume = Ran(found, {source: given}).batch[index]
    for image, place, label in compared:
        same = pytest.approx(volume[(0, *place)], rel=1e-12, abs=1e-15)
        assert volume[(image, *place)] == same, (place, label)


def test_every_kind_has_its_line() -> None:
    assert list(TABLE) == [name for name, _, _ in KINDS]


@pytest.mark.parametrize(
    ("layers", "note"),
    [
        ("batch_norm", "this is inference; in training the mean and the variance"),
        ("{dropout: {rate: 0.5}}", "this is inference; in training"),
        ("gelu", "NumPy has no erf"),
        ("layer_norm", "bias, weight are the layer's arrays in a state_dict"),
        ("{pad: {sides: 2}}", "reads padding alone, nothing of the net's 4x5x6"),
        ("instance_norm", "by the mean and the variance in instance_norm1"),
    ],
)
def test_what_a_line_does_not_say_is_beside_it(layers: str, note: str) -> None:
    found = analyze(network("4x5x6", layers))
    texts = [fact.text for fact in at_position(found, 1, (0, 0, 0)).lines]
    assert any(note in text for text in texts), texts


def test_a_net_of_many_norms_names_the_first() -> None:
    spec = b"input: 8x8x4\nlayers: [instance_norm, instance_norm, instance_norm]\n"
    found = analyze(load("n.yaml", spec))
    texts = [fact.text for fact in at_position(found, len(found.rows) - 1, (0, 0, 0)).lines]
    assert sum("the rest of it" in text for text in texts) == 1
    assert texts[-1].endswith("and 2 more layers")


def test_a_unit_of_an_fc_depends_on_all_of_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "alexnet", "fc6", "7"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "V[7] = np.dot(W[7], X.ravel()) + b[7]" in out
    assert "depends on height 0..226, width 0..226 of the net's 227x227x3" in out


@pytest.mark.parametrize(
    ("words", "pad"),
    [
        (["--net", "pool3s2p1"], "constant_values=-np.inf"),
        (["--net", "conv3-2"], "np.pad(x, [(1, 1), (1, 1), (0, 0)])"),
    ],
)
def test_what_the_padding_is(words, pad, capsys: pytest.CaptureFixture[str]) -> None:
    layer = "max_pool1" if "pool" in words[1] else "conv1"
    rounding = ["--rounding", "floor"]
    assert run(["explain", "--input", "9x9x2", *words, *rounding, layer, "0,0,0"]) == 0
    assert pad in " ".join(capsys.readouterr().out.split())
