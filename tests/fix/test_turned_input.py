"""An input whose channels come first is turned alone, where windows then lose input at most."""

import re

import pytest

import convcalc

CLASS = "nn.MaxPool2d(3, 2)"
AS_HERE = "max_pool: {kernel: 3, stride: 2, rounding: floor}"
NETS = [
    "rounding: floor\nlayers:\n  - conv3-8\n  - pool3s2\n  - conv5-8p0\n  - fc-10\n",
    "rounding: floor\nlayers:\n  - conv9-8s4p0\n  - fc-10\n",
    f"layers:\n  - conv3-8\n  - {CLASS}\n  - conv5-8p0\n  - fc-10\n",
]


@pytest.mark.parametrize("net", NETS)
def test_the_input_alone_is_turned_first(net: str) -> None:
    first, *others = convcalc.load(f"input: 3x32x32\n{net}").repairs
    assert "line 1: input 3x32x32 -> 32x32x3" in first.changes
    right = convcalc.load(first.text)
    meant = convcalc.load(f"input: 32x32x3\n{net}".replace(CLASS, AS_HERE))
    assert right.ok
    assert (
        convcalc.analyze(right).to_dict()["totals"] == convcalc.analyze(meant).to_dict()["totals"]
    )
    assert len(others[0].changes) == len(first.changes) + 1


def test_an_input_that_leaves_an_error_is_turned_with_what_mends_it() -> None:
    net = convcalc.load("input: 3x32x32\nlayers: [conv3-8, pool3s2, conv5-8p0, fc-10]\n")
    first = net.repairs[0]
    assert len(first.changes) == 2 and convcalc.load(first.text).ok


#: inputs as PyTorch's tensors have them, how they are meant, classes behind, what is made of them
PASTED = [
    (
        "input: 3x32x32",
        "input: 32x32x3",
        ["Conv2d(3, 16, 3)", "ReLU()", "MaxPool2d(2)", "Conv2d(16, 32, 3)", "MaxPool2d(2, 2)",
         "Flatten()", "Linear(1152, 10)"],
        "conv3-16p0, relu, pool2, conv3-32p0, max_pool: {kernel: 2, rounding: floor}, flatten,"
        " fc-10",
    ),
    (
        "input: 1x16000",
        "input: 16000x1",
        ["Conv1d(1, 32, 80, 4)", "BatchNorm1d(32)", "ReLU()", "MaxPool1d(4)", "Flatten()",
         "Linear(31840, 10)"],
        "conv80-32s4p0, batch_norm, relu, max_pool: {kernel: 4, rounding: floor}, flatten, fc-10",
    ),
    (
        "input: 3x16x112x112",
        "input: 16x112x112x3",
        ["Conv3d(3, 64, 3, padding=1)", "BatchNorm3d(64)", "MaxPool3d(2)"],
        "conv3-64p1, batch_norm, pool2",
    ),
    (
        "input: 64x8x8",
        "input: 8x8x64",
        ["BatchNorm2d(64)", "ConvTranspose2d(64, 32, 4, 2, 1)"],
        "batch_norm, conv_transpose: {filters: 32, kernel: 4, stride: 2, pad: 1}",
    ),
    (
        "input: 3x32x32",
        "input: 32x32x3",
        ["MaxPool2d(2)", "Conv2d(3, 8, 3)", "Flatten()", "Linear(1568, 10)"],
        "pool2, conv3-8p0, flatten, fc-10",
    ),
    (
        "input: {height: 3, width: 32, channels: 32}",
        "input: {height: 32, width: 32, channels: 3}",
        ["Conv2d(3, 8, 3)"],
        "conv3-8p0",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "meant", "classes", "entries"), PASTED)
def test_classes_that_state_their_channels_turn_the_input_with_them(
    stated: str, meant: str, classes: list[str], entries: str
) -> None:
    pasted = "".join(f"  - nn.{word}\n" for word in classes)
    expected = "".join(f"  - {entry}\n" for entry in re.split(r", (?![^{]*\})", entries))
    first = convcalc.load(f"{stated}\nlayers:\n{pasted}").repairs[0]
    assert first.text == f"{meant}\nlayers:\n{expected}"
    assert convcalc.load(first.text).ok


def test_each_of_several_inputs_is_turned_under_its_name() -> None:
    shapes = "inputs: {{x: {}, depth: {}}}\nlayers:\n"
    of_x, of_depth = "  - {}: {{}}\n    from: x\n    name: a\n", "  - {}: {{}}\n    from: depth\n"
    net = convcalc.load(
        shapes.format("3x32x32", "1x32x32")
        + of_x.format("nn.Conv2d(3, 8, 3)")
        + of_depth.format("nn.Conv2d(1, 8, 3)")
        + "  - concat:\n    from: [a, conv2]\n"
    )
    assert "write `x: 32x32x3` in place of 3x32x32" in net.findings[0].help[0]
    assert net.repairs[0].text.startswith("inputs: {x: 32x32x3, depth: 32x32x1}\n")


def test_an_input_that_the_layers_agree_with_stays() -> None:
    net = convcalc.load("input: 3x32x32\nlayers:\n  - nn.Conv2d(32, 16, 3, padding=1)\n  - reluu\n")
    assert net.repairs[0].text.startswith("input: 3x32x32\n")
