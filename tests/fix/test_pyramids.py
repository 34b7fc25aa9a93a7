"""`check --fix`: what is enlarged had to go down first: the stride or the pool of its level."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered, told

#: a feature pyramid of two levels; the first conv behind `c3` leads to the level below
FPN = """\
input: 64x64x3
rounding: floor
layers:
  - conv3-16s2
  - conv3-32s2
  - {relu: , name: c3}
  - conv3-64s2
  - {relu: , name: c4}
  - conv1-8
  - {upsample: {scale: 2}, name: up}
  - {conv1-8: , from: c3, name: l3}
  - {add: , from: [up, l3]}
"""
BLOCKS = """\
input: 64x64x3
rounding: floor
blocks:
  res:
    args: {c: , s: 1}
    layers:
      - add:
          branches:
            - - conv: {filters: =c, kernel: 3, stride: =s, pad: 1}
              - conv: {filters: =c, kernel: 3, pad: 1}
            - - conv: {filters: =c, kernel: 1, stride: =s}
                when: =s != 1 or in_channels != c
layers:
  - {res: {c: 16, s: 2}, name: c3}
  - {res: {c: 32, s: 2}, name: c4}
  - {conv_transpose: {filters: 8, kernel: 2, stride: 2}, name: up}
  - {conv1-8: , from: c3, name: l3}
  - {concat: , from: [l3, up]}
"""
UNET = """\
input: 64x64x1
blocks:
  two: {args: {c: }, layers: [conv: {filters: =c, kernel: 3, pad: 1}, relu]}
layers:
  - {two: 8, name: e1}
  - max_pool: {kernel: 2}
  - {two: 16, name: e2}
  - max_pool: {kernel: 2}
  - {two: 32, name: e3}
  - {conv_transpose: {filters: 16, kernel: 2, stride: 2}, name: u2}
  - {concat: , from: [u2, e2]}
  - {conv_transpose: {filters: =in_channels/4, kernel: 2, stride: 2}, name: u1}
  - {concat: , from: [u1, e1]}
"""
SLIPS = [
    (FPN, "conv3-64s2", "conv3-64"),
    (BLOCKS, "{c: 32, s: 2}", "{c: 32}"),
    (UNET, "  - max_pool: {kernel: 2}\n  - {two: 32", "  - {two: 32"),
    (UNET, "  - max_pool: {kernel: 2}\n  - {two: 16", "  - {two: 16"),
]


@pytest.mark.parametrize(("spec", "right", "slip"), SLIPS)
def test_the_step_that_leads_to_the_level_is_the_first_repair(
    spec: str, right: str, slip: str
) -> None:
    assert spec.count(right) == 1
    assert first(spec.replace(right, slip)) == spec


def test_what_was_just_enlarged_is_never_made_smaller_again() -> None:
    """Here no conv can step: all are 1x1. What is left is the other one, enlarged."""
    spec = FPN.replace("conv3-64s2", "conv1-64")
    added = [change.written for offer in offered(spec) for change in offer.changes]
    assert added and not any("projected" in text for text in added)


def test_a_factor_that_does_not_fit_is_changed_itself() -> None:
    spec = FPN.replace("scale: 2", "scale: 4")
    assert told(offered(spec)[0]) == [("up", "scale", "2")]


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (FPN.replace("64s2", "64"), "up: `stride: 2` of conv3 (16x16)"),
        (UNET.replace(*SLIPS[2][1:]), "u2: `max_pool: {kernel: 2}` before e3 (32x32)"),
    ],
)
def test_the_help_names_it_first(spec: str, line: str) -> None:
    (fault,) = [f for f in load("net.yaml", spec.encode()).findings if f.code == "CC107"]
    assert fault.help[0] == line
