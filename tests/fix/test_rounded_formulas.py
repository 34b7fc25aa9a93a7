"""`check --fix` of a formula with a function or an operator of programs, which it lacks."""

import pytest

from tests.fix.repairs import faults, offered

SPEC = """\
input: 8x8x16
layers:
  - conv: {{filters: {0}, kernel: 3, pad: 1}}
"""


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("=int(in_channels/2)", "=in_channels//2"),
        ("=math.floor(in_channels / 2)", "=in_channels//2"),
        ("=ceil(in_channels/3)", "=(in_channels + 2)//3"),
        ("=int(in_channels//2)", "=in_channels//2"),
        ("=in_channels>>1", "=in_channels//2"),
        ("=in_channels<<2", "=in_channels*4"),
        ("=8*int(in_channels/3)", "=8*(in_channels//3)"),
        ('"=max(int(in_channels/2), 4)"', '"=max(in_channels//2, 4)"'),
        ("=in_channels div 2", "=in_channels // 2"),
    ],
)
def test_it_is_written_as_formulas_are(slip: str, right: str) -> None:
    (offer,) = offered(SPEC.format(slip))
    assert offer.text == SPEC.format(right) and faults(offer.text) == []


@pytest.mark.parametrize("slip", ["=in_channels>>1 + 2", "=int(in_channels/2)*int(in_channels/4)"])
def test_what_programs_work_out_otherwise_has_no_edit(slip: str) -> None:
    """There a sum comes before a shift; of two functions the help names the first alone."""
    assert offered(SPEC.format(slip)) == []
