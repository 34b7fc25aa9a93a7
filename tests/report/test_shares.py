"""Shares that round to nothing are said in words: no table has `-0.0 %`."""

import pytest

import convcalc
from convcalc.report.drawing.units import percent

LARGE = "input: 64x64x64\nlayers: [conv3-512, relu, conv3-512, fc-1000]\n"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    other = LARGE.replace(
        "conv3-512, fc-1000", "{conv: {filters: 512, kernel: 3, pad: 1, bias: false}}, fc-1000"
    )
    for before, after in (LARGE, other), (other, LARGE):
        shown = str(convcalc.diff(before, after))
        assert "0.0 %" not in shown and "under 0.1 %" in shown


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 9, "0 %"), (1, 10_000, "under 0.1 %"), (6, 10_000, "0.1 %"), (1, 3, "33 %")],
)
def test_a_share(part: int, whole: int, share: str) -> None:
    assert percent(part, whole) == share
