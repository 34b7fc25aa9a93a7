"""Layers written as PyTorch's and Keras' calls, and the entry that each stands for."""

import pytest

from convcalc.fix.search import offers
from convcalc.layers import BY_NAME
from convcalc.spec import pattern_hints
from convcalc.spec.called import meant
from convcalc.spec.load import load

CALLS = {
    "Conv2d(3, 32, 3)": "conv3-32p0",
    "Conv2d(3,32,3": "conv3-32p0",
    "Conv2d(width, 32, 3)": "conv3-32p0",
    "nn.Conv2d(3, 32, 3, stride=2, padding=1)": "conv3-32s2p1",
    "torch.nn.Conv2d(in_channels=3, out_channels=8, kernel_size=5)": "conv5-8p0",
    "Conv2d(3, 32, 3, padding='same')": "conv3-32",
    "Conv2d(8, 16, 3, 2, 1, bias=False)": (
        "conv: {filters: 16, kernel: 3, stride: 2, pad: 1, bias: false}"
    ),
    "Conv2d(8, 16, 3, bias=False)": "conv: {filters: 16, kernel: 3, bias: false}",
    "Conv2d(64, 64, 3, groups=64)": "conv3-64p0g64",
    "Conv2d(8, 16, (3, 5), padding=(1, 2))": "conv: {filters: 16, kernel: [3, 5], pad: [1, 2]}",
    "ConvTranspose2d(64, 32, 2, 2)": "conv_transpose: {filters: 32, kernel: 2, stride: 2}",
    "Conv2DTranspose(32, 2, 2)": "conv_transpose: {filters: 32, kernel: 2, stride: 2}",
    "Conv2D(32, 3)": "conv3-32p0",
    "Conv2D(32, (3, 3), padding='same')": "conv3-32",
    "Conv2D(32, 3, strides=2, padding='same')": (
        "conv: {filters: 32, kernel: 3, stride: 2, pad: same}"
    ),
    "Conv2D(32, (3, 3), strides=(2, 2), padding='valid')": "conv3-32s2p0",
    "DepthwiseConv2D(3)": "depthwise_conv: {kernel: 3}",
    "conv(32,3)": "conv3-32",
    "MaxPool2d(3, 2, 1)": "pool3s2p1",
    "MaxPool2d(3, 2, ceil_mode=True)": "max_pool: {kernel: 3, stride: 2, rounding: ceil}",
    "maxpool(2)": "pool2",
    "MaxPool2d(2, stride=2)": "pool2",
    "AveragePooling2D(pool_size=(2,2))": "avgpool2",
    "AdaptiveAvgPool2d((1, 1))": "global_avg_pool",
    "AdaptiveAvgPool2d(7)": "adaptive_avg_pool: {output: 7}",
    "Dense(10)": "fc-10",
    "nn.Linear(512, 10)": "fc-10",
    "nn.Linear(512, 10, bias=False)": "fc: {units: 10, bias: false}",
    "Linear(10)": "fc-10",
    "nn.ReLU()": "relu",
    "nn.ReLU(inplace=True)": "relu: {in_place: true}",
    "LeakyReLU(0.1)": "leaky_relu: {negative_slope: 0.1}",
    "nn.LazyConv2d(8, 3)": "conv3-8p0",
    "LazyConv2d(8, kernel_size=3, padding=1)": "conv3-8p1",
    "nn.LazyConvTranspose2d(32, 2, 2)": "conv_transpose: {filters: 32, kernel: 2, stride: 2}",
    "LazyLinear(10)": "fc-10",
    "nn.LazyLinear(10, False)": "fc: {units: 10, bias: false}",
    "nn.LazyBatchNorm2d()": "batch_norm",
    "LazyInstanceNorm2d(1e-5, 0.1, True)": "instance_norm: {affine: true}",
    "dropout(0.2)": "dropout: {rate: 0.2}",
    "nn.Softmax(dim=1)": "softmax",
    "nn.Flatten(1)": "flatten",
    "BatchNorm2d(64)": "batch_norm",
    "UpSampling2D((2, 2), interpolation='bilinear')": "upsample: {scale: 2, mode: bilinear}",
}
NOT_UNDERSTOOD = [
    "Conv2d(a, b, c)",
    "Conv2d(3, 8, 3, padding=1, padding_mode='reflect')",
    "Conv2d(3, -8, 3)",
    "Conv2d(3, 8)",
    "Conv2d(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
    "Conv2d(3, 8, __import__('os').getpid())",
    "Conv2d(3, 8, [x for x in y])",
    "Conv2d(*sizes)",
    "Conv2d(**{})",
    "Conv2d(3, 8, 1if 2else 3)",
    "Softmax(dim=0)",
    "ZeroPad2d((1, 2, 3))",
    "Conv2D(3, 3, activation='sharp')",
    f"Conv2d({'(' * 200})",
    f"Conv2d({'9' * 5000}, 3, 3)",
]


@pytest.mark.parametrize(("call", "entry"), CALLS.items())
def test_a_call_is_named_in_our_words_with_all_its_arguments(call: str, entry: str) -> None:
    assert meant(call, BY_NAME).written == entry
    network = load("a.yaml", f"input: 32x32x64\nrounding: floor\nlayers:\n  - {entry}\n".encode())
    assert [f.message for f in network.findings if f.code < "CC1"] == []


@pytest.mark.parametrize("call", NOT_UNDERSTOOD)
def test_no_entry_is_offered_where_an_argument_is_not_understood(call: str) -> None:
    assert meant(call, BY_NAME).written == ""


def test_an_unknown_word_has_no_kind() -> None:
    assert meant("unheard(3)", BY_NAME).kind == ""
    assert meant("conv3-8", BY_NAME).kind == ""


def test_a_list_names_them_too(layers) -> None:
    assert layers("- Conv2d(3, 32, 3)").help == "did you mean `conv3-32p0`?"
    help = "did you mean `fc-10`? a layer is written without round brackets"
    assert " ".join(layers("- dense(10)").help.split("\n")) == help


def test_an_activation_in_a_call_is_an_entry_of_its_own(layers) -> None:
    help = layers("- Conv2D(8, (3, 3), activation='relu')").help
    assert help == "did you mean `conv3-8p0 relu`?"
    help = layers("- Conv2D(8, (3, 3), activation='relu', use_bias=False)").help
    written = "- conv: {filters: 8, kernel: 3, bias: false}"
    assert help == f"write `{written}` and on the next line `- relu`"


def test_what_is_not_understood_is_not_left_out(layers) -> None:
    help = layers("- Conv2d(3, 8, 3, padding=1, padding_mode='reflect')").help
    layer = "`- pad: {sides: 1, mode: reflect}`"
    assert help == f"a layer before it pads so: {layer}, and here no `padding`"
    help = layers("- AvgPool2d(2, divisor_override=3)").help
    options = "kernel, stride, pad, rounding, count_padding"
    kind = f"the kind is `avg_pool`, with the options {options}"
    assert help == f"`divisor_override=3` cannot be said here: {kind}"


def test_the_fix_writes_them() -> None:
    text = (
        "input: 32x32x1\nlayers:\n  - nn.Conv2d(1, 6, 5, bias=False)\n  - nn.ReLU()\n"
        "  - AvgPool2d(2)\n  - Conv2D(8, 3, activation='tanh')\n  - Linear(1152, 10)\n"
    )
    found = offers(load("a.yaml", text.encode()))
    assert found[0].text == (
        "input: 32x32x1\nlayers:\n  - conv: {filters: 6, kernel: 5, bias: false}\n  - relu\n"
        "  - avgpool2\n  - conv3-8p0 tanh\n  - fc-10\n"
    )


def test_a_number_alone(layers) -> None:
    assert "a number alone is not a layer" in layers("- conv3-8 32").help


@pytest.mark.parametrize("call", ["torch.flatten(x, 1)", "x.flatten(1)", "nn.Flatten()"])
def test_a_flatten_from_the_first_axis_on_is_one(layers, call: str) -> None:
    assert layers(f"- {call}").help.splitlines()[0] == "did you mean `flatten`?"
    assert "reshape" in layers("- torch.flatten(x, 2)").help


def test_what_a_call_means_is_asked_where_it_is_reported_alone(monkeypatch) -> None:
    asked = []
    real = pattern_hints.fault
    monkeypatch.setattr(pattern_hints, "fault", lambda *of: asked.append(of) or real(*of))
    load("a.yaml", b"input: 8x8x4\nlayers:\n- relu nn.Conv2d(4, 8, 3)\n")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("layers.Add()([x, y])", "`add:` and on its own line below it `from: [x, y]`"),
        ("x = Concatenate(axis=-1)([a, b])", "`concat:` and on its own line below it"),
        ("torch.cat((a, b), 1)", "`concat:` and on its own line below it `from: [a, b]`"),
        ("torch.mul(a, b)", "`multiply:` and on its own line below it `from: [a, b]`"),
        ("x = self.conv1(x)", "`- conv3-64:`, and `name: conv1` below it"),
        ("x = F.relu(self.conv1(x))", "above the one that it is within (`self.conv1` first)"),
        ("nn.Embedding(10, 4)", "no layer kind does this"),
        ("F.conv2d(x, w)", "the kind is `conv`"),
        ("x = x.view(-1, 4 * 8 * 8)", "did you mean `flatten`?"),
        ("torch.squeeze(x)", "of 1x1xC `flatten`"),
        ("x.permute(0, 2, 3, 1)", "height, width, channels"),
    ],
)
def test_a_line_that_applies_layers_is_told_what_it_is_here(layers, line: str, help: str) -> None:
    text = f"input: 8x8x4\nlayers:\n  - {line}\n"
    assert help in load("a.yaml", text.encode()).findings[0].help[0]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("x = F.max_pool2d(x, 2)", "pool2"),
        ("F.max_pool2d(out, 3, 2, 1, 1, True)", (
            "max_pool: {kernel: 3, stride: 2, pad: 1, dilation: 1, rounding: ceil}"
        )),
        ("F.avg_pool2d(x, 4)", "avgpool4"),
        ("F.adaptive_avg_pool2d(features, (1, 1))", "global_avg_pool"),
        ("F.dropout(x, 0.5, training=self.training)", "dropout: {rate: 0.5}"),
        ("F.leaky_relu(x, 0.2)", "leaky_relu: {negative_slope: 0.2}"),
        ("F.pad(x, (1, 2, 3, 4))", "pad: {sides: [3, 4, 1, 2]}"),
        ("F.pad(x, (1, 1, 1, 1), 'reflect')", "pad: {sides: 1, mode: reflect}"),
        ("F.pad(x, (1, 1))", "pad: {sides: [0, 0, 1, 1]}"),
        ("F.softmax(x, dim=1)", "softmax"),
        ("nn.Linear(4 * 8 * 8, 10)", "fc-10"),
        ("convolution_param: {num_output: 8, kernel_size: 3}", "conv: {filters: 8, kernel: 3}"),
    ],
)  # fmt: skip
def test_a_function_of_a_program_is_the_layer_that_it_is(line: str, entry: str) -> None:
    head = "input: 8x8x4\nrounding: floor\nlayers:\n  - "
    assert offers(load("a.yaml", f"{head}{line}\n".encode()))[0].text == f"{head}{entry}\n"
