"""Receptive fields behind branches that see the same places, and shifted ones."""

from collections.abc import Callable
from itertools import product

import pytest

from convcalc.analysis.merged_fields import merged
from convcalc.analysis.receptive import ReceptiveFields
from convcalc.analysis.record import Analysis, ReceptiveField

Analyzed = Callable[[str], Analysis]

FACTORIZED = """
input: 32x32x3
rounding: floor
layers:
  - conv3-8
  - concat:
      branches:
        - conv: {filters: 4, kernel: 1, stride: 2}
        - [crop: {sides: [1, 0, 1, 0]}, conv: {filters: 4, kernel: 1, stride: 2}]
"""


def last(analysis: Analysis) -> ReceptiveFields:
    return analysis.rows[-1].receptive_field


def test_a_branch_that_is_shifted_by_a_pixel_widens_the_field(analyzed: Analyzed) -> None:
    """Zoph et al. 2018's reduction: two 1x1 paths of stride 2, one a pixel further on."""
    assert last(analyzed(FACTORIZED)) == (ReceptiveField(4, 2, 1),) * 2
    plain = FACTORIZED.replace("[1, 0, 1, 0]", "[0, 0, 0, 0]")
    assert last(analyzed(plain)) == (ReceptiveField(3, 2, 1),) * 2


@pytest.mark.parametrize(("left", "right"), [*product([(0, 2), (1, 1), (2, 0)], repeat=2)])
def test_uneven_padding_shifts(
    left: tuple[int, int], right: tuple[int, int], analyzed: Analyzed
) -> None:
    """By brute force: output i reads i - begin to i - begin + 2, of each branch."""
    branches = [f"[conv: {{filters: 4, kernel: 3, pad: {list(pad)}}}]" for pad in (left, right)]
    text = f"input: 40x1\nlayers:\n  - add:\n      branches: [{', '.join(branches)}]\n  - conv: {{"
    (found,) = last(analyzed(text + "filters: 2, kernel: 3, pad: 1}\n"))
    read = {at - pad[0] + tap for at in (19, 20, 21) for pad in (left, right) for tap in (0, 1, 2)}
    assert found == ReceptiveField(max(read) - min(read) + 1, 1, 20 - min(read))


def test_the_larger_field_mostly_holds_the_other(analyzed: Analyzed) -> None:
    text = "layers:\n  - conv5-4\n  - add:\n      branches: [[conv3-4, conv3-4], []]\n"
    found = analyzed(text)
    before = [row.receptive_field for row in found.rows if row.step.name == "conv3"]
    assert last(found) == before[0]


def test_of_fields_with_a_period_each_position_is_joined() -> None:
    nearest = ReceptiveField(1, 1, 0, ((0, 0), (0, 0)))
    shifted = ReceptiveField(1, 1, -1)
    (found,) = merged([(nearest,), (shifted,)], (8,))
    assert found.fields == ((0, 1), (0, 2))
    assert (found.size, found.stride) == (3, 1)
    assert [found.ends(at) for at in range(4)] == [(0, 1), (0, 2), (2, 3), (2, 4)]
    (one,) = merged([(nearest,), (shifted,)], (1,))
    assert one.size == 2  # the second position is not there


def test_what_sees_nothing_adds_nothing() -> None:
    gaps = ReceptiveField(1, 1, 0, ((0, 0), (0, -1)))
    (found,) = merged([(gaps,), (gaps._replace(fields=((0, 0), (1, 1))),)], (8,))
    assert found.fields == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    "other",
    [
        ReceptiveField(5, 1, 9, is_estimate=True),
        ReceptiveField(5, 0, 9),
    ],
)
def test_fields_that_cannot_be_joined_leave_the_largest(other: ReceptiveField) -> None:
    assert merged([(ReceptiveField(3, 1, 1),), (other,)], (8,)) == (other,)
    long = ReceptiveField(2, 1, 0, ((0, 1),) * 64)
    assert merged([(ReceptiveField(1, 1, 9),), (long,)], (128,), longest=63) == (long,)


def test_of_strides_that_differ_it_is_about_what_the_widest_output_sees(
    analyzed: Analyzed,
) -> None:
    """A U-Net at an odd size: 63 positions of 8/9 beside 63 of 1."""
    text = "input: 63x1\nrounding: floor\nlayers:\n  - {conv1-2: , name: s}\n"
    text += "  - max_pool: {kernel: 2}\n" * 3
    text += "  - {upsample: {like: s}, name: u}\n  - {concat: , from: [s, u]}\n"
    (found,) = last(analyzed(text))
    assert (found.size, found.is_estimate) == (15, True)
    even = last(analyzed(text.replace("63x1", "64x1")))
    assert even == (analyzed(text.replace("63x1", "64x1")).rows[-2].receptive_field)


INPUTS = """
inputs: {a: 32x32x3, b: 32x32x3}
layers:
  - {conv: {filters: 2, kernel: 3, pad: [2, 0, 2, 0]}, from: a, name: left}
  - {conv: {filters: 2, kernel: 3, pad: [0, 2, 0, 2]}, from: b, name: right}
  - {conv: {filters: 2, kernel: 3, pad: [0, 2, 0, 2]}, from: a, name: other}
  - {add: , from: [left, right]}
  - {add: , from: [left, other]}
  - {add: , from: [add1, other]}
"""


def test_places_of_several_inputs_are_not_joined(analyzed: Analyzed) -> None:
    sizes = [row.receptive_field[0].size for row in analyzed(INPUTS).rows[-3:]]
    assert sizes == [3, 5, 5]
