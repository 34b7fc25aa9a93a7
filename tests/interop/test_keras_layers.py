"""Layers of Keras whose sizes or arguments have a rule of their own."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import read

Layer = tuple[str, dict[str, Any], list[str]]


def flat_of(layers: list[Layer], shape: tuple[int, ...]) -> Flat:
    """A model of layers, each with its class, its config and the names of those it reads.

    A layer's name is its class in lower case; the input's is x.
    """
    listed: list[dict[str, Any]] = [
        {
            "class_name": "InputLayer",
            "name": "x",
            "config": {"name": "x", "batch_shape": [None, *shape]},
            "inbound_nodes": [],
        }
    ]
    for cls, config, reads in layers:
        tensors = [
            {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}
            for name in reads
        ]
        args = [tensors] if len(tensors) > 1 else tensors
        name = cls.lower()
        listed.append(
            {
                "class_name": cls,
                "name": name,
                "config": {"name": name, **config},
                "inbound_nodes": [{"args": args, "kwargs": {}}],
            }
        )
    model = {
        "class_name": "Functional",
        "config": {
            "name": "net",
            "layers": listed,
            "input_layers": [["x", 0, 0]],
            "output_layers": [[listed[-1]["name"], 0, 0]],
        },
    }
    return read("net.json", io.BytesIO(json.dumps(model).encode()))


@pytest.mark.parametrize("rate", [0.025, 0.2])
def test_dropout_of_whole_samples_is_dropout(rate: float) -> None:
    """EfficientNet's stochastic depth: which numbers fall together matters in training alone."""
    config = {"rate": rate, "noise_shape": [None, 1, 1, 1]}
    flat = flat_of([("Dropout", config, ["x"])], (8, 8, 4))
    assert [item.kind for item in flat.items] == ["input", "dropout"]


@pytest.mark.parametrize(
    ("kernel", "stride", "expected"), [(2, 3, 51), (1, 2, 34), (3, 3, 51), (4, 3, 52), (2, 2, 34)]
)
def test_a_transposed_convolution_fills_its_stride(kernel: int, stride: int, expected: int) -> None:
    """Sizes of Keras 3.15: a window below the stride leaves a stride for every position."""
    config = {"filters": 6, "kernel_size": [kernel], "strides": [stride], "padding": "valid"}
    flat = flat_of([("Conv1DTranspose", config, ["x"])], (17, 4))
    assert flat.items[-1].output == (expected, 6)


@pytest.mark.parametrize(
    ("kernel", "dilation", "expected"), [(3, 2, 17), (3, 1, 17), (2, 2, 17), (2, 3, 16), (4, 3, 16)]
)
def test_a_padding_of_the_output_is_beside_half_a_dilated_window(
    kernel: int, dilation: int, expected: int
) -> None:
    """Sizes of Keras 3.15, `padding="same"` and `output_padding=0`."""
    config = {"filters": 6, "kernel_size": [kernel], "strides": [1], "padding": "same"}
    more = {"dilation_rate": [dilation], "output_padding": [0]}
    flat = flat_of([("Conv1DTranspose", config | more, ["x"])], (17, 4))
    assert flat.items[-1].output == (expected, 6)


@pytest.mark.parametrize("cls", ["Multiply", "Add"])
def test_a_vector_beside_a_volume_gets_axes_of_one(cls: str) -> None:
    """As Keras does, so that a gate needs no Reshape; other kinds still want equal shapes."""
    layers: list[Layer] = [
        ("GlobalAveragePooling2D", {}, ["x"]),
        (cls, {}, ["x", "globalaveragepooling2d"]),
    ]
    flat = flat_of(layers, (8, 9, 4))
    if cls == "Multiply":
        assert flat.items[-1].output == (8, 9, 4)
        assert [item.kind for item in flat.items[-2:]] == ["reshape", "multiply"]
    else:
        (fault,) = flat.faults
        assert fault[1].message == "add needs equal shapes, got 8x9x4 and 1x1x4"


def test_the_scaled_sum_of_inception_resnet_v2() -> None:
    """A class of keras.applications: the first input plus the second times a number."""
    layers: list[Layer] = [
        ("ReLU", {}, ["x"]),
        ("CustomScaleLayer", {"scale": 0.17}, ["x", "relu"]),
    ]
    flat = flat_of(layers, (8, 9, 4))
    assert [item.kind for item in flat.items] == ["input", "relu", "scale", "add"]
    scale, add = flat.items[-2:]
    assert scale.layer is not None
    assert scale.layer.__dict__["by"] == 0.17
    assert (scale.inputs, add.inputs) == ((1,), (0, 2))


@pytest.mark.parametrize("cls", ["GaussianDropout", "AlphaDropout"])
def test_other_dropouts_are_dropout_with_a_note(cls: str) -> None:
    flat = flat_of([(cls, {"rate": 0.2, "seed": 3}, ["x"])], (8, 8, 4))
    assert [item.kind for item in flat.items] == ["input", "dropout"]
    assert flat.notes == (f"{cls} is written as dropout: the same in inference",)


@pytest.mark.parametrize(
    ("activation", "words"),
    [
        ({}, "activation of Python code"),
        ({"value": ["4wEAAA=="]}, "activation of Python code"),
        (
            {"class_name": "__lambda__", "config": {"value": "4wEAAA=="}},
            "activation of Python code",
        ),
        (
            {"module": None, "class_name": "ReLU", "config": {}},
            "activation ReLU (not Keras's own)",
        ),
        (
            {"module": "builtins", "class_name": "function", "config": "relu"}
            | {"registered_name": "my>relu"},
            "activation relu (not Keras's own)",
        ),
        (
            {"module": "keras.layers", "class_name": "ReLU", "config": {"states": 2}},
            "activation ReLU with states = 2",
        ),
        (["relu"], "activation ['relu']"),
    ],
)
def test_activations_that_are_not_keras_s_own(activation: object, words: str) -> None:
    config = {"filters": 4, "kernel_size": [1, 1], "activation": activation}
    with pytest.raises(UnsupportedError) as caught:
        flat_of([("Conv2D", config, ["x"])], (8, 8, 4))
    assert caught.value.lines == (f"{words}: conv2d",)


def test_an_activation_that_keras_wrote_as_a_function() -> None:
    activation = {"module": "builtins", "class_name": "function", "config": "relu"}
    config = {"filters": 4, "kernel_size": [1, 1], "activation": activation}
    flat = flat_of([("Conv2D", config, ["x"])], (8, 8, 4))
    assert [item.kind for item in flat.items] == ["input", "conv", "relu"]


def test_prelu_after_a_layer_that_has_no_size() -> None:
    """The fault of the layer before it is said, not one of its axes."""
    conv = {"filters": 4, "kernel_size": [9, 9]}
    layers: list[Layer] = [("Conv2D", conv, ["x"]), ("PReLU", {"shared_axes": [1, 2]}, ["conv2d"])]
    ((_, fault),) = flat_of(layers, (8, 8, 4)).faults
    assert "does not fit" in fault.message


@pytest.mark.parametrize("shared", [[0], [-1], [4]])
def test_prelu_shares_no_other_axes_than_its_own(shared: list[int]) -> None:
    with pytest.raises(UnreadableError, match="layer prelu: shared_axes is"):
        flat_of([("PReLU", {"shared_axes": shared}, ["x"])], (8, 8, 4))


def sequential(*names: object, inner: str = "") -> bytes:
    """Convolutions of these names, the last of which may be a model with one of that name."""
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 8, 8, 3]}}
    config = {"filters": 3, "kernel_size": [3, 3]}
    layers = [{"class_name": "Conv2D", "config": {"name": name, **config}} for name in names]
    if inner:
        layers[-1] = json.loads(sequential(inner))
        layers[-1]["config"]["name"] = names[-1]
        layers[-1]["config"]["layers"].pop(0)
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}
    return json.dumps(model).encode()


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("c", "c"), "two layers are named c"),
        (({"a": 1},), "a layer is named {'a': 1}"),
        (("c" * 201,), "a layer's name has 201 letters: 200 at most"),
    ],
)
def test_names_that_mean_no_layer_are_refused(names: tuple[object, ...], why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read("net.json", io.BytesIO(sequential(*names)))


@pytest.mark.parametrize(("names", "inner"), [((None, None), ""), (("a/b", "a"), "b")])
def test_layers_share_weights_where_they_are_one_not_where_paths_agree(
    names: tuple[object, ...], inner: str
) -> None:
    flat = read("net.json", io.BytesIO(sequential(*names, inner=inner)))
    assert [item.kind for item in flat.items] == ["input", "conv", "conv"]
    assert [item.shares for item in flat.items] == [None] * 3


@pytest.mark.parametrize(
    ("more", "pad"), [({}, (6, 0)), ({"dilation_rate": [4]}, (24, 0)), ({"strides": [2]}, (6, 0))]
)
def test_causal_padding_lies_before_the_sequence(
    more: dict[str, Any], pad: tuple[int, int]
) -> None:
    config = {"filters": 8, "kernel_size": [7], "padding": "causal", **more}
    flat = flat_of([("Conv1D", config, ["x"])], (1000, 1))
    assert getattr(flat.items[1].layer, "pad", None) == pad


@pytest.mark.parametrize(
    ("cls", "config"),
    [
        ("Conv2D", {"filters": 8, "kernel_size": [7, 7]}),
        ("DepthwiseConv1D", {"kernel_size": [7]}),  # Keras has none
        ("Conv1D", {"filters": 8, "kernel_size": [7, 7]}),
        ("Conv1D", {"filters": 8, "kernel_size": [7], "dilation_rate": [1, 2]}),
    ],
)
def test_other_causal_padding_is_refused(cls: str, config: dict[str, Any]) -> None:
    shape = (32, 32, 1) if cls == "Conv2D" else (32, 1)
    with pytest.raises((UnreadableError, UnsupportedError)):
        flat_of([(cls, {**config, "padding": "causal"}, ["x"])], shape)


@pytest.mark.filterwarnings("ignore:__array__")
def test_causal_padding_computes_what_keras_computes(keras: Any, tmp_path: Path) -> None:
    """The output has the length of its input over the stride, and Keras's parameters."""
    convs = [
        keras.layers.Conv1D(4, 7, padding="causal"),
        keras.layers.Conv1D(4, 3, padding="causal", dilation_rate=4),
        keras.layers.Conv1D(4, 3, padding="causal", strides=2),
    ]
    model = keras.Sequential([keras.layers.Input((100, 1)), *convs])
    model.save(tmp_path / "m.keras")
    found = convcalc.analyze(tmp_path / "m.keras")
    assert found.totals.params == model.count_params()
    assert convcalc.load(tmp_path / "m.keras").output == model.output_shape[1:]
