"""The window rule against windows that are really slid over a list of positions."""

import re
from fractions import Fraction
from functools import cache
from itertools import product
from math import gcd
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc.window import (
    Grade,
    Rounding,
    same_padding,
    slide,
    unslide,
    unslide_formula,
)


class Slid(NamedTuple):
    """What sliding by hand finds. Positions from 0 are real, the others are padding."""

    starts: list[int]
    reads: list[list[int]]
    end: int
    """The first position behind the padded input."""


def by_hand(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int, rounding: Rounding
) -> Slid:
    """Put the window down again and again until it no longer belongs on the input."""
    edge = size + end
    starts: list[int] = []
    start = -begin
    while True:
        taps = [start + dilation * tap for tap in range(kernel)]
        whole = taps[-1] < edge
        # ceil: one more window may hang over, if something is left for it beyond the window
        # before it and it starts before the trailing padding does
        beyond = bool(starts) and starts[-1] + dilation * (kernel - 1) < edge - 1
        hangs = rounding is Rounding.CEIL and beyond and start < size
        if not whole and not hangs:
            break
        starts.append(start)
        start += stride
        if not whole:
            break
    reads = [[start + dilation * tap for tap in range(kernel)] for start in starts]
    return Slid(starts, reads, edge)


GRID = [
    (size, kernel, stride, begin, end, dilation, rounding)
    for size, kernel, stride, begin, end, dilation, rounding in product(
        range(1, 11), range(1, 6), range(1, 6), range(3), range(4), range(1, 4), Rounding
    )
]


def test_every_small_window_comes_out_as_by_hand() -> None:
    for case in GRID:
        size, _, stride, _, end, _, _ = case
        hand, window = by_hand(*case), slide(*case)
        if not hand.starts:
            assert window.output is None, case
            assert window.grade is Grade.DOES_NOT_FIT, case
            assert (window.lost, window.overhang, window.remainder) == (0, 0, 0), case
            continue
        assert window.output == len(hand.starts), case
        last = hand.reads[-1][-1]
        unread = [position for position in range(size) if position > last]
        assert window.lost == len(unread), case
        assert window.overhang == max(last + 1 - hand.end, 0), case
        left = (hand.end - 1 - by_hand(*case[:6], Rounding.FLOOR).reads[-1][-1]) % stride
        assert window.remainder == left, case
        assert window.extent == last + 1 - hand.starts[-1], case
        assert window.grade is _grade(hand, unread, stride, end), case
        if window.grade is Grade.GRIDDING:
            places = {place for read in hand.reads for place in read}
            assert window.unread == size - len(places & set(range(size))), case


def _grade(hand: Slid, unread: list[int], stride: int, end: int) -> Grade:
    first, last = hand.reads[-1][0], hand.reads[-1][-1]
    if last >= hand.end:
        return Grade.OVERHANG
    if last == hand.end - 1:
        places = {place for read in hand.reads for place in read}
        several = len(hand.reads) > 1 and len(hand.reads[0]) > 1
        apart = gcd(*(place - min(places) for place in places))
        return Grade.GRIDDING if several and apart > 1 else Grade.EXACT
    if not unread and hand.end - 1 - last <= end:
        return Grade.PADDING_UNUSED
    return Grade.SUB_SAMPLING if last - first + 1 < stride else Grade.INPUT_LOST


def test_exact_rounding_sizes_as_floor_does() -> None:
    """Whether a remainder is an error is the layer's to say; the size is the floored one."""
    for case in GRID:
        if case[-1] is Rounding.EXACT:
            assert slide(*case) == slide(*case[:6], Rounding.FLOOR)


@cache
def _value(equation: str) -> Fraction:
    """The value of an equation in the text, worked out in fractions."""
    assert re.fullmatch(r"[\d +\-*/()]+", equation), equation
    return Fraction(eval(re.sub(r"\d+", r"Fraction(\g<0>)", equation), {"Fraction": Fraction}))


def test_the_printed_equation_has_the_value_it_claims() -> None:
    for case in GRID:
        window = slide(*case)
        size, kernel, stride, begin, end, dilation, _ = case
        span = size - (dilation * (kernel - 1) + 1) + begin + end
        value = Fraction(span, stride) + 1
        assert _value(window.equation) == value, case
        if window.output is None:
            assert value < 1
            assert window.quotient == "below 1"
            assert window.formula == f"{window.equation} = does not fit"
        elif value.denominator == 1:
            assert window.quotient == str(window.output) == str(value)
            assert window.formula == f"{window.equation} = {window.output}"
        else:
            assert abs(Fraction(window.quotient) - value) <= Fraction(1, 200), case
            assert Fraction(window.quotient).denominator != 1, case
            assert window.formula == f"{window.equation} = {window.quotient} -> {window.output}"


@pytest.mark.parametrize(
    ("remainder", "stride", "decimals"),
    [
        (1, 2, ".5"),
        (1, 3, ".33"),
        (2, 3, ".67"),
        (1, 4, ".25"),
        (1, 1000, ".01"),
        (999, 1000, ".99"),
    ],
)
def test_a_quotient_never_looks_whole(remainder: int, stride: int, decimals: str) -> None:
    assert slide(1 + stride + remainder, 1, stride).quotient == f"2{decimals}"


def test_equations_write_what_the_layer_was_given() -> None:
    assert slide(224, 3, 1, 1, 1).formula == "(224 - 3 + 2*1)/1 + 1 = 224"
    assert slide(224, 3, 2, 0, 1).formula == "(224 - 3 + 0 + 1)/2 + 1 = 112"
    assert slide(28, 3, 1, 2, 2, 2).formula == "(28 - (2*(3 - 1) + 1) + 2*2)/1 + 1 = 28"
    assert slide(224, 11, 4, 2, 2).formula == "(224 - 11 + 2*2)/4 + 1 = 55.25 -> 55"
    assert slide(112, 3, 2, rounding=Rounding.CEIL).formula == "(112 - 3 + 2*0)/2 + 1 = 55.5 -> 56"


#: size, kernel, stride, padding, rounding -> output, value, grade, lost, overhang
KNOWN = [
    (227, 11, 4, 0, "floor", 55, "55", "exact", 0, 0),
    (10, 3, 2, 0, "floor", 4, "4.5", "input lost", 1, 0),
    (5, 3, 3, 1, "floor", 2, "2.33", "padding unused", 0, 0),
    (7, 3, 3, 0, "floor", 2, "2.33", "input lost", 1, 0),
    (224, 11, 4, 2, "floor", 55, "55.25", "padding unused", 0, 0),
    (224, 7, 2, 3, "floor", 112, "112.5", "padding unused", 0, 0),
    (56, 1, 2, 0, "floor", 28, "28.5", "sub-sampling", 1, 0),
    (224, 7, 2, 0, "floor", 109, "109.5", "input lost", 1, 0),
    (112, 3, 2, 0, "ceil", 56, "55.5", "overhang", 0, 1),
    (4, 7, 1, 0, "floor", None, "below 1", "does not fit", 0, 0),  # truncation would say -2
    (4, 7, 4, 0, "floor", None, "below 1", "does not fit", 0, 0),  # truncation would say 1
    (4, 7, 4, 0, "ceil", None, "below 1", "does not fit", 0, 0),
]


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: "-".join(map(str, case[:5])))
def test_known_cases(case: tuple[int, int, int, int, str, int | None, str, str, int, int]) -> None:
    size, kernel, stride, pad, rounding, output, value, grade, lost, overhang = case
    window = slide(size, kernel, stride, pad, pad, 1, Rounding(rounding))
    assert (window.output, window.quotient, window.grade.value) == (output, value, grade)
    assert (window.lost, window.overhang) == (lost, overhang)


def _pytorch_ceil(size: int, kernel: int, stride: int, pad: int, dilation: int) -> int:
    """pooling_output_shape of PyTorch's aten/src/ATen/native/Pool.h with ceil_mode, symmetric."""
    output = (size + 2 * pad - dilation * (kernel - 1) - 1 + stride - 1) // stride + 1
    if (output - 1) * stride >= size + pad:
        output -= 1
    return output


def test_ceil_is_pytorchs() -> None:
    """But where not one whole window fits: that is refused, PyTorch lets it hang over."""
    for size, kernel, stride, dilation in product(range(1, 30), range(1, 8), range(1, 6), (1, 2)):
        for pad in range(kernel // 2 + 1):  # PyTorch takes no more
            window = slide(size, kernel, stride, pad, pad, dilation, Rounding.CEIL)
            if window.output is not None:
                expected = _pytorch_ceil(size, kernel, stride, pad, dilation)
                assert window.output == expected, (size, kernel, stride, pad, dilation)


def test_ceil_drops_a_window_that_would_start_in_the_padding() -> None:
    # 5 + 2*1: the third window of stride 3 would start at 6 of 7, where only padding is
    assert slide(5, 3, 3, 1, 1, 1, Rounding.CEIL).output == 2
    assert slide(6, 3, 3, 1, 1, 1, Rounding.CEIL).output == 3


def test_same_padding_gives_the_ceiled_size_with_the_odd_one_at_the_far_side() -> None:
    for size, kernel, stride, dilation in product(
        range(1, 20), range(1, 8), range(1, 6), range(1, 4)
    ):
        begin, end = same_padding(size, kernel, stride, dilation)
        window = slide(size, kernel, stride, begin, end, dilation)
        case = (size, kernel, stride, dilation)
        assert window.output == -(-size // stride), case
        assert end - begin in {0, 1}, case
        if begin + end:  # and not one zero more than that takes
            assert slide(size, kernel, stride, begin, end - 1, dilation).output != window.output


def test_unslide_is_where_a_scattered_input_ends() -> None:
    """Every input adds its kernel to the output; the cut edges go, the extra rows come."""
    for size, kernel, stride, begin, end, dilation in product(
        range(1, 6), range(1, 5), range(1, 5), range(3), range(3), range(1, 4)
    ):
        touched = {i * stride + tap * dilation for i in range(size) for tap in range(kernel)}
        kept = [p for p in range(max(touched) + 1) if p >= begin and p <= max(touched) - end]
        case = (size, kernel, stride, begin, end, dilation)
        assert max(unslide(*case), 0) == len(kept), case
        assert unslide(*case, 2) == unslide(*case) + 2
        text, _, value = unslide_formula(*case, 0).rpartition(" = ")
        assert _value(text) == int(value) == unslide(*case), case
        text, _, value = unslide_formula(*case, 1).rpartition(" = ")
        assert _value(text) == int(value) == unslide(*case, 1), case


sizes = st.integers(1, 400)
kernels = st.integers(1, 13)
strides = st.integers(1, 9)
pads = st.integers(0, 9)
dilations = st.integers(1, 4)


@given(sizes, kernels, strides, pads, pads, dilations, st.sampled_from(Rounding))
def test_more_padding_never_shrinks_the_output(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int, rounding: Rounding
) -> None:
    before = slide(size, kernel, stride, begin, end, dilation, rounding).output or 0
    assert (slide(size, kernel, stride, begin + 1, end, dilation, rounding).output or 0) >= before
    assert (slide(size, kernel, stride, begin, end + 1, dilation, rounding).output or 0) >= before


@given(sizes, kernels, strides, pads, pads, dilations)
def test_a_floored_output_is_what_its_exact_part_gives(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int
) -> None:
    """Without the remainder nothing changes: it is exactly what no window reaches."""
    window = slide(size, kernel, stride, begin, end, dilation)
    if window.output is not None and window.remainder < size:
        exact = slide(size - window.remainder, kernel, stride, begin, end, dilation)
        assert (exact.output, exact.exact) == (window.output, True)


@given(sizes, kernels, strides, pads, pads, dilations)
def test_unslide_undoes_slide_up_to_the_remainder(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int
) -> None:
    window = slide(size, kernel, stride, begin, end, dilation)
    if window.output is not None:
        back = unslide(window.output, kernel, stride, begin, end, dilation, window.remainder)
        assert back == size


@given(sizes, kernels, strides, pads, pads, dilations)
def test_slide_undoes_unslide(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int
) -> None:
    output = unslide(size, kernel, stride, begin, end, dilation)
    if output >= 1:
        window = slide(output, kernel, stride, begin, end, dilation)
        assert (window.output, window.exact) == (size, True)


@given(sizes, kernels, strides, pads, pads, dilations)
def test_ceil_is_floor_or_one_more(
    size: int, kernel: int, stride: int, begin: int, end: int, dilation: int
) -> None:
    case = (size, kernel, stride, begin, end, dilation)
    floored, ceiled = slide(*case).output, slide(*case, Rounding.CEIL).output
    if floored is None:
        assert ceiled is None
    else:
        assert ceiled in {floored, floored + 1}
