"""The same layer in PyTorch's and Keras's words.

The lines of the bundled nets and of a net with every kind were run on PyTorch 2 and Keras 3: the
output's shape and the number of parameters agree. These are the forms that were checked there.
"""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.explain.words import in_words
from convcalc.spec.load import load

CASES = [
    (
        "conv: {filters: 96, kernel: 11, stride: 4}",
        "nn.Conv2d(6, 96, kernel_size=11, stride=4)",
        "layers.Conv2D(96, 11, strides=4)",
    ),
    (
        "conv: {filters: 8, kernel: 3, pad: 1, bias: false}",
        "nn.Conv2d(6, 8, kernel_size=3, padding=1, bias=False)",
        'layers.Conv2D(8, 3, padding="same", use_bias=False)',
    ),
    (
        "conv: {filters: 8, kernel: [3, 5], stride: 2, pad: [0, 1, 2, 2], groups: 2}",
        "nn.ZeroPad2d((2, 2, 0, 1)), nn.Conv2d(6, 8, kernel_size=(3, 5), stride=2, groups=2)",
        "layers.ZeroPadding2D(((0, 1), (2, 2))), layers.Conv2D(8, (3, 5), strides=2, groups=2)",
    ),
    (
        "conv: {filters: 8, kernel: 3, dilation: 2}",
        "nn.Conv2d(6, 8, kernel_size=3, dilation=2)",
        "layers.Conv2D(8, 3, dilation_rate=2)",
    ),
    (
        "conv: {filters: 8, kernel: 3, stride: 2, dilation: 2}",
        "nn.Conv2d(6, 8, kernel_size=3, stride=2, dilation=2)",
        "",
    ),
    (
        "depthwise_conv: {kernel: 3, multiplier: 2, pad: 1}",
        "nn.Conv2d(6, 12, kernel_size=3, padding=1, groups=6)",
        'layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2)',
    ),
    (
        "conv_transpose: {filters: 4, kernel: 4, stride: 2, pad: 1}",
        "nn.ConvTranspose2d(6, 4, kernel_size=4, stride=2, padding=1)",
        "layers.Conv2DTranspose(4, 4, strides=2), layers.Cropping2D(1)",
    ),
    (
        "max_pool: {kernel: 3, stride: 2}",
        "nn.MaxPool2d(kernel_size=3, stride=2)",
        "layers.MaxPooling2D(3, strides=2)",
    ),
    (
        "max_pool: {kernel: 3, stride: 1, pad: 1}",
        "nn.MaxPool2d(kernel_size=3, stride=1, padding=1)",
        'layers.MaxPooling2D(3, strides=1, padding="same")',
    ),
    (
        "max_pool: {kernel: 3, stride: 2, pad: [0, 1]}",
        "nn.MaxPool2d(kernel_size=3, stride=2, padding=(0, 1))",
        "layers.ZeroPadding2D(((0, 0), (1, 1))), layers.MaxPooling2D(3, strides=2) "
        "(right after a relu: its padding is 0)",
    ),
    (
        "avg_pool: {kernel: 3, stride: 1, pad: 1}",
        "nn.AvgPool2d(kernel_size=3, stride=1, padding=1)",
        "layers.ZeroPadding2D(1), layers.AveragePooling2D(3, strides=1)",
    ),
    (
        "max_pool: {kernel: 2, rounding: ceil}",
        "nn.MaxPool2d(kernel_size=2, ceil_mode=True)",
        "",
    ),
    (
        "max_pool: {kernel: 3, stride: 1, pad: 2, dilation: 2}",
        'nn.ConstantPad2d((2, 2, 2, 2), float("-inf")), '
        "nn.MaxPool2d(kernel_size=3, stride=1, dilation=2)",
        "",
    ),
    (
        "avg_pool: {kernel: 3, stride: 1, pad: 1, count_padding: false}",
        "nn.AvgPool2d(kernel_size=3, stride=1, padding=1, count_include_pad=False)",
        'layers.AveragePooling2D(3, strides=1, padding="same")',
    ),
    (
        "fc: {units: 10, bias: false}",
        "nn.Flatten(), nn.Linear(2646, 10, bias=False)",
        "layers.Flatten(), layers.Dense(10, use_bias=False)",
    ),
    (
        "prelu: {parameters: channel}",
        "nn.PReLU(6)",
        "layers.PReLU(shared_axes=[1, 2])",
    ),
    (
        "batch_norm: {affine: false}",
        "nn.BatchNorm2d(6, affine=False)",
        "layers.BatchNormalization(center=False, scale=False, epsilon=1e-05)",
    ),
]


@pytest.mark.parametrize(("entry", "in_pytorch", "in_keras"), CASES)
def test_the_layer_in_other_words(entry: str, in_pytorch: str, in_keras: str) -> None:
    spec = f"input: 21x21x6\nrounding: floor\nlayers: [{{{entry}}}]\n"
    row = analyze(load("net", spec.encode())).rows[1]
    assert in_words(row, "pytorch") == in_pytorch
    assert in_words(row, "keras") == in_keras


def test_sequences_take_the_one_dimensional_modules() -> None:
    spec = b"input: 4000x8\nlayers: [{conv: {filters: 16, kernel: 9, pad: 4}}]\n"
    row = analyze(load("net", spec)).rows[1]
    assert in_words(row, "pytorch") == "nn.Conv1d(8, 16, kernel_size=9, padding=4)"
    assert in_words(row, "keras") == 'layers.Conv1D(16, 9, padding="same")'


def test_an_add_in_place_is_written_in_place() -> None:
    text = "input: 8x8x3\nlayers: [conv3-3, {add: {branches: {body: [conv3-3], skip: []}}}]\n"
    row = analyze(load("net.yaml", text.encode())).rows[-1]
    assert row.in_place and in_words(row, "pytorch") == "x1 += x2"
    kept = text.replace(
        "{body: [conv3-3], skip: []}", "{body: [conv3-3], skip: []}, in_place: false"
    )
    assert in_words(analyze(load("net.yaml", kept.encode())).rows[-1], "pytorch") == "x1 + x2"
