"""Layers that a Keras model writes out with operators, as `export` and as people write them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convcalc
from convcalc.interop.read.model import read
from convcalc.interop.write.keras.net import write
from tests.interop.keras_models import assert_computes_as_keras, flat_of, why
from tests.interop.nets import one

keras = pytest.importorskip("keras")
pytestmark = pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of Keras on torch

EXPORTED = [
    ("9x9x4", "max_pool: {kernel: 3, stride: 2, pad: 1}"),
    ("9x9x4", "max_pool: {kernel: 3, stride: 2, pad: [1, 0, 0, 1]}"),
    ("9x4", "max_pool: {kernel: 3, stride: 2, pad: 1}"),
    ("9x9x4", "avg_pool: {kernel: 3, stride: 1, pad: [0, 1, 1, 0], count_padding: false}"),
    ("9x9x4", "l2_pool: {kernel: 3, stride: 2, pad: 1}"),
    ("9x9x4", "l2_pool: {kernel: 3, stride: 2}"),
    ("9x9x4", "pad: {sides: 1, mode: reflect}"),
    ("9x9x4", "pad: {sides: [1, 2, 0, 1], channels: [1, 2]}"),
    ("9x9x8", "lrn: {size: 4, alpha: 0.0002, alpha_over: size, k: 1}"),
    ("9x9x8", "lrn: {size: 5, alpha_over: size}"),
    ("9x9x12", "channel_shuffle: {groups: 3}"),
    ("1x1x12", "channel_shuffle: {groups: 4}"),
    ("6x8x8", "pixel_shuffle: {factor: 2}"),
    ("6x8x8", "pixel_shuffle: {factor: 2, order: dcr}"),
    ("6x4x2x8", "pixel_shuffle: {factor: 2}"),
    ("6x8x2", "space_to_depth: {factor: 2}"),
    ("6x8x2", "space_to_depth: {factor: 2, order: dcr}"),
    ("6x4", "space_to_depth: {factor: 3}"),
]


@pytest.mark.parametrize(("shape", "layer"), EXPORTED)
def test_an_exported_layer_is_read_back(shape: str, layer: str) -> None:
    found = one(f"  - {layer}\n", shape)
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    flat = flat_of(names["build"]())
    assert [*map(face, flat.items[1:])] == [*map(face, found.network.steps[1:])]


def face(item: Any) -> tuple[object, ...]:
    """What a layer is; padding may be said as numbers or as `same`."""
    windows = [(w.kernel, w.stride, w.begin, w.end) for w in item.size.windows]
    said = {key: value for key, value in vars(item.layer).items() if key != "pad"}
    return item.kind, item.output, windows, said


def reshaped(*steps: tuple[str, tuple[int, ...]]) -> Callable[[Any], Any]:
    def build(x: Any) -> Any:
        for name, given in steps:
            x = getattr(keras.layers, name)(given)(x)
        return x

    return build


def split_in_ops(x: Any) -> Any:
    ops = keras.ops
    return ops.reshape(
        ops.transpose(ops.reshape(x, (-1, 8, 6, 2, 2)), (0, 1, 2, 4, 3)), (-1, 8, 6, 4)
    )


WRITTEN = [
    (
        reshaped(
            ("Reshape", (4, 2, 3, 2, 4)), ("Permute", (1, 3, 2, 4, 5)), ("Reshape", (4, 3, -1))
        ),
        "space_to_depth",
    ),
    (
        reshaped(
            ("Reshape", (8, 6, 2, 2, 1)), ("Permute", (1, 3, 2, 4, 5)), ("Reshape", (16, 12, 1))
        ),
        "pixel_shuffle",
    ),
    (
        reshaped(("Reshape", (8, 6, 2, -1)), ("Permute", (1, 2, 4, 3)), ("Reshape", (8, 6, 4))),
        "channel_shuffle",
    ),
    (split_in_ops, "channel_shuffle"),
    (lambda x: keras.ops.reshape(x, (-1, 4, 12, 4)), "reshape"),
    (lambda x: keras.ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))), "pad"),
    (
        lambda x: keras.layers.MaxPooling2D(3, 2)(
            keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
        ),
        "max_pool",
    ),
]


@pytest.mark.parametrize(("function", "kind"), WRITTEN)
def test_they_are_what_keras_computes(function: Any, kind: str, tmp_path: Path) -> None:
    x = keras.Input((8, 6, 4))
    model = keras.Model(x, function(x))
    assert [item.kind for item in flat_of(model).items[1:]] == [kind]
    given = np.arange(8 * 6 * 4, dtype=np.float32).reshape(1, 8, 6, 4) - 90
    assert_computes_as_keras(model, given, tmp_path)


def test_a_sequential_model_writes_them_out_too() -> None:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 6, 4)),
            layers.Reshape((8, 6, 2, 2)),
            layers.Permute((1, 2, 4, 3)),
            layers.Reshape((8, 6, 4)),
            layers.Conv2D(3, 1),
        ]
    )
    assert [item.kind for item in flat_of(model).items] == ["input", "channel_shuffle", "conv"]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (reshaped(("Reshape", (4, 2, 3, 2, 4))), "Reshape to 5 axes (4x2x3x2x4): reshape"),
        (
            reshaped(("Reshape", (4, 2, 24)), ("Permute", (2, 1, 3)), ("Reshape", (8, 6, 4))),
            "Reshape of axes in another order (4x2x24 taken 1x0x2)",
        ),
        (
            lambda x: keras.ops.pad(x, ((1, 1), (0, 0), (0, 0), (0, 0))),
            "keras.ops.Pad of the batch",
        ),
        (lambda x: keras.ops.pad(x, 1, mode="symmetric"), "keras.ops.Pad of the batch"),
        (
            lambda x: keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric"),
            "keras.ops.Pad with mode symmetric (constant, reflect, edge are here)",
        ),
        (lambda x: keras.ops.transpose(x, (0, 2, 1, 3)), "keras.ops.Transpose"),
    ],
)
def test_what_is_refused(function: Any, said: str) -> None:
    x = keras.Input((8, 6, 4))
    assert said in why(keras.Model(x, function(x)))


def test_infinities_elsewhere_are_noted() -> None:
    x = keras.Input((8, 6, 4))
    padded = keras.ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    flat = flat_of(keras.Model(x, [keras.layers.MaxPooling2D(3)(padded), padded]))
    assert [item.kind for item in flat.items] == ["input", "pad", "max_pool"]
    assert any("written as zeros" in note for note in flat.notes)


def test_a_mean_by_other_shares_is_refused() -> None:
    found = one(
        "  - avg_pool: {kernel: 3, stride: 1, pad: [0, 1, 1, 0], count_padding: false}\n", "5x5x1"
    )
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    text = json.loads(names["build"]().to_json())
    (divided,) = [x for x in text["config"]["layers"] if x["class_name"] == "TrueDivide"]
    value = divided["inbound_nodes"][0]["args"][1]["config"]["value"]
    value[0][0][0][0] += 0.5
    with pytest.raises(convcalc.interop.flat.UnsupportedError, match="by an array"):
        read("net.json", io.BytesIO(json.dumps(text).encode()))
