"""A feature pyramid has one grade for the same windows, however their padding is written."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.spec.load import load

_PYRAMID = """
input: 64x64x3
rounding: {rounding}
layers:
  - conv: {{filters: 8, kernel: 3, stride: 2, pad: {first}}}
  - relu:
    name: a
  - conv: {{filters: 8, kernel: 3, stride: 2, pad: {first}}}
  - conv: {{filters: 8, kernel: 3, stride: 2, pad: {last}}}
  - upsample: {{scale: 4}}
    name: u
  - add:
    from: [u, a]
"""


def _said(first: str, last: str, rounding: str = "exact") -> Finding:
    text = _PYRAMID.format(first=first, last=last, rounding=rounding)
    (found,) = [f for f in analyze(load("net.yaml", text.encode())).findings if f.code == "CC121"]
    return found


@pytest.mark.parametrize(
    ("pad", "rounding"), [("1", "floor"), ("[1, 0, 1, 0]", "exact"), ("[1, 0, 1, 0]", "floor")]
)
def test_padding_that_would_not_be_read_makes_no_difference(pad: str, rounding: str) -> None:
    found = _said(pad, pad, rounding)
    assert found.severity is Severity.NOTE
    assert found.message == (
        "u and a see places 3 input positions apart: "
        "strided windows on even sizes (conv2, conv3) are centred before the middle"
    )


@pytest.mark.parametrize(("pad", "rounding"), [("same", "exact"), ("[0, 1, 0, 1]", "exact")])
def test_one_that_starts_at_the_first_position_is_centred_after_the_middle(
    pad: str, rounding: str
) -> None:
    found = _said(pad, pad, rounding)
    assert found.severity is Severity.NOTE
    assert found.message.endswith("(conv2, conv3) are centred after the middle")
    assert found.help == (
        "usual in feature pyramids; odd sizes before each strided window, "
        "padded alike on both sides, avoid it",
    )


def test_a_window_rounded_up_is_centred_after_the_middle() -> None:
    text = _PYRAMID.format(first=1, last=1, rounding="floor").replace(
        "conv: {filters: 8, kernel: 3, stride: 2, pad: 1}",
        "max_pool: {kernel: 3, stride: 2, rounding: ceil}",
    )
    (found,) = [f for f in analyze(load("net.yaml", text.encode())).findings if f.code == "CC121"]
    assert found.message.endswith("are centred after the middle")


@pytest.mark.parametrize("pad", ["[5, 1, 5, 1]", "[1, 5, 1, 5]"])
def test_a_window_a_stride_off_the_middle_is_a_warning(pad: str) -> None:
    text = _PYRAMID.format(first="[1, 0, 1, 0]", last="LAST", rounding="floor")
    text = text.replace("kernel: 3, stride: 2, pad: LAST", f"kernel: 7, stride: 2, pad: {pad}")
    (found,) = [f for f in analyze(load("net.yaml", text.encode())).findings if f.code == "CC121"]
    assert "strided windows" not in found.message
    assert found.severity is Severity.WARNING


def test_windows_before_and_after_the_middle_do_not_excuse_each_other() -> None:
    text = """
input: 64x64x3
layers:
  - conv: {filters: 8, kernel: 3, stride: 2, pad: [1, 0, 1, 0]}
    name: a
  - conv: {filters: 8, kernel: 3, stride: 2, pad: same}
    from: input
    name: b
  - add:
    from: [a, b]
"""
    (found,) = [f for f in analyze(load("net.yaml", text.encode())).findings if f.code == "CC121"]
    assert found.message == "a and b see places 1 input position apart"
