"""Layers of which nothing is read, against every window and tap counted out."""

from itertools import product

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.unread import axes_unread
from convcalc.analysis.walk import analyze
from convcalc.layers.field_step import FieldStep
from convcalc.spec.load import load


def net(shape: str, layers: str, rounding: str = "floor") -> Analysis:
    text = f"input: {shape}\nrounding: {rounding}\nlayers: [{layers}]\n"
    return analyze(load("net.yaml", text.encode()))


def said(analysis: Analysis) -> list[str]:
    return [f.message for f in analysis.findings if "for every input" in f.message]


def test_windows_on_every_line() -> None:
    """Every tap of every window; a warning where none is a position of the input."""
    dark = 0
    for size, kernel, stride, dilation in product((1, 2, 4), (1, 2, 3), (1, 3, 5), (1, 2, 3)):
        for begin, end in product((0, 1, 3), (0, 4)):
            options = f"kernel: {kernel}, stride: {stride}, dilation: {dilation}"
            conv = f"{{conv: {{filters: 1, {options}, pad: [{begin}, {end}]}}}}"
            analysis = net(f"{size}x1", conv)
            count = (analysis.rows[-1].step.output or (0,))[0]
            starts = range(-begin, count * stride - begin, stride)
            taps = range(0, dilation * kernel, dilation)
            read = any(0 <= start + tap < size for start, tap in product(starts, taps))
            assert bool(said(analysis)) == (count > 0 and not read), conv
            dark += not read
    assert dark > 10


def test_what_a_transposed_convolution_leaves_on_every_line() -> None:
    dark = 0
    for size, kernel, stride, dilation in product((1, 2, 3), (1, 2), (1, 2, 4), (1, 2, 3)):
        for begin, end in product((0, 1, 3), (0, 1, 3)):
            options = f"kernel: {kernel}, stride: {stride}, dilation: {dilation}"
            entry = f"{{conv_transpose: {{filters: 1, {options}, pad: [{begin}, {end}]}}}}"
            analysis = net(f"{size}x1", entry)
            count = (analysis.rows[-1].step.output or (0,))[0]
            made = {i * stride + t * dilation - begin for i in range(size) for t in range(kernel)}
            lit = made & {*range(count)}
            assert bool(said(analysis)) == (count > 0 and not lit), entry
            dark += count > 0 and not lit
    assert dark > 20


def test_some_windows_of_a_dilated_max_pool_on_every_line() -> None:
    """A warning where a window has no tap in the input, and others have one."""
    found = 0
    for size, kernel, stride, dilation in product((1, 2, 3), (2, 3), (1, 2), (2, 3, 4, 5)):
        for begin, end in product((0, 1, 2, 3), (0, 1, 3)):
            options = f"kernel: {kernel}, stride: {stride}, dilation: {dilation}"
            analysis = net(f"{size}x1", f"{{max_pool: {{{options}, pad: [{begin}, {end}]}}}}")
            count = (analysis.rows[-1].step.output or (0,))[0]
            starts = range(-begin, count * stride - begin, stride)
            taps = range(0, dilation * kernel, dilation)
            dark = sum(not any(0 <= start + tap < size for tap in taps) for start in starts)
            some = [f.message for f in analysis.findings if "windows read nothing" in f.message]
            assert bool(some) == (0 < dark < count), options
            assert not some or some[0].startswith(f"{dark} of {count} windows"), some
            found += bool(some)
    assert found > 10


CONV = "{conv: {filters: 2, kernel: 1, pad: 1, stride: 3}}"


@pytest.mark.parametrize(
    "shape, layers, message, help",
    [
        ("2x3x2", CONV, "every window lies in the padding (height): conv1 gives the same", "0`"),
        (
            "1x1x2",
            "{max_pool: {kernel: 2, pad: 1, stride: 4, dilation: 2, rounding: ceil}}",
            "every window lies in the padding (height and width): max_pool1 gives -inf",
            "`dilation: 1` leaves no gaps between the taps",
        ),
        (
            "2x2x2",
            "{conv_transpose: {filters: 2, kernel: 1, stride: 4, pad: 1}}",
            "all that is left of the output lies between the taps (height and width): conv_trans",
            "a smaller `pad`",
        ),
        ("2x2x2", "{conv: {filters: 2, kernel: 2, pad: 5, stride: 8}}", "(height and width)", "1`"),
    ],
)
def test_it_is_said_with_what_to_type(shape: str, layers: str, message: str, help: str) -> None:
    (finding,) = [f for f in net(shape, layers).findings if "for every input" in f.message]
    assert (finding.code, finding.severity.value) == ("CC103", "warning")
    assert message in finding.message and help in finding.help[0]


def test_it_is_said_under_exact_and_can_be_ignored() -> None:
    assert said(net("2x2x2", CONV, "exact"))
    assert not said(net("2x2x2", CONV.replace("}}", "}, ignore: CC103}"), "exact"))


def test_very_wide_padding_is_passed_over_at_once() -> None:
    step = FieldStep(1, 1, 10**9)
    assert axes_unread((step,), (5, 1), (10**9, 1)) == (0,)
    assert axes_unread((step,), (5, 1), (10**9 + 1, 1)) == ()
