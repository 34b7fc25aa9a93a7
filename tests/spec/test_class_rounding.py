"""The help for a class of PyTorch's or Keras's is the text that `check --fix` writes."""

import re

import pytest

from convcalc.findings import Severity
from convcalc.fix.search import offers
from convcalc.network.record import Network
from convcalc.spec.load import load

_MEANT = re.compile(r"did you mean `([^`]+)`\?|write `([^`]+)` in place of `[^`]+`\Z")

CLASSES = [
    *("MaxPooling2D(3, 2)", "MaxPool2d(3, 2)", "MaxPooling2D()", "nn.AvgPool2d(2)"),
    *("layers.AveragePooling2D((2, 2))", "nn.MaxPool2d(kernel_size=3, stride=2)"),
    *("MaxPooling2D(pool_size=3, strides=2)", "MaxPool2d(5)", "MaxPool2d((2, 3))"),
    *("MaxPooling2D: {pool_size: 3, strides: 2}", "MaxPool2d: {kernel_size: 3, stride: 2}"),
    *("AveragePooling2D: {pool_size: 2}", "nn.MaxPool2d: {kernel_size: [2, 3]}"),
    *("MaxPool2d: [3, 2, 1]", "MaxPool2d: 2", "nn.AvgPool2d: 3", "MaxPool2d(3, 2, ceil_mode=True)"),
    *("MaxPool2d(3, 2, 1)", "MaxPooling2D(3, 2, padding='same')"),
]


def net(entry: str, side: int, top: str = "") -> Network:
    text = f"input: {side}x{side}x8\n{top}layers:\n  - {entry}\n  - relu\n"
    return load("net.yaml", text.encode())


def meant(network: Network) -> str:
    match = _MEANT.match(network.findings[0].help[0])
    assert match, network.findings
    return match[1] or match[2]


@pytest.mark.parametrize("side", [8, 9, 11])
@pytest.mark.parametrize("entry", CLASSES)
def test_the_help_is_the_entry_that_the_first_repair_writes(entry: str, side: int) -> None:
    network = net(entry, side)
    repaired = offers(network)[0].text
    told, word = meant(network), entry.partition(":")[0]
    if told in {"max_pool", "avg_pool"}:  # its options are told next
        assert f"  - {told}: " in repaired
        assert entry.startswith(word)
    else:
        assert f"  - {told}\n" in repaired
        typed = net(told, side)
        assert [f.code for f in typed.findings if f.severity is Severity.ERROR] == []
        assert typed.steps[1].output == load("net.yaml", repaired.encode()).steps[1].output


def test_what_the_file_rounds_needs_no_rounding() -> None:
    assert meant(net("MaxPool2d(3, 2)", 8, "rounding: floor\n")) == "pool3s2"
    assert meant(net("MaxPool2d(3, 2)", 8, "rounding: {pool: ceil}\n")) == "pool3s2"
    assert meant(net("MaxPool2d(3, 2)", 9)) == "pool3s2"


def test_a_conv_says_where_the_file_rounds() -> None:
    (finding, *_) = net("Conv2d(8, 16, 3, stride=2)", 8).findings
    assert finding.help == (
        "did you mean `conv3-16s2p0`?",
        "its size is rounded down: `rounding: {conv: floor}` at the top of the file",
    )
    assert len(net("Conv2d(8, 16, 3, stride=2)", 9).findings[0].help) == 1


def test_behind_a_fault_both_are_told() -> None:
    text = "input: 9x9x8\nlayers:\n  - Foo\n  - MaxPool2d(2)\n"
    (_, finding) = load("net.yaml", text.encode()).findings
    assert finding.help[::2] == (
        "did you mean `pool2`?",
        "where input is left over, it is rounded down: `max_pool: {kernel: 2, rounding: floor}`",
    )


@pytest.mark.parametrize("entry", ["MaxPool2d(3)", "MaxPool2d(3, 3)", "MaxPooling2D((3, 3))"])
def test_a_stride_that_is_the_kernel_is_not_written(entry: str) -> None:
    assert meant(net(entry, 8)) == "max_pool: {kernel: 3, rounding: floor}"


def test_a_word_of_a_pattern_stays_a_word() -> None:
    network = net("MaxPool2d(2) ReLU()", 9)
    assert network.findings[0].help == (
        "did you mean `pool2`?",
        "its size is rounded down: `rounding: floor` at the top of the file",
    )
    assert offers(network)[0].text.splitlines()[1] == "rounding: floor"
    assert len(net("MaxPool2d(2) ReLU()", 8).findings[0].help) == 1
