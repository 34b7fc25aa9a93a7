"""Every kind's line of PyTorch and of Keras is run and gives `forward`'s own numbers.

The layer's arrays are put into the module that the line makes, or stand as names that it uses.
Skips where the framework is not installed.
"""

import os
import warnings

import numpy as np
import pytest
from every_kind import NETS, network

from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.explain.words import TABLE, TOOLS, in_words
from convcalc.layers import BY_NAME
from convcalc.layers.bases import CanOverwrite

#: placed at random, in ways of their own
RANDOM = {"fractional_max_pool"}


def cases():
    rows = [
        (analyze(network(shape, layers)), f"{shape}-{layers}") for shape, layers in [*NETS, *MORE]
    ]
    return [
        pytest.param(found, id=name)
        for found, name in rows
        if found.rows[-1].step.kind not in RANDOM
    ]


#: options that matter to the numbers and not to the sizes
MORE = [
    ("4x5x6", "{leaky_relu: {negative_slope: 0.3}}"),
    ("4x5x6", "{leaky_relu: {negative_slope: -0.3}}"),
    ("4x5x6", "{elu: {alpha: 0.5}}"),
    ("4x5x6", "{elu: {alpha: -0.5}}"),
    ("4x5x6", "{lrn: {size: 4, alpha: 0.7, beta: 0.5, k: 1}}"),
    ("4x5x9", "{lrn: {alpha: 0.7, alpha_over: size}}"),
    ("7x6x3", "{avg_pool: {kernel: 3, stride: 2, pad: 1}}"),
    ("7x6x3", "{avg_pool: {kernel: 3, stride: 1, pad: 1, count_padding: false}}"),
    ("7x6x3", "{max_pool: {kernel: 3, stride: 2, pad: 1}}"),
    ("6x6x3", "{l2_pool: {kernel: 3, stride: 1}}"),
    ("9x3", "{pad: {sides: [2, 1], mode: reflect}}"),
    ("4x5x6x2", "{pad: {sides: 1, mode: edge}}"),
    ("4x5x6", "multiply: {branches: [[conv3-6, global_avg_pool], []]}"),
    ("12", "batch_norm"),
    ("12", "abs"),
    ("7x3", "{upsample: {scale: 2, mode: bilinear}}"),
    ("3x4x5x2", "{upsample: {scale: 2, mode: bilinear}}"),
    ("3x4x5x2", "{upsample: {size: [4, 4, 9], mode: bilinear}}"),
    # uneven padding goes before the pool, whose last window would then start in it
    ("6x4x3", "{max_pool: {kernel: 2, pad: [0, 1, 0, 1], rounding: ceil}}"),
    ("6x5x3", "{max_pool: {kernel: [2, 3], pad: [0, 1, 0, 1], rounding: ceil}}"),
    ("6x4x3", "{avg_pool: {kernel: 2, pad: [0, 1, 0, 1], rounding: ceil}}"),
    ("6x4x3", "{avg_pool: {kernel: [2, 3], pad: [0, 1, 0, 1], rounding: ceil}}"),
    ("7x3", "scale"),
    ("12", "{scale: {bias: true}}"),
]


def given(found):
    """The last layer's inputs, and its arrays as PyTorch stores them."""
    rng = np.random.default_rng(5)
    row = found.rows[-1]
    inputs = [rng.normal(size=(2, *shape)).astype("f4") for shape in row.inputs]
    arrays = {}
    for learned in row.step.layer.arrays(row.inputs, row.step.output):
        numbers = rng.normal(size=learned.shape).astype("f4")
        arrays[learned.name] = np.abs(numbers) if learned.name == "running_var" else numbers
    return row, inputs, arrays


def expected(found, row, inputs, arrays):
    ready = {}
    for learned in row.step.layer.arrays(row.inputs, row.step.output):
        array = arrays[learned.name].reshape(learned.apart or learned.shape)
        ready[learned.name] = np.ascontiguousarray(
            array.transpose(learned.order) if learned.order else array
        )
    ops = NumPyOps(found.network.roundings, exact=True)
    copies = [x.copy() for x in inputs]
    return row.step.layer.forward(ops, copies, ready)


def close(got, wanted):
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=2e-4, atol=2e-5 * max(np.abs(wanted).max(), 1))


@pytest.mark.parametrize("found", cases())
def test_pytorch_computes_the_same(found):
    torch = pytest.importorskip("torch")
    row, inputs, arrays = given(found)
    code = in_words(row, "pytorch")
    if not code:
        pytest.skip("no words")
    wanted = expected(found, row, inputs, arrays)
    first = [torch.from_numpy(np.moveaxis(x, -1, 1).copy()) for x in inputs]
    names = {f"x{i}": x for i, x in enumerate(first, 1)}
    names |= {name: torch.from_numpy(a) for name, a in arrays.items()}
    names |= {"x": first[0], "torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    if " += " in code:
        exec(code, names)
        got = names["x1"]
    else:
        made = torch_code(torch, code, names, arrays)
        got = made(first[0]) if isinstance(made, torch.nn.Module) else made
    got = got.detach().numpy()
    if row.step.kind == "flatten":  # the same numbers, there by channel, here by position
        wanted = wanted.reshape(2, *row.inputs[0])
        got = got.reshape(2, row.inputs[0][-1], *row.inputs[0][:-1])
    close(np.moveaxis(got, 1, -1) if got.ndim > 2 else got, wanted)


@pytest.mark.parametrize("shape", ["13x3", "13x14x3", "7x8x9x3"])
def test_a_pool_at_random_gives_the_size_on_every_number_of_axes(shape):
    torch = pytest.importorskip("torch")
    row = analyze(network(shape, "{fractional_max_pool: {output: 5}}")).rows[-1]
    x = torch.randn(2, 3, *row.inputs[0][:-1])
    made = torch_code(torch, in_words(row, "pytorch"), {"x": x, "nn": torch.nn}, {})
    got = made(x) if isinstance(made, torch.nn.Module) else made
    assert got.shape == (2, 3, *row.step.output[:-1])


@pytest.mark.parametrize("name", [n for n, k in BY_NAME.items() if issubclass(k, CanOverwrite)])
def test_what_pytorch_has_not_in_place_is_told(name):
    torch = pytest.importorskip("torch")
    row = analyze(network("4x5x6", f"{{{name}: {{in_place: true}}}}")).rows[-1]
    has = "inplace=True" in in_words(row, "pytorch") or hasattr(torch, f"{name}_")
    assert has is ("PyTorch has none" not in BY_NAME[name].in_place.doc)


@pytest.mark.parametrize("shape", ["6", "1x1x6"])
def test_an_instance_norm_of_one_position_is_refused_by_pytorch_itself(shape):
    """A vector alone would be taken for one image, its units for positions."""
    torch = pytest.importorskip("torch")
    code = in_words(analyze(network(shape, "instance_norm")).rows[-1], "pytorch")
    x = torch.randn(2, 6, *(1,) * shape.count("x"))
    with pytest.raises(ValueError, match="more than 1 spatial element"):
        made = torch_code(torch, code, {"x": x}, {})
        made(x)


def torch_code(torch, code, names, arrays):
    """What a line evaluates to, its module carrying the arrays, all modules in a sequence."""

    class Loaded:
        """`nn`, whose modules take over the arrays that they have names for."""

        def __getattr__(self, name):
            def make(*args, **options):
                module = getattr(torch.nn, name)(*args, **options).eval()
                own = {k: torch.from_numpy(v) for k, v in arrays.items()}
                if module.state_dict():
                    module.load_state_dict(own, strict=False)
                    assert own.keys() <= module.state_dict().keys()
                return module

            return make

    made = eval(code, {**names, "nn": Loaded()})
    return torch.nn.Sequential(*made) if isinstance(made, tuple) else made


def test_keras_computes_the_same(monkeypatch):
    """All in one test: importing Keras takes seconds."""
    pytest.importorskip("torch")
    monkeypatch.setitem(os.environ, "KERAS_BACKEND", "torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own
        keras = pytest.importorskip("keras")
    ran, wrong = set(), []
    for case in cases():
        (found,) = case.values
        row, inputs, arrays = given(found)
        code = in_words(row, "keras").removesuffix(" (right after a relu: its padding is 0)")
        if not code:
            continue
        if "right after a relu" in in_words(row, "keras"):
            inputs = [np.abs(x) for x in inputs]
        wanted = expected(found, row, inputs, arrays)
        try:
            got = keras_result(keras, code, row, inputs, arrays)
            close(got, wanted)
        except Exception as error:
            wrong.append(f"{case.id}: {code}: {error}"[:300])
        ran.add(row.step.kind)
    assert not wrong
    assert len(ran) >= 38


def keras_result(keras, code, row, inputs, arrays):
    names = {f"x{i}": keras.ops.convert_to_tensor(x) for i, x in enumerate(inputs, 1)}
    x = names["x1"]
    made = eval(code, {**names, "x": x, "keras": keras, "layers": keras.layers})
    made = made if isinstance(made, tuple) else (made,)
    for layer in made:
        if not isinstance(layer, keras.layers.Layer):
            return layer.detach().numpy()
        layer.build(tuple(x.shape))
        if layer.weights:
            layer.set_weights([keras_array(w, row, arrays) for w in layer.weights])
        x = layer(x)
    return x.detach().numpy()


_THEIRS = {
    "kernel": "weight", "depthwise_kernel": "weight", "gamma": "weight", "alpha": "weight",
    "beta": "bias", "bias": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
}  # fmt: skip


def keras_array(weight, row, arrays):
    """An array of the layer in Keras's order: kernel, channels, filters."""
    array = arrays[_THEIRS[weight.name]]
    shape = tuple(weight.shape)
    kind = row.step.kind
    if kind == "fc" and array.ndim == 2:
        *spatial, channels = row.inputs[0]
        apart = array.reshape(-1, channels, *spatial)
        return np.moveaxis(apart, (0, 1), (-1, -2)).reshape(shape)
    if kind == "depthwise_conv" and array.ndim > 2:
        moved = np.moveaxis(array[:, 0], 0, -1)  # kernel, channels * multiplier
        return moved.reshape(shape)
    if kind == "conv_transpose" and array.ndim > 2:  # ours: channels, filters, kernel
        return np.moveaxis(array, (0, 1), (-1, -2))
    if kind == "conv" and array.ndim > 2:
        return np.moveaxis(array, (0, 1), (-1, -2))
    if kind == "layer_norm" and array.ndim > 1:
        return np.moveaxis(array, 0, -1).reshape(shape)
    return array.reshape(shape)


def test_every_kind_has_its_words_or_the_reason_why_not():
    assert TABLE.keys() == BY_NAME.keys()
    for kind, words in TABLE.items():
        for tool in TOOLS:
            said = getattr(words, tool)
            assert callable(said) or " " in said, (kind, tool)
