"""Arguments of PyTorch's and Keras's layers: translated by `check --fix`, or refused; never lost.

Each layer is repaired as a line of a file, with one argument more or as many by place as are
stated. What comes out has the shape and the parameters that the tool's own layer has.
"""

import os
from typing import Any

import numpy as np
import pytest

from convcalc.analysis.walk import analyze
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

VOLUME, ROW, VECTOR = (16, 24, 4), (24, 4), (12,)
NORM = ["eps=0.1", "affine=False", "momentum=0.3"]
CONV = [
    "2", "stride=(2, 1)", "padding=1", "padding=(1, 2)", "padding='same'", "padding='valid'",
    "padding='same', dilation=2", "padding=1, padding_mode='reflect'", "dilation=(1, 2)",
    "groups=2", "bias=False", "bias=None", "dtype=None", "2, 1, 2, 2, False",
    "2, 1, 2, 2, False, 'circular'", "2, 1, 1, 2, True, 'zeros'",
]  # fmt: skip
PYTORCH = {
    VOLUME: {
        "nn.Conv2d(4, 8, 3": CONV,
        "nn.Conv2d(in_channels=4, out_channels=8, kernel_size=(5, 3)": ["padding='same'"],
        "nn.ConvTranspose2d(4, 8, 3": [
            "2, 1, 1, 2", "2, 1, 1, 1, True, 2", "stride=2, output_padding=(1, 0)", "bias=False",
            "dilation=2, groups=2", "stride=(1, 2), padding=1", "padding_mode='zeros'",
        ],
        "nn.MaxPool2d(3": [
            "2, 1", "2, 1, 1, False, True", "2, 0, 1, True", "dilation=(1, 2), stride=1",
            "return_indices=True", "stride=2, padding=1, ceil_mode=True", "stride=None",
        ],
        "nn.AvgPool2d(3": [
            "2, 1, True, False", "padding=1, count_include_pad=False", "divisor_override=2",
            "2, 1, False, True, 5", "ceil_mode=True, stride=2",
        ],
        "nn.LPPool2d(2, 3": ["2", "stride=2, ceil_mode=True"],
        "nn.LPPool2d(1, 3": [""],
        "nn.FractionalMaxPool2d(3": ["output_size=5", "output_ratio=(0.5, 0.6)"],
        "nn.AdaptiveMaxPool2d(3": ["True", "return_indices=True"],
        "nn.AdaptiveAvgPool2d((None, 3)": [],
        "nn.BatchNorm2d(4": [*NORM, "0.1, 0.1, False", "track_running_stats=False", "bias=False"],
        "nn.InstanceNorm2d(4": [*NORM, "affine=True", "track_running_stats=True"],
        "nn.GroupNorm(2, 4": ["eps=0.1", "1e-5, False"],
        "nn.LayerNorm([4, 16, 24]": ["elementwise_affine=False", "bias=False", "1e-5, False"],
        "nn.LocalResponseNorm(3": ["0.5, 0.6, 2.0", "alpha=0.5", "k=2"],
        "nn.Dropout(0.3": ["True", "inplace=False"],
        "nn.LeakyReLU(": ["0.2, True", "negative_slope=0.3", "inplace=True"],
        "nn.ReLU(": ["True", "inplace=True"],
        "nn.ReLU6(": ["True"],
        "nn.ELU(": ["2.0, True", "alpha=0.5"],
        "nn.SELU(": ["True"],
        "nn.SiLU(": ["True"],
        "nn.Hardswish(": ["True"],
        "nn.Hardtanh(": ["0, 6", "0, 6, True", "-2, 2"],
        "nn.GELU(": ["'tanh'", "approximate='tanh'", "approximate='none'"],
        "nn.PReLU(": ["4", "num_parameters=1", "4, 0.5"],
        "nn.Softmax(1": [],
        "nn.Softmax(dim=2": [],
        "nn.Flatten(": ["1, -1", "start_dim=2", "1, 2"],
        "nn.Unflatten(1, (2, 2)": [],
        "nn.Upsample(scale_factor=2": [
            "mode='bilinear'", "mode='bilinear', align_corners=True", "mode='bicubic'",
            "recompute_scale_factor=True",
        ],
        "nn.Upsample(": ["(32, 48)", "None, (2, 3)", "None, 2, 'bilinear', True"],
        "nn.UpsamplingNearest2d(": ["32", "scale_factor=2", "None, 2"],
        "nn.ConstantPad2d(": ["1, 0", "(1, 2, 3, 4), 0.0", "1, 3.5", "1, value=2"],
        "nn.ReflectionPad2d(": ["(1, 2, 3, 4)"],
        "nn.CircularPad2d(": ["1"],
    },
    ROW: {"nn.Conv1d(4, 8, 3": ["2, 1", "padding='same'", "padding=1, padding_mode='circular'"]},
    VECTOR: {
        "nn.Linear(12, 5": ["False", "bias=None", "device=None"],
        "nn.Linear(3*2*2, 5": [],
        "nn.LayerNorm(12": ["elementwise_affine=False", "eps=0.1", "bias=False"],
    },
}  # fmt: skip
KERAS = {
    VOLUME: {
        "Conv2D(8, 3": [
            "(2, 1)", "padding='same'", "data_format='channels_first'", "use_bias=False",
            "dilation_rate=(1, 2)", "activation='relu'", "activation='exponential'",
            "kernel_initializer='he_normal'", "trainable=False", "1, 'same', None, 2",
            "1, 'same', 'channels_last', 1, 2", "1, 'same', None, 1, 1, 'relu'",
            "1, 'same', None, 1, 1, None, False",
        ],
        "Conv2DTranspose(8, 3": [
            "2, 'same', 1", "2, 'valid', (1, 0)", "2, 'same', None, None, 1, None, False",
        ],
        "DepthwiseConv2D(3": [
            "1, 'same', 2", "dilation_rate=2", "1, 'valid', 2, None, 2", "use_bias=False",
        ],
        "MaxPooling2D(3": ["2, 'same', 'channels_last'", "1, 'same', 'channels_first'"],
        "AveragePooling2D(3": ["strides=2, padding='same'"],
        "GlobalAveragePooling2D(": ["keepdims=True", "data_format='channels_first'"],
        "AdaptiveAveragePooling2D(3": [],
        "BatchNormalization(": [
            "axis=1", "-1, 0.9, 1e-5", "-1, 0.9, 0.1, False", "-1, 0.9, 0.1, True, False",
            "renorm=True", "center=False, scale=False",
        ],
        "LayerNormalization(": ["center=False", "-1, 0.1, False", "axis=[1, 2, 3]"],
        "GroupNormalization(2": ["center=False", "-1, 0.1", "axis=1"],
        "ReLU(": ["6", "6, 0.1", "None, 0.1", "threshold=0.5", "3"],
        "PReLU(shared_axes=[1, 2]": [],
        "Softmax(axis=3": [],
        "Activation('linear'": [],
        "Dropout(0.3": ["noise_shape=(None, 1, 1, 4)", "seed=1"],
        "Reshape(": ["(6, 16, 16)", "(-1,)", "(-1, 4)", "[16, -1, 4]", "target_shape=(8, -1)"],
        "Permute((2, 1, 3)": [],
        "UpSampling2D(": ["(2, 3), None, 'bilinear'", "interpolation='bicubic'"],
        "ZeroPadding2D(": ["((1, 2), (3, 4))", "1, 'channels_first'"],
        "Cropping2D(": ["((1, 2), (3, 4))", "1, 'channels_first'"],
    },
    ROW: {"Conv1D(8, 3": ["padding='causal'", "2, 'same', None, 1, 2"]},
    VECTOR: {"Dense(5": ["'relu'", "'relu', False", "lora_rank=2"]},
}  # fmt: skip
#: no size, count or number depends on them; eps and the like do not change an entry, and are said
NEUTRAL = {
    "dtype=None", "device=None", "seed=1", "kernel_initializer='he_normal'",
    "stride=None", "padding_mode='zeros'", "approximate='none'", "padding='valid'",
    "keepdims=True", "axis=-1", "1, -1", "num_parameters=1",
}  # fmt: skip
SAID = ("eps", "epsilon", "momentum", "return_indices", "init")


def calls(table: dict[Any, dict[str, list[str]]]) -> list[Any]:
    """Every call, with the shape that arrives and the call that has not the last argument."""
    found = []
    for shape, bases in table.items():
        for base, more in bases.items():
            for given in ("", *more):
                comma = ", " if given and base[-1] != "(" else ""
                found.append(pytest.param(shape, f"{base})", given, f"{base}{comma}{given})"))
                found[-1] = pytest.param(*found[-1].values, id=found[-1].values[-1])
    return found


def repaired(call: str, shape: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """The file as --fix writes it, '' where it does not; the help of the first finding."""
    text = f"input: {'x'.join(map(str, shape))}\nrounding: floor\nlayers:\n  - {call}\n"
    network = load("net.yaml", text.encode())
    found = words_replaced(network)
    return (found.text if found else ""), network.findings[0].help


def hold(shape: tuple[int, ...], base: str, given: str, call: str) -> str:
    """The repaired file, of which no argument is lost; '' where the layer is refused."""
    text, help = repaired(call, shape)
    if not text:
        assert "`" in help[0] or "no kind" in help[0] or "channels" in help[0], help
        assert "list --kinds" not in help[0] or "activation" in help[0], help
        return ""
    if given and given not in NEUTRAL and text == repaired(base, shape)[0]:
        assert any(f"`{word}=" in line for line in help[1:] for word in SAID), (call, text, help)
    return text


def agree(text: str, output: tuple[int, ...], learned: int) -> None:
    analysis = analyze(load("net.yaml", text.encode()))
    assert analysis.network.steps[-1].output == output, text
    assert analysis.totals.params == learned, text


@pytest.mark.parametrize(("shape", "base", "given", "call"), calls(PYTORCH))
def test_no_argument_of_pytorch_is_lost(
    shape: tuple[int, ...], base: str, given: str, call: str
) -> None:
    torch = pytest.importorskip("torch")
    if not (text := hold(shape, base, given, call)):
        return
    module = eval(call, {"nn": torch.nn})
    made = module(torch.zeros(2, shape[-1], *shape[:-1]))
    _, *sizes = (made[0] if isinstance(made, tuple) else made).shape
    agree(text, (*sizes[1:], sizes[0]), sum(p.numel() for p in module.parameters()))


@pytest.mark.parametrize(("shape", "base", "given", "call"), calls(KERAS))
def test_no_argument_of_keras_is_lost(
    shape: tuple[int, ...], base: str, given: str, call: str
) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    if not (text := hold(shape, base, given, call)):
        return
    layer = eval(call, vars(keras.layers))
    sizes = tuple(layer(np.zeros((2, *shape), "f4")).shape[1:])
    if "Global" in call:  # 1x1xC, which an fc reads as a vector
        sizes = (*(1 for _ in shape[1:]), sizes[-1])
    agree(text, sizes, sum(int(np.prod(v.shape)) for v in layer.trainable_weights))


@pytest.mark.parametrize(
    ("call", "entry"),
    [
        ("tf.pad(x, [[0,0],[1,1],[1,1],[0,0]])", "pad: {sides: 1}"),
        ("x = tf.pad(x, [[0, 0], [1, 2], [3, 4], [0, 0]])", "pad: {sides: [1, 2, 3, 4]}"),
        ("tf.pad(x, paddings=[[0,0],[1,2],[3,4],[0,0]])", "pad: {sides: [1, 2, 3, 4]}"),
        (
            'tf.pad(x, [[0,0],[1,1],[1,1],[0,0]], "REFLECT")',
            "pad: {sides: 1, mode: reflect}",
        ),
        ("jnp.pad(x, ((0,0),(1,2),(3,4),(0,0)))", "pad: {sides: [1, 2, 3, 4]}"),
        ('np.pad(x, ((0,0),(1,1),(1,1),(0,0)), mode="edge")', "pad: {sides: 1, mode: edge}"),
        ("tf.nn.dropout(x, 0.3)", "dropout: {rate: 0.3}"),
        ("keras.activations.elu(x, 0.3)", "elu: {alpha: 0.3}"),
        (
            'tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")',
            "max_pool: {kernel: 2, stride: 2, pad: same}",
        ),
        (
            'tf.nn.max_pool(x, ksize=[1, 3, 2, 1], strides=[1, 1, 2, 1], padding="SAME")',
            "max_pool: {kernel: [3, 2], stride: [1, 2], pad: same}",
        ),
        ("leaky_relu(x, 0.3)", "leaky_relu: {negative_slope: 0.3}"),
        ('tf.nn.max_pool2d(x, 2, 2, "SAME")', "max_pool: {kernel: 2, stride: 2, pad: same}"),
        (
            'tf.nn.avg_pool2d(x, 3, 2, "SAME")',
            "avg_pool: {kernel: 3, stride: 2, pad: same, count_padding: false}",
        ),
        ("space_to_depth(x, 2)", "space_to_depth: {factor: 2}"),
    ],
)
def test_functions_of_a_volume_keep_their_arguments(call: str, entry: str) -> None:
    text = f"input: 32x32x8\nlayers:\n  - {call}\n"
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and found.text == text.replace(call, entry)


@pytest.mark.parametrize(
    "call",
    [
        "tf.pad(x, [[1,1],[2,2]])",
        "tf.pad(x, [[0,0],[0,0],[1,1],[1,1]])",
        "tf.pad(x, [[1,0],[1,1],[1,1],[0,0]])",
        "tf.pad(x, [[0,0],[1,1],[1,1],[0,0]], constant_values=1)",
        'tf.pad(x, [[0,0],[1,1],[1,1],[0,0]], "SYMMETRIC")',
        "tf.pad(x, pads)",
        "np.pad(x, 1)",
        "pad(x, 2)",
        "crop(x, 4)",
        "relu(x, 6)",
        "lrn(x, 5)",
        "tf.layers.dense(x, 10)",
    ],
)
def test_no_argument_of_a_function_of_a_volume_is_dropped(call: str) -> None:
    text = f"input: 32x32x8\nlayers:\n  - {call}\n"
    assert words_replaced(load("net.yaml", text.encode())) is None


@pytest.mark.parametrize("call", ["tf.layers.dense(x, 10)", "tf.layers.dense(x, units=10)"])
def test_a_dense_function_is_an_fc_of_a_vector_alone(call: str) -> None:
    text = f"input: 32x32x8\nlayers:\n  - flatten\n  - {call}\n"
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and found.text == text.replace(call, "fc-10")
    volume = text.replace("  - flatten\n", "")
    network = load("net.yaml", volume.encode())
    assert words_replaced(network) is None
    assert "works on each place of 32x32x8, as `conv1-10`" in str(network.findings[0].help)
