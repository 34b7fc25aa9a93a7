"""Receptive fields against index sets: which inputs an output really depends on.

One axis, with positions that may lie before 0 or behind the end, where the padding is: so a field
is not cut at the border. Each kind says in `_reads` what one of its outputs reads.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.analysis.record import Sight
from convcalc.analysis.walk import analyze
from convcalc.layers import BY_NAME
from convcalc.layers.base import Reach, Roundings
from convcalc.spec.load import load
from convcalc.window import Rounding

_FLOOR = Roundings(Rounding.FLOOR, Rounding.FLOOR)
Reads = Callable[[int], set[int]]


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
    (reach,) = layer.reach(((size, channels),), sized)
    fields = [reads(o) for o in range(count)]
    widest = max(max(field) - min(field) + 1 for field in fields if field)
    assert reach.extent == widest
    if count == 1:
        return
    # over a whole period the fields move on by the step
    period = Fraction(reach.step).denominator
    moved = [min(reads(o + period)) - min(reads(o)) for o in range(period) if reads(o)]
    assert moved and all(move == reach.step * period for move in moved)
    # begin: so that the middle of the first window is where the first output's inputs are,
    # on average over a period where fields differ
    if period == 1:
        assert -reach.begin == min(reads(0))


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


@given(chains)
@settings(max_examples=150, deadline=None)
def test_a_chain_sees_what_its_last_outputs_depend_on(
    chain: list[tuple[str, int, int, int, int]],
) -> None:
    lines = ["input: 100000x1", "rounding: floor", "layers:", "  - identity"]
    for word, kernel, stride, pad, dilation in chain:
        window = f"kernel: {kernel}, stride: {stride}, pad: {pad}, dilation: {dilation}"
        lines.append(
            {
                "conv": f"  - conv: {{filters: 1, {window}}}",
                "pool": f"  - avg_pool: {{kernel: {kernel}, stride: {stride}}}",
                "pad": f"  - pad: {{sides: {pad}}}",
            }[word]
        )
    analysis = analyze(load("chain.yaml", "\n".join(lines).encode()))
    assert not analysis.broken
    (sight,) = analysis.rows[-1].sight

    def depends(output: int) -> set[int]:
        seen = {output}
        for _, kernel, stride, pad, dilation in reversed(chain):
            reads = windowed(kernel, stride, pad, dilation)
            ends = reads(min(seen)) | reads(max(seen))  # what lies between widens nothing
            seen = {min(ends), max(ends)}
        return seen

    first, second = depends(0), depends(1)
    assert sight == Sight(max(first) - min(first) + 1, min(second) - min(first), -min(first))


def test_a_reach_is_pointwise_by_default() -> None:
    assert Reach() == Reach(extent=1, step=1, begin=0)
