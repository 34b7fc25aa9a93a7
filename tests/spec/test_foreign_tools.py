"""What `check --fix` makes of PyTorch's and Keras's layers, run beside the layers themselves.

Each line is repaired as a file has it; then the same numbers go through both. Layers with weights
are held against the shape and the number of weights.
"""

import os

import numpy as np
import pytest
from click.testing import CliRunner

from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

VOLUME, VECTOR = (8, 12, 4), (12,)
PYTORCH = {
    VOLUME: [
        "nn.Conv2d(4, 6, 3)",
        "nn.Conv2d(4, 6, (3, 5), 2, (1, 2), bias=False)",
        "nn.Conv2d(4, 8, 3, groups=2, dilation=2)",
        "nn.Conv2d(4, 8, 3, padding='same')",
        "nn.ConvTranspose2d(4, 6, 2, 2)",
        "nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)",
        "nn.MaxPool2d(2)",
        "nn.MaxPool2d(3, 2, 1)",
        "nn.MaxPool2d(3, 2, ceil_mode=True)",
        "nn.AvgPool2d(2)",
        "nn.AvgPool2d(3, 1, 1)",
        "nn.AvgPool2d(3, 1, 1, count_include_pad=False)",
        "nn.AdaptiveAvgPool2d((3, 5))",
        "nn.AdaptiveAvgPool2d(1)",
        "nn.AdaptiveMaxPool2d(2)",
        "nn.Upsample(16)",
        "nn.Upsample(size=(16, 24))",
        "nn.Upsample(scale_factor=2)",
        "nn.Upsample(scale_factor=2, mode='bilinear')",
        "nn.UpsamplingNearest2d(scale_factor=3)",
        "nn.PixelShuffle(2)",
        "nn.PixelUnshuffle(2)",
        "nn.ZeroPad2d(1)",
        "nn.ZeroPad2d((1, 2, 3, 4))",
        "nn.LocalResponseNorm(3)",
        "nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=1.5)",
        "nn.BatchNorm2d(4)",
        "nn.BatchNorm2d(4, affine=False)",
        "nn.InstanceNorm2d(4)",
        "nn.GroupNorm(2, 4)",
        "nn.LayerNorm([4, 8, 12])",
        "nn.ReLU()",
        "nn.ReLU6()",
        "nn.LeakyReLU()",
        "nn.LeakyReLU(0.2)",
        "nn.PReLU()",
        "nn.PReLU(4)",
        "nn.ELU()",
        "nn.ELU(0.5)",
        "nn.SELU()",
        "nn.GELU()",
        "nn.SiLU()",
        "nn.Mish()",
        "nn.Hardswish()",
        "nn.Hardsigmoid()",
        "nn.Sigmoid()",
        "nn.Tanh()",
        "nn.Softmax(dim=1)",
        "nn.Softmax2d()",
        "nn.Flatten()",
        "nn.Flatten(1)",
        "nn.Identity()",
        "nn.Dropout(0.3)",
        "nn.Dropout2d(0.3)",
        "nn.ChannelShuffle(2)",
    ],
    VECTOR: [
        "nn.Linear(12, 5)",
        "nn.Linear(12, 5, bias=False)",
        "nn.Softmax(dim=-1)",
        "nn.Softmax(dim=1)",
        "nn.LayerNorm(12)",
        "nn.BatchNorm1d(12)",
    ],
}
KERAS = {
    VOLUME: [
        "Conv2D(6, 3)",
        "Conv2D(6, 3, 2, 'same')",
        "Conv2D(6, (3, 5), padding='same', use_bias=False)",
        "DepthwiseConv2D(3)",
        "DepthwiseConv2D(3, depth_multiplier=2)",
        "Conv2DTranspose(6, 3)",
        "Conv2DTranspose(6, 3, 2, padding='same')",
        "Conv2DTranspose(6, 3, 3, padding='same', output_padding=1)",
        "Conv2DTranspose(6, (2, 5), 2, 'same', output_padding=(0, 1))",
        "Conv2DTranspose(6, 3, 2, output_padding=1)",
        "Conv2DTranspose(6, 2, 3)",
        "Conv2DTranspose(6, (4, 2), 3, dilation_rate=1)",
        "MaxPooling2D()",
        "MaxPooling2D(3, 2)",
        "MaxPooling2D(3, 1, padding='same')",
        "AveragePooling2D(2)",
        "AveragePooling2D(3, 1, padding='same')",
        "UpSampling2D()",
        "UpSampling2D(2)",
        "UpSampling2D((2, 3))",
        "UpSampling2D(2, interpolation='bilinear')",
        "ZeroPadding2D()",
        "ZeroPadding2D((1, 2))",
        "ZeroPadding2D(((1, 2), (3, 4)))",
        "Cropping2D(1)",
        "Cropping2D(((1, 2), (3, 4)))",
        "BatchNormalization()",
        "BatchNormalization(scale=False)",
        "BatchNormalization(axis=-1)",
        "LayerNormalization()",
        "LayerNormalization(axis=[1, 2, 3])",
        "GroupNormalization(2)",
        "ReLU()",
        "ReLU(6)",
        "ReLU(negative_slope=0.1)",
        "LeakyReLU(0.2)",
        "ELU()",
        "Softmax()",
        "Softmax(axis=-1)",
        "Activation('relu')",
        "Activation('leaky_relu')",
        "PReLU(shared_axes=[1, 2])",
        "Flatten()",
        "Dropout(0.3)",
        "SpatialDropout2D(0.3)",
    ],
    VECTOR: ["Dense(5)", "Dense(5, use_bias=False)", "Softmax()", "Reshape((2, 2, 3))"],
}
#: no entry is certain to mean the same
SAID = [
    "nn.Unflatten(1, (4, 8, 12))",
    "nn.Flatten(2)",
    "nn.Softmax(dim=-1)",
    "nn.Softmax(2)",
    "nn.GroupNorm(4, 32)",
    "nn.Conv1d(4, 8, 3)",
    "nn.MaxPool3d(2)",
    "nn.Conv2d(3, 8, 3)",
    "nn.UpsamplingBilinear2d(scale_factor=2)",
    "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)",
    "nn.LayerNorm(4)",
    "nn.PReLU(3)",
    "nn.AvgPool2d(2, divisor_override=3)",
    "nn.CELU()",
    "nn.GLU()",
    "nn.RReLU()",
    "nn.LogSoftmax(1)",
    "nn.Hardtanh()",
    "nn.Softplus()",
    "nn.Softmin(1)",
    "nn.LogSigmoid()",
    "nn.Hardshrink()",
    "LeakyReLU()",
    "PReLU()",
    "ReLU(3)",
    "Softmax(axis=1)",
    "Softmax(dim=0)",
    "BatchNormalization(axis=1)",
    "Conv3D(8, 3)",
    "Dense(5)",
    "layers.PReLU()",
    "Conv2D(8, 3, data_format='channels_first')",
    "upsample(2)",
]


def repaired(call: str, shape: tuple[int, ...]) -> str:
    """The file with the call as its only layer, as --fix writes it; '' where it does not."""
    sizes = "x".join(map(str, shape))
    text = f"input: {sizes}\nrounding: floor\nlayers:\n  - {call}\n"
    found = words_replaced(load("net.yaml", text.encode()))
    return found.text if found else ""


def computed(text, x, folder):
    (folder / "net.yaml").write_text(text)
    np.save(folder / "x.npy", x)
    result = CliRunner().invoke(
        cli,
        ["verify", str(folder / "net.yaml"), "--array", str(folder / "x.npy"),
         "--save", str(folder / "y.npz")],
        standalone_mode=False,
    )  # fmt: skip
    assert result.return_value == 0, result.output
    (y,) = np.load(folder / "y.npz").values()
    return y


def agree(call, shape, folder, wanted, learned, x):
    text = repaired(call, shape)
    assert text, "nothing was offered"
    analysis = analyze(load("net.yaml", text.encode()))
    output = analysis.network.steps[-1].output
    assert output == wanted.shape[1:], text
    assert analysis.totals.params == learned, text
    if not learned and "BatchNorm" not in call:  # whose statistics are weights too
        np.testing.assert_allclose(computed(text, x, folder), wanted, rtol=1e-3, atol=2e-4)


@pytest.mark.parametrize(
    ("shape", "call"), [(shape, call) for shape, calls in PYTORCH.items() for call in calls]
)
def test_a_layer_of_pytorch_becomes_what_pytorch_computes(shape, call, tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = eval(call, {"nn": torch.nn})
    x = np.random.default_rng(0).normal(size=(2, *shape)).astype("f4")
    train = "Norm" in call and "LocalResponse" not in call and "BatchNorm" not in call
    with torch.no_grad():
        y = module.train(train)(torch.from_numpy(np.moveaxis(x, -1, 1).copy())).numpy()
    if "Flatten" in call:  # our vector is in another order
        y = x.reshape(2, -1)
    learned = sum(p.numel() for p in module.parameters())
    agree(call, shape, tmp_path, np.moveaxis(y, 1, -1), learned, x)


@pytest.mark.parametrize(
    ("shape", "call"), [(shape, call) for shape, calls in KERAS.items() for call in calls]
)
def test_a_layer_of_keras_becomes_what_keras_computes(shape, call, tmp_path):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    layer = eval(call, vars(keras.layers))
    x = np.random.default_rng(0).normal(size=(2, *shape)).astype("f4")
    y = layer(x).detach().numpy()  # convert_to_numpy warns under NumPy 2
    learned = sum(int(np.prod(v.shape)) for v in layer.trainable_weights)
    agree(call, shape, tmp_path, y, learned, x)


@pytest.mark.parametrize("call", SAID)
def test_what_is_not_certain_is_said_and_not_edited(call):
    text = f"input: 8x12x4\nrounding: floor\nlayers:\n  - {call}\n"
    network = load("net.yaml", text.encode())
    assert words_replaced(network) is None
    assert network.findings[0].help


@pytest.mark.parametrize("word", ["coordconv3-64", "CoordConv: {filters: 64}", "AddCoords"])
def test_coordinates_are_a_second_input(word: str) -> None:
    (found,) = load("net.yaml", f"input: 8x8x3\nlayers:\n  - {word}\n".encode()).findings
    assert "`inputs: {image: 64x64x3, coords: 64x64x2}`" in found.help[0]
    assert "`from: [image, coords]`" in found.help[1]


def test_coordinates_of_a_second_input_are_two_channels_more() -> None:
    text = (
        "inputs: {image: 64x64x3, coords: 64x64x2}\nlayers:\n  - concat:\n"
        "    from: [image, coords]\n  - conv3-8\n"
    )
    network = load("net.yaml", text.encode())
    assert not network.findings
    assert network.steps[2].output == (64, 64, 5)
