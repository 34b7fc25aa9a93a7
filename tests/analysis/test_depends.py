"""What one output depends on, against sets of positions followed back volume by volume."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convcalc.analysis.depends import depends, read_by
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.layers.field_step import FieldStep
from convcalc.spec.load import load
from tests.layers.test_receptive_field_step import Reads, adaptive, nearest, transposed, windowed

#: an entry, and what one of its outputs reads of an input of a size
Layer = tuple[str, Reads]


def net(size: int, entries: list[str]) -> Analysis:
    lines = "\n".join(f"  - {entry}" for entry in entries)
    text = f"input: {size}x1\nrounding: floor\nlayers:\n{lines}\n"
    return analyze(load("chain.yaml", text.encode()))


def window(word: str, kernel: int, stride: int, pad: int, dilation: int) -> Layer:
    options = f"kernel: {kernel}, stride: {stride}, pad: {pad}, dilation: {dilation}"
    entry = f"{word}: {{filters: 1, {options}}}"
    reads = transposed if word == "conv_transpose" else windowed
    return entry, reads(kernel, stride, pad, dilation)


upto = {most: st.integers(1, most) for most in (2, 3, 4)}
layers = st.lists(
    st.one_of(
        st.builds(
            window,
            st.sampled_from(["conv", "conv", "conv_transpose"]),
            upto[4],
            upto[3],
            st.integers(0, 3),
            upto[3],
        ),
        st.integers(0, 2).map(lambda n: (f"pad: {{sides: {n}}}", windowed(1, 1, n))),
        st.integers(1, 2).map(lambda n: (f"crop: {{sides: {n}}}", windowed(1, 1, -n))),
        st.integers(2, 3).map(lambda n: (f"upsample: {{scale: {n}}}", nearest(1, n))),
    ),
    min_size=1,
    max_size=5,
)


@given(st.integers(4, 14), layers)
@settings(max_examples=80, deadline=None)
def test_an_output_depends_on_what_is_read_inside_of_every_volume(
    size: int, chain: list[Layer]
) -> None:
    analysis = net(size, [entry for entry, _ in chain])
    assume(not analysis.broken)
    sizes = [row.step.output[0] for row in analysis.rows if row.step.output]
    for output in range(min(sizes[-1], 12)):
        read = {output}
        for (_, reads), width in zip(reversed(chain), reversed(sizes[:-1]), strict=True):
            read = {place for one in read for place in reads(one) if 0 <= place < width}
        found = depends(analysis, len(sizes) - 1, [{output}])[0]
        assert found.exact
        ends = (min(read), max(read)) if read else (0, -1)
        assert (found.first, found.last) == ends


@pytest.mark.parametrize(("size", "count"), [(12, 4), (13, 7), (9, 5), (3, 4), (10, 6)])
def test_uneven_windows_before_a_padded_one(size: int, count: int) -> None:
    entries = [f"adaptive_avg_pool: {{output: {count}}}", "conv3-1"]
    analysis = net(size, entries)
    pool, conv = adaptive(size, count), windowed(3, 1, 1)
    for output in range(count):
        read = {p for place in conv(output) if 0 <= place < count for p in pool(place)}
        assert depends(analysis, 2, [{output}])[0][:2] == (min(read), max(read))


def test_all_branches_count_and_gates_do_not() -> None:
    text = (
        "input: 9x9x2\nlayers:\n"
        "  - concat: {branches: [[conv3-1], [conv5-1], [{crop: {sides: [0, 1, 0, 1]}},"
        " {pad: {sides: [1, 0, 1, 0]}}]]}\n"
        "  - multiply: {branches: [[], [global_avg_pool, conv1-4]]}\n"
    )
    analysis = analyze(load("branches.yaml", text.encode()))
    last = len(analysis.rows) - 1
    assert depends(analysis, last, [{4}, {4}])[0][:2] == (2, 6)
    assert depends(analysis, last, [{0}, {0}])[1][:2] == (0, 2)


@pytest.mark.parametrize("mode", ["reflect", "edge"])
def test_padding_that_copies_reads_what_it_copies(mode: Literal["reflect", "edge"]) -> None:
    analysis = net(6, [f"pad: {{sides: [3, 2], mode: {mode}}}", "conv3-1"])
    copied = np.pad(np.arange(6), (3, 2), mode=mode)
    for output in range(11):
        assert depends(analysis, 1, [{output}])[0][:2] == (copied[output], copied[output])
        window = copied[max(output - 1, 0) : output + 2]
        assert depends(analysis, 2, [{output}])[0][:2] == (min(window), max(window))


def test_a_period_that_is_not_followed_is_said_to_be_about() -> None:
    analysis = net(13, ["upsample: {size: 4099}", "conv3-1"])
    assert not depends(analysis, 2, [{500}])[0].exact


def test_windows_that_lie_in_padding_alone_are_passed_over_at_once() -> None:
    step = FieldStep(extent=3, begin=10**9)
    assert sorted(read_by(step, range(2 * 10**9), 5)) == [0, 1, 2, 3, 4]
    assert not read_by(step, range(10**6), 5)


@pytest.mark.parametrize("step", [FieldStep(5, 1, 2, (), 2), FieldStep(9, 2, 3, (), 4)])
def test_the_ends_alone_are_those_of_all_positions(monkeypatch, step) -> None:
    outputs = range(1, 30)
    alone = sorted(read_by(step, outputs, 40))
    monkeypatch.setattr("convcalc.analysis.depends._MOST", 10)
    assert read_by(step, outputs, 40) == range(alone[0], alone[-1] + 1)


@pytest.mark.parametrize("entry", ["fc: {units: 6}", "identity"])
def test_behind_a_reshape_every_output_depends_on_all(entry: str) -> None:
    found = net(6, [entry, "reshape: {shape: 3x2}", "conv_transpose: {filters: 1, kernel: 3}"])
    for place in range(5):
        assert depends(found, 3, [{place}])[0][:2] == (0, 5)


def test_very_many_outputs_behind_a_reshape_are_not_followed_one_by_one() -> None:
    size = 200_000
    assert list(read_by(FieldStep(4, 0), range(size), 4)) == [0, 1, 2, 3]
