"""Functions of `keras.ops` between layers: activations, means and maxima over all positions."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.keras_models import assert_computes_as_keras

keras = pytest.importorskip("keras")


def kinds(*functions: object, shape: tuple[int, ...] = (8, 6, 3)) -> list[str]:
    y = x = keras.Input(shape)
    for function in functions:
        y = function(y)  # type: ignore[operator]
    data = keras.Model(x, y).to_json().encode()
    flat = read("net.json", io.BytesIO(data))
    assert flat.items[-1].output == tuple(y.shape[1:])
    return [item.kind for item in flat.items[1:]]


def test_activations() -> None:
    names = ["relu", "relu6", "sigmoid", "tanh", "silu", "selu", "hard_sigmoid", "elu"]
    ops = keras.ops
    assert kinds(*(getattr(ops, name) for name in names)) == names
    assert kinds(ops.hard_silu, ops.leaky_relu) == ["hard_swish", "leaky_relu"]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_means_and_maxima(axes: int) -> None:
    ops, shape, over = keras.ops, (*(8, 6, 4)[:axes], 3), list(range(1, axes + 1))
    mean = kinds(lambda x: ops.mean(x, axis=over), keras.layers.Dense(2), shape=shape)
    assert mean == ["global_avg_pool", "flatten", "fc"]
    kept = kinds(lambda x: ops.max(x, axis=over, keepdims=True), shape=shape)
    assert kept == ["global_max_pool"]


def test_over_other_axes() -> None:
    for axis in (-1, [1], None):
        with pytest.raises(UnsupportedError):
            kinds(lambda x, axis=axis: keras.ops.mean(x, axis=axis, keepdims=True))


@pytest.mark.parametrize("approximate", [True, False])
def test_gelu_is_noted_in_its_tanh_form(approximate: bool) -> None:
    """The default of `keras.ops.gelu`, unlike that of the activation of its name."""
    x = keras.Input((8, 6, 3))
    y = keras.ops.gelu(x, approximate=approximate)
    flat = read("net.json", io.BytesIO(keras.Model(x, y).to_json().encode()))
    assert [item.kind for item in flat.items] == ["input", "gelu"]
    assert [note.startswith("gelu in its tanh form") for note in flat.notes] == [True] * approximate


@pytest.mark.parametrize(
    ("function", "made"),
    [
        (lambda x: x[:, ::2, ::2], ["max_pool"]),
        (lambda x: x[:, 1:-1, 1:-1], ["crop"]),
        (lambda x: x[:, 1::2, 1::3], ["crop", "max_pool"]),
        (lambda x: x[..., :2], ["slice"]),
        (lambda x: x[..., 1::2, 1:], ["crop", "max_pool", "slice"]),
        (lambda x: x[:, -4:], ["crop"]),
        (lambda x: x[:, :], []),
    ],
)
@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of Keras on PyTorch
def test_slices_are_what_keras_computes(function: Any, made: list[str], tmp_path: Path) -> None:
    assert kinds(lambda x: function(x * 2)) == ["scale", *made]
    x = keras.Input((9, 7, 3))
    model = keras.Model(x, function(x * 2))
    given = np.arange(9 * 7 * 3, dtype=np.float32).reshape(1, 9, 7, 3)
    assert_computes_as_keras(model, given, tmp_path)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x[:, 1],
        lambda x: x[:, None],
        lambda x: x[0:1, :],
        lambda x: x[..., ::2],
        lambda x: x[:, ::-1],
        lambda x: x[:, 8:],
    ],
)
def test_other_indices_are_refused(function: Any) -> None:
    with pytest.raises(UnsupportedError, match=r"x\[\.\.\.\]"):
        kinds(function)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("float32", []),
        ("float16", ["its numbers are float16: `--dtype float16` counts their bytes"]),
        ("float64", ["its numbers are float64: `--dtype float64` counts their bytes"]),
        (
            "mixed_bfloat16",
            [
                "its layers run in mixed_bfloat16, with weights of float32: "
                "`--precision amp-bf16` counts them as PyTorch's autocast does"
            ],
        ),
    ],
)
def test_a_dtype_policy_is_said_with_the_option_that_counts_it(
    policy: str, said: list[str]
) -> None:
    layers = keras.layers
    x = keras.Input((8, 6, 3))
    y = keras.Sequential([layers.Conv2D(4, 3, dtype=policy)])(x)
    y = layers.Dense(2, dtype="float32" if "mixed" in policy else policy)(y)
    data = keras.Model(x, y).to_json().encode()
    assert read("net.json", io.BytesIO(data)).notes == tuple(said)


def test_what_does_nothing_in_inference_is_said_so() -> None:
    layers = keras.layers
    x = keras.Input((8, 6, 3))
    y = layers.GaussianNoise(0.1)(layers.SpatialDropout2D(0.2)(layers.Rescaling(0.5)(x)))
    flat = read("net.json", io.BytesIO(keras.Model(x, y).to_json().encode()))
    assert flat.notes == (
        "GaussianNoise: left out, it does nothing in inference",
        "Rescaling: left out, since it prepares data",
        "a dropout of whole channels is written as dropout: the same in inference",
    )
