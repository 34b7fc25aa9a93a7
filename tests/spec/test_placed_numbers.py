"""Calls whose word is no one tool's, `conv(3, 64, 3)`: whose order its numbers are in."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

#: a call, the channels that arrive, and what `--fix` writes
WRITTEN = [
    ("conv(32, 3)", 16, "conv3-32"),
    ("conv(64, 7, 2, 3)", 3, "conv7-64s2p3"),
    ("conv(64, 3, 2)", 64, "conv3-64s2"),
    ("conv(64, (3, 3))", 64, "conv3-64"),
    ("Conv(3, 16, 3, 2)", 3, "conv3-16s2"),
    ("Conv(3, 16, k=3, s=2)", 3, "conv3-16s2"),
    ("conv(3, 64, 3)", 3, "conv3-64"),
    ("convolution(3, 64, 3)", 3, "conv3-64"),
    ("conv(3, 64, 7, stride=2)", 3, "conv7-64s2"),
    ("conv(3, 64, 3, 1, 1)", 3, "conv3-64p1"),
    ("conv(3, 64, (3, 3))", 3, "conv3-64"),
    ("conv(8, 8, 3)", 8, "conv3-8"),
    ("conv(cin, 64, 3)", 3, "conv3-64"),
    ("conv(3, 64, kernel_size=3, padding=1)", 3, "conv3-64p1"),
    ("conv(3, 8, kernel_size=3)", 3, "conv3-8"),
    ("conv(3, out_channels=8, kernel_size=3)", 3, "conv3-8"),
    ("conv(64, kernel_size=3)", 64, "conv3-64"),
    ("conv_transpose(32, 2, 2)", 3, "conv_transpose: {filters: 32, kernel: 2, stride: 2}"),
    ("conv_transpose(64, 32, 2, 2)", 64, "conv_transpose: {filters: 32, kernel: 2, stride: 2}"),
    ("Conv2D(3, 64, 3)", 3, "conv3-64p0"),
    ("conv2d(3, 64, 3)", 3, "conv3-64p0"),
    ("fc(4096, 10)", 4, "fc-10"),
    ("dense(4096, 10)", 4, "fc-10"),
    ("linear(4096, 10, bias=False)", 4, "fc: {units: 10, bias: false}"),
]


@pytest.mark.parametrize(("call", "channels", "entry"), WRITTEN)
def test_the_order_that_makes_sense_is_an_edit(call: str, channels: int, entry: str) -> None:
    head = f"input: 32x32x{channels}\nrounding: floor\nlayers:\n  - "
    found = words_replaced(load("net.yaml", f"{head}{call}\n".encode()))
    assert found is not None
    assert found.text == f"{head}{entry}\n"


_BOTH = (
    "in Keras's order it is `conv: {filters: 3, kernel: 3, stride: 3}`, in PyTorch's "
    "`conv: {filters: 3, kernel: 3}`"
)
_TWICE = " is given twice, by its place and by its name"
TOLD = [
    ("conv(3, 3, 3)", 3, _BOTH),
    ("conv(3, 64)", 3, "the kernel is missing: `conv3-64` is 3x3 with 64 filters"),
    ("conv(16, 64)", 16, "the kernel is missing: `conv3-64` is 3x3 with 64 filters"),
    ("conv(16, 64, 3)", 3, "input makes 32x32x3: 3 channels, not 16"),
    ("conv(3, 64, kernel_size=3)", 16, "input makes 32x32x16: 16 channels, not 3"),
    ("Conv(3, 16, k=3, q=2)", 3, "`q=2` cannot be said here: the kind is `conv`, with the"),
    ("conv(3, 3, 64)", 16, "the kind is `conv`, with the options filters, kernel, "),
    ("depthwise_conv(16, 3)", 16, "the kind is `depthwise_conv`, with the options kernel, "),
    ("dwconv(16, 64, 3)", 16, "the kind is `depthwise_conv`, with the options kernel, "),
    ("fc(64, 10)", 3, "input makes 32x32x3 = 3,072 numbers, not 64"),
    ("Conv2D(64, 5, kernel_size=3)", 3, f"`kernel_size`{_TWICE}"),
    ("Conv2D(32, 3, 2, strides=1)", 3, f"`strides`{_TWICE}"),
    ("nn.Conv2d(3, 8, 3, 1, stride=2)", 3, f"`stride`{_TWICE}"),
    ("MaxPooling2D(3, pool_size=2)", 3, f"`pool_size`{_TWICE}"),
    ("nn.MaxPool2d(2, kernel_size=3)", 3, f"`kernel_size`{_TWICE}"),
    ("conv(3, 64, 3, kernel_size=5)", 3, f"`kernel_size`{_TWICE}"),
    ("MaxPooling2D((2, 2), strides=2, strides=3)", 3, "the kind is `max_pool`, with the options"),
]


@pytest.mark.parametrize(("call", "channels", "told"), TOLD)
def test_what_may_be_another_layer_is_no_edit(call: str, channels: int, told: str) -> None:
    network = load("net.yaml", f"input: 32x32x{channels}\nlayers:\n  - {call}\n".encode())
    assert network.findings[0].help[0].startswith(told)
    assert words_replaced(network) is None
