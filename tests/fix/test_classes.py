"""Classes of other tools behind a layer with an error: repaired in steps they make the same net."""

import re
from collections.abc import Iterator

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.shapes import Shape
from convcalc.spec.load import load
from tests.fix.repairs import offered

_PYTORCH, _KERAS = ("", "nn.", "torch.nn."), ("", "layers.", "keras.layers.", "tf.keras.layers.")
_FORMS = (
    *("{word}: {mapping}", "{word}: [{listed}]", "{word}({listed})", '"{word}({listed})"'),
    *("'{word}({call})'", "model.add({word}({call}))", "x = {word}({call})(x)"),
    *("{word}({packed})(x)", "stem: {word}({call})", "(0): {word}({call})"),
)

_BY_NAME = "in_channels: 8, out_channels: 16, kernel_size: 3, stride: 2"
#: input, class, its arguments in order and by name
CLASSES = [
    ("32x30x8", "Conv2d", "8, 16, 3, 2", _BY_NAME),
    ("32x30x8", "Conv2D", "16, 3, 2", "filters: 16, kernel_size: 3, strides: 2"),
    ("32x30x8", "Conv2D", "16, 3", "filters: 16, kernel_size: 3"),
    ("32x30x8", "DepthwiseConv2D", "3, 2", "kernel_size: 3, strides: 2"),
    ("32x30x8", "Conv2DTranspose", "16, 3, 2", "filters: 16, kernel_size: 3, strides: 2"),
    ("32x30x8", "MaxPool2d", "3, 2", "kernel_size: 3, stride: 2"),
    ("32x30x8", "AveragePooling2D", "3, 2", "pool_size: 3, strides: 2"),
    ("32x8", "Conv1d", "8, 16, 3, 2", _BY_NAME),
    ("32x8", "DepthwiseConv1D", "3, 2", "kernel_size: 3, strides: 2"),
    ("32x8", "LocallyConnected1D", "4, 3, 2", "filters: 4, kernel_size: 3, strides: 2"),
    ("32x8", "MaxPool1d", "3, 2", "kernel_size: 3, stride: 2"),
    ("9x10x11x4", "Conv3D", "8, 3, 2", "filters: 8, kernel_size: 3, strides: 2"),
    ("9x10x11x4", "MaxPool3d", "2, 2", "kernel_size: 2, stride: 2"),
    ("32x30x8", "Linear", "8, 10", "in_features: 8, out_features: 10"),
    ("32x30x8", "Linear", "30, 10", "in_features: 30, out_features: 10"),
    ("32x8", "Linear", "256, 10", "in_features: 256, out_features: 10"),
    ("8", "Linear", "8, 10", "in_features: 8, out_features: 10"),
    ("32x30x8", "Dense", "10, None", "units: 10"),
    ("8", "Dense", "10, None", "units: 10"),
    ("32x30x8", "UpSampling2D", "2", "size: 2"),
    ("32x30x8", "ZeroPad2d", "1, 2, 3, 4", "padding: [1, 2, 3, 4]"),
]  # fmt: skip
_CAFFE = [
    "Convolution: {num_output: 16, kernel_size: 3, stride: 2}",
    "Pooling: {pool: MAX, kernel_size: 3, stride: 2}",
    "InnerProduct: {num_output: 10}",
    "{type: Conv2D, filters: 16, kernel_size: 3, strides: 2}",
    "ReLU() Conv2D(16, 3, strides=2)",
    "Conv2D(16, 3, strides=2, activation='relu')",
]


def _entries() -> Iterator[tuple[str, str]]:
    for shape, word, listed, named in CLASSES:
        call = re.sub(r"(\w+): ", r"\1=", named)
        for module in (
            _KERAS if word[-1] == "D" or word in {"Dense", "Conv2DTranspose"} else _PYTORCH
        ):
            for form in _FORMS:
                entry = form.format(
                    word=f"{module}{word}",
                    listed=listed,
                    mapping=f"{{{named}}}",
                    call=call,
                    packed=listed.replace(" ", ""),
                )
                yield shape, entry
    yield from (("32x30x8", entry) for entry in _CAFFE)


def _repaired(text: str) -> str:
    found = offered(text)
    return found[0].text if found else text


def _made(text: str) -> tuple[Shape, int] | None:
    """The shape and the parameters of a net; None where it has errors."""
    found = analyze(load("net.yaml", text.encode()))
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        return None
    shape = found.network.steps[-1].output
    assert shape is not None
    return shape, sum(row.parameters.learned for row in found.rows)


@pytest.mark.parametrize(("shape", "entry"), [*dict.fromkeys(_entries())])
def test_a_class_makes_the_same_whether_repaired_at_once_or_behind_a_fault(
    shape: str, entry: str
) -> None:
    text = f"input: {shape}\nlayers:\n  - {{}}\n  - {entry}\n"
    at_once = _made(_repaired(text.replace("{}", "relu", 1)))
    assert _made(_repaired(text.replace("{}", "ReLU()", 1))) == at_once
    behind = _repaired(text.replace("{}", "Foo", 1))
    assert _made(_repaired(behind.replace("Foo", "relu"))) == at_once


AROUND = [
    *('"nn.Conv2d(8, 8, 3, stride=2)"', "model.add(MaxPool2D(3, 2))", "F.max_pool2d(x, 3, 2)"),
    *("x = F.avg_pool2d(x, 3, stride=2)", "torch.nn.functional.max_pool2d(x,3,2)"),
    *("layers.MaxPooling2D(3,2)(x)", "layers.Conv2D(8,3,strides=2)(x)"),
    *(
        "conv1: nn.Conv2d(8, 8, 3, stride=2)",
        "Conv2d: {out_channels: 8, kernel_size: 3, stride: 2}",
    ),
    "(conv): Conv2d(8, 8, kernel_size=(3, 3), stride=(2, 2))",
    "(pool): AvgPool2d(kernel_size=3, stride=2, padding=0)",
]


@pytest.mark.parametrize("entry", AROUND)
def test_quotes_and_code_around_a_class_leave_its_rounding(entry: str) -> None:
    made = _made(_repaired(f"input: 32x32x8\nlayers:\n  - {entry}\n"))
    assert made is not None and made[0] == (15, 15, 8)


def test_a_discriminator_as_everybody_writes_it() -> None:
    text = "input: 33x33x3\nlayers:\n"
    text += "  - Conv2D: {filters: 64, kernel_size: 3, strides: 2}\n  - LeakyReLU\n"
    text += "  - Conv2D: {filters: 128, kernel_size: 3, strides: 2}\n"
    first = _repaired(text)
    assert "- conv: {filters: 64" in first and "- Conv2D: {filters: 128" in first
    told = load("net.yaml", first.encode()).findings[-1].help
    assert told[1].startswith(
        "where input is left over, its size is rounded down: `rounding: {conv"
    )
    made = _made(_repaired(first.replace("LeakyReLU", "leaky_relu: {negative_slope: 0.3}")))
    assert made is not None and made[0] == (7, 7, 128)


@pytest.mark.parametrize(
    ("call", "entry"),
    [
        ("layers.UpSampling2D(4)(x)", "upsample: {scale: 4}"),
        ("layers.ZeroPadding2D(2)(x)", "pad: {sides: 2}"),
        ("layers.ZeroPadding2D(((1,2),(3,4)))(x)", "pad: {sides: [1, 2, 3, 4]}"),
        ("layers.Cropping2D(1)(inputs)", "crop: {sides: 1}"),
        ("layers.Dropout(0.3)(x)", "dropout: {rate: 0.3}"),
        ("layers.ReLU(6.0)(x)", "relu6"),
        ("layers.GroupNormalization(2)(x)", "group_norm: {groups: 2}"),
        ("layers.BatchNormalization()(x)", "batch_norm"),
        ("nn.LeakyReLU(0.2)(x)", "leaky_relu: {negative_slope: 0.2}"),
        ("nn.ELU(0.5)(y)", "elu: {alpha: 0.5}"),
        ("layers.Softmax(1)(x)", "layers.Softmax(1)(x)"),
    ],
)
def test_a_class_that_is_called_on_a_volume_keeps_its_own_arguments(call: str, entry: str) -> None:
    made = _repaired(f"input: 32x32x8\nlayers:\n  - {call}\n")
    assert made == f"input: 32x32x8\nlayers:\n  - {entry}\n"
