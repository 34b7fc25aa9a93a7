"""Receptive fields against index sets: which inputs an output really depends on.

One axis, with positions that may lie before 0 or behind the end, where the padding is: so a field
is not cut at the border. Each kind says in `_reads` what one of its outputs reads.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, gcd
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc import zoo
from convcalc.analysis.record import ReceptiveField
from convcalc.analysis.walk import analyze
from convcalc.layers import BY_NAME
from convcalc.layers.base import Roundings
from convcalc.layers.field_step import LONGEST_PERIOD, FieldStep
from convcalc.spec.load import load
from convcalc.window import Rounding

_FLOOR = Roundings(Rounding.FLOOR, Rounding.FLOOR)
Reads = Callable[[int], set[int]]
#: word, kernel, stride, pad, dilation of each layer
Chain = list[tuple[str, int, int, int, int]]


def windowed(kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> Reads:
    return lambda o: {o * stride - pad + dilation * tap for tap in range(kernel)}


def transposed(kernel: int, stride: int, pad: int = 0, dilation: int = 1) -> Reads:
    """Input i adds its taps to the outputs i*stride - pad + dilation*tap."""

    def reads(o: int) -> set[int]:
        sources = {(o + pad - dilation * tap, stride) for tap in range(kernel)}
        return {place // s for place, s in sources if place % s == 0}

    return reads


def adaptive(size: int, output: int) -> Reads:
    """PyTorch's AdaptivePooling: from floor(o*W/O) to before ceil((o+1)*W/O)."""
    return lambda o: set(
        range(floor(Fraction(o * size, output)), ceil(Fraction((o + 1) * size, output)))
    )


def nearest(size: int, output: int) -> Reads:
    return lambda o: {floor(Fraction(o * size, output))}


def bilinear(size: int, output: int) -> Reads:
    """Half-pixel centres: the two inputs around (o + 1/2)*W/O - 1/2, one where it hits."""

    def reads(o: int) -> set[int]:
        place = Fraction((2 * o + 1) * size, 2 * output) - Fraction(1, 2)
        return {floor(place), ceil(place)}

    return reads


#: kind, options, input size, what one output reads
LAYERS: list[tuple[str, dict[str, Any], int, Reads]] = [
    ("conv", {"filters": 1, "kernel": (3,), "pad": (1,)}, 12, windowed(3, 1, 1)),
    ("conv", {"filters": 1, "kernel": (5,), "stride": (2,), "pad": (2,)}, 13, windowed(5, 2, 2)),
    ("conv", {"filters": 1, "kernel": (3,), "dilation": (4,)}, 20, windowed(3, 1, 0, 4)),
    ("conv", {"filters": 1, "kernel": (1,), "stride": (3,)}, 10, windowed(1, 3)),
    ("conv", {"filters": 1, "kernel": (2,), "pad": "same"}, 10, windowed(2)),
    ("depthwise_conv", {"kernel": (3,), "stride": (2,), "pad": (1,)}, 12, windowed(3, 2, 1)),
    ("locally_connected", {"filters": 1, "kernel": (4,), "pad": (1, 2)}, 12, windowed(4, 1, 1)),
    ("max_pool", {"kernel": (2,)}, 12, windowed(2, 2)),
    ("avg_pool", {"kernel": (3,), "stride": (2,), "pad": (1,)}, 12, windowed(3, 2, 1)),
    ("l2_pool", {"kernel": (3,), "stride": (1,)}, 12, windowed(3)),
    ("pad", {"sides": (2, 3)}, 8, windowed(1, 1, 2)),
    ("crop", {"size": (5,)}, 8, windowed(1, 1, -1)),
    ("crop", {"sides": (3, 1)}, 8, windowed(1, 1, -3)),
    ("conv_transpose", {"filters": 1, "kernel": (2,), "stride": (2,)}, 6, transposed(2, 2)),
    ("conv_transpose", {"filters": 1, "kernel": (3,), "stride": (2,)}, 6, transposed(3, 2)),
    (
        "conv_transpose",
        {"filters": 1, "kernel": (4,), "stride": (2,), "pad": (1,)},
        6,
        transposed(4, 2, 1),
    ),
    (
        "conv_transpose",
        {"filters": 1, "kernel": (3,), "dilation": (2,), "pad": (2,)},
        9,
        transposed(3, 1, 2, 2),
    ),
    ("conv_transpose", {"filters": 1, "kernel": (7,), "stride": (3,)}, 6, transposed(7, 3)),
    ("upsample", {"scale": (2,)}, 6, nearest(6, 12)),
    ("upsample", {"scale": (3,), "mode": "bilinear"}, 6, bilinear(6, 18)),
    ("upsample", {"size": (8,), "mode": "bilinear"}, 4, bilinear(4, 8)),
    ("pixel_shuffle", {"factor": 3}, 6, nearest(6, 18)),
    ("global_avg_pool", {}, 9, adaptive(9, 1)),
    ("global_max_pool", {}, 9, adaptive(9, 1)),
    *[
        (kind, {"output": (output,)}, size, adaptive(size, output))
        for kind in ("adaptive_avg_pool", "adaptive_max_pool")
        for size, output in ((12, 4), (13, 7), (9, 5), (3, 4), (10, 6), (7, 7))
    ],
    ("relu", {}, 7, windowed(1)),
    ("batch_norm", {}, 7, windowed(1)),
    ("identity", {}, 7, windowed(1)),
]


@pytest.mark.parametrize(("kind", "options", "size", "reads"), LAYERS)
def test_a_layer_sees_what_its_outputs_read(
    kind: str, options: dict[str, Any], size: int, reads: Reads
) -> None:
    layer = BY_NAME[kind](**options)
    channels = 3 if kind == "pixel_shuffle" else 1
    sized = layer.sizing(((size, channels),), _FLOOR)
    assert sized.output is not None
    count = sized.output[0]
    (step,) = layer.receptive_field_step(((size, channels),), sized)
    fields = [reads(o) for o in range(count)]
    widest = max(max(field) - min(field) + 1 for field in fields if field)
    assert step.extent == widest
    if count == 1:
        return
    # over a whole period the fields move on by the step
    period = Fraction(step.stride).denominator
    moved = [min(reads(o + period)) - min(reads(o)) for o in range(period) if reads(o)]
    assert moved and all(move == step.stride * period for move in moved)
    if period == 1:
        assert -step.begin == min(reads(0))
        return
    # and each output of it has its own
    assert len(step.fields) == period
    for output, (first, last) in enumerate(step.fields):
        seen = reads(output)
        assert first > last if not seen else (first, last) == (min(seen), max(seen))
    # begin: the middles lie evenly, whatever the outputs read
    middles = [Fraction(sum(step.fields[o]), 2) - o * step.stride for o in range(period)]
    if all(first <= last for first, last in step.fields):
        assert Fraction(step.extent - 1, 2) - step.begin == sum(middles) / period


upto3 = st.integers(1, 3)
chains = st.lists(
    st.one_of(
        st.tuples(
            st.just("conv"),
            st.integers(1, 5),
            st.integers(1, 3),
            st.integers(0, 3),
            st.integers(1, 3),
        ),
        st.tuples(st.just("pool"), st.integers(1, 4), upto3, st.just(0), st.just(1)),
        st.tuples(st.just("pad"), st.just(1), st.just(1), st.integers(0, 3), st.just(1)),
    ),
    min_size=1,
    max_size=7,
)
enlarging = st.lists(
    st.one_of(
        st.tuples(st.just("conv"), st.integers(1, 4), upto3, st.integers(0, 2), upto3),
        st.tuples(st.just("up"), st.just(1), upto3, st.just(0), st.just(1)),
        st.tuples(st.just("transposed"), st.integers(1, 5), upto3, st.integers(0, 2), upto3),
    ),
    min_size=1,
    max_size=5,
)
_WORDS = {
    "conv": "conv: {{filters: 1, kernel: {}, stride: {}, pad: {}, dilation: {}}}",
    "pool": "avg_pool: {{kernel: {}, stride: {}}}",
    "pad": "pad: {{sides: {2}}}",
    "up": "upsample: {{scale: {1}}}",
    "transposed": "conv_transpose: {{filters: 1, kernel: {}, stride: {}, pad: {}, dilation: {}}}",
}


def _seen(chain: Chain) -> ReceptiveField:
    """What convcalc says of the end of a chain."""
    lines = [f"  - {_WORDS[word].format(*numbers)}" for word, *numbers in chain]
    text = "input: 100000x1\nrounding: floor\nlayers:\n  - identity\n" + "\n".join(lines)
    analysis = analyze(load("chain.yaml", text.encode()))
    assert not analysis.broken
    (field,) = analysis.rows[-1].receptive_field
    return field


def _reads(word: str, kernel: int, stride: int, pad: int, dilation: int) -> Reads:
    if word == "up":
        return nearest(1, stride)
    return (
        transposed(kernel, stride, pad, dilation)
        if word == "transposed"
        else windowed(kernel, stride, pad, dilation)
    )


def _depends(chain: Chain, output: int) -> tuple[int, int]:
    """The first and last input that an output depends on."""
    read = {output}
    for word, *numbers in reversed(chain):
        read = set().union(*map(_reads(word, *numbers), read))
    return (min(read), max(read)) if read else NOTHING


#: what an output in a gap of a dilated transposed convolution depends on
NOTHING = (0, -1)


def _longest_period(chain: Chain) -> int:
    """The longest period of outputs that differ, on the way through a chain."""
    period, longest = 1, 1
    for word, _, step, *_ in chain:
        period = period * step if word in {"up", "transposed"} else period // gcd(period, step)
        longest = max(longest, period)
    return longest


@given(chains)
@settings(max_examples=150, deadline=None)
def test_a_chain_sees_what_its_last_outputs_depend_on(chain: Chain) -> None:
    (first, last), (second, _) = _depends(chain, 0), _depends(chain, 1)
    assert _seen(chain) == ReceptiveField(last - first + 1, second - first, -first)


@given(enlarging)
@settings(max_examples=150, deadline=None)
def test_a_chain_that_enlarges_sees_the_most_that_an_output_depends_on(chain: Chain) -> None:
    field = _seen(chain)
    period = max(len(field.fields), 1)
    if _longest_period(chain) > LONGEST_PERIOD:  # about as large, not followed
        return
    fields = [_depends(chain, output) for output in range(2 * period)]
    assert field.size == max(last - first + 1 for first, last in fields)
    something = [o for o in range(period) if fields[o] != NOTHING]
    moved = {fields[o + period][0] - fields[o][0] for o in something}
    assert moved <= {field.stride * period}
    if period == 1 and something:
        assert field.padding == -fields[0][0]
    for output in range(2 * period):
        first, last = field.ends(output)
        assert (first, last) == fields[output] or (first > last and fields[output] == NOTHING)


def test_gaps_between_the_taps_of_a_dilated_transposed_convolution_widen_nothing() -> None:
    """Its outputs do not see in order: 0, -1, 0, 1, 0, 1 with taps at 0, 2, 4; some see nothing."""
    chain: Chain = [("transposed", 3, 3, 0, 2), ("pool", 2, 1, 0, 1)]
    seen = [(-1, 0), (-1, 0), (0, 1), (0, 1)]
    assert [_depends(chain, output) for output in range(4)] == seen
    assert [_seen(chain).ends(output) for output in range(4)] == seen
    single: Chain = [("transposed", 1, 2, 0, 3), ("pool", 2, 1, 0, 1)]
    assert _seen(single).size == 1
    none: Chain = [("transposed", 1, 2, 1, 3), ("pool", 1, 2, 0, 1)]
    assert (_seen(none).size, _depends(none, 0)) == (0, NOTHING)


def test_a_period_that_is_too_long_is_not_followed() -> None:
    """13 positions made 4099, and those averaged to 4093: no crash, no table of 4099 rows."""
    text = (
        "input: 13x1\nlayers: [upsample: {size: 4099}, conv3-1, adaptive_avg_pool: {output: 4093},"
        " conv3-1, global_avg_pool]"
    )
    analysis = analyze(load("long.yaml", text.encode()))
    assert analysis.findings == ()
    assert all(not field.fields for row in analysis.rows for field in row.receptive_field)
    sizes = [row.receptive_field[0].size for row in analysis.rows]
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 13


def test_the_field_of_the_u_net() -> None:
    """Its deepest way: outputs see 188 or 204 positions, as they lie in the squares of 16."""
    double: Chain = [("conv", 3, 1, 0, 1)] * 2
    down: Chain = [*double, ("pool", 2, 2, 0, 1)]
    up: Chain = [("transposed", 2, 2, 0, 1), *double]
    chain = down * 4 + double + up * 4
    sizes = [last - first + 1 for first, last in (_depends(chain, o) for o in range(16))]
    assert set(sizes) == {188, 204}
    assert _seen(chain).size == 204
    analysis = analyze(load("unet", zoo.read("unet")))
    assert [field.size for field in analysis.rows[-1].receptive_field] == [204, 204]


def test_a_field_step_is_pointwise_by_default() -> None:
    assert FieldStep() == FieldStep(extent=1, stride=1, begin=0)
