"""Axes, grids and samples: which variants there are, in which order."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.sweep.axes import Axis, AxisError, inputs, variable
from convcalc.sweep.grid import Grid, permuted
from convcalc.sweep.setting_axes import counts, setting


def values(axis: Axis) -> list[object]:
    return [axis.value(index) for index in range(axis.length)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w=16..32/8", [16, 24, 32]),  # both ends included
        ("w=2..4", [2, 3, 4]),
        ("w=5..5", [5]),
        ("w=1, 4..8/2 ,3", [1, 4, 6, 8, 3]),
        ("w=-2..0/2", [-2, 0]),
        ("w=same", ["same"]),
        ("w=0.5,1", [0.5, 1]),
    ],
)
def test_values_of_a_variable(text: str, expected: list[object]) -> None:
    assert values(variable(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w", "is not NAME=VALUES"),
        ("=3", "is not NAME=VALUES"),
        ("w=", "empty value"),
        ("w=1,,2", "empty value"),
        ("w=8..4", "is empty: a range goes up, such as 4..8"),
        ("w=16..45/8", "steps of 8 end at 40 or 48"),
        ("w=1..9/0", "the step of a range is at least 1"),
        ("w=3,3", "has 3 twice"),
        ("w=1,1..3", "has 1 twice"),
        ("w=1..10/3,4..20/4", "has 4 twice"),
        ("w=0..999999999999999999/999999999999999999,999999999999999999", "twice"),
        ("w=010", "010"),
    ],
)
def test_axes_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(AxisError, match=message.replace("(", r"\(")):
        variable(text)


def test_inputs_and_counts() -> None:
    axis = inputs(["32x32x3,64x64x3", "96x96x3"])
    assert axis is not None and values(axis) == [(32, 32, 3), (64, 64, 3), (96, 96, 3)]
    assert inputs([]) is None
    assert values(counts("batch", "1,8..16/8")) == [1, 8, 16]
    for wrong in ("0", "0..3", "x", "1.5"):
        with pytest.raises(AxisError, match="batch"):
            counts("batch", wrong)
    with pytest.raises(AxisError, match="not a size"):
        inputs(["32x32x3,big"])


def test_the_last_axis_varies_fastest() -> None:
    axes = (variable("a=1,2"), setting("dtype", ["float32", "float16"]), counts("batch", "1..3"))
    grid = Grid(axes)
    assert grid.size == 12
    assert list(grid.variants(0, 12)) == list(product([1, 2], ["float32", "float16"], [1, 2, 3]))


def test_a_huge_axis_is_never_written_out() -> None:
    grid = Grid((variable("a=1..1000000000000"), counts("batch", "1..1000000000")), sample=4)
    assert grid.combinations == 10**21
    assert all(1 <= a <= 10**12 and 1 <= b <= 10**9 for a, b in grid.variants(0, 4))  # type: ignore[operator]


@settings(deadline=None)
@given(st.integers(1, 300), st.text(max_size=5))
def test_a_shuffle_is_a_permutation(size: int, key: str) -> None:
    assert sorted(permuted(i, size, key) for i in range(size)) == list(range(size))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 9))
def test_a_latin_hypercube_draws_each_part_of_an_axis_once(
    sample: int, count: int, seed: int
) -> None:
    grid = Grid((variable(f"a=1..{count}"), variable("b=1..1000")), sample=sample, seed=seed)
    drawn = sorted(int(b) - 1 for _, b in grid.variants(0, grid.size))  # type: ignore[arg-type]
    size = grid.size
    if size < grid.combinations:
        assert [b * size // 1000 for b in drawn] == sorted(b * size // 1000 for b in drawn)
        for part, b in enumerate(drawn):
            assert part * 1000 // size <= b < (part + 1) * 1000 // size


def test_random_samples_have_no_variant_twice_and_depend_on_the_seed() -> None:
    axes = (variable("a=1..10"), variable("b=1..10"))
    one = list(Grid(axes, 60, 1, "random").variants(0, 60))
    assert len(set(one)) == 60
    assert one == list(Grid(axes, 60, 1, "random").variants(0, 60))
    assert one != list(Grid(axes, 60, 2, "random").variants(0, 60))


def test_a_sample_as_large_as_the_grid_is_the_grid() -> None:
    axes = (variable("a=1..3"), variable("b=1..2"))
    assert list(Grid(axes, 100).variants(0, 6)) == list(Grid(axes).variants(0, 6))


@settings(deadline=None)
@given(*(st.tuples(st.integers(-30, 30), st.integers(1, 9), st.integers(0, 9)) for _ in range(2)))
def test_ranges_that_meet_are_refused(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    ranges = [range(start, start + step * count + 1, step) for start, step, count in (one, other)]
    words = ",".join(f"{part[0]}..{part[-1]}/{part.step}" for part in ranges)
    common = set(ranges[0]) & set(ranges[1])
    if not common:
        assert variable(f"w={words}").length == len(ranges[0]) + len(ranges[1])
        return
    with pytest.raises(AxisError, match=f"has {min(common)} twice"):
        variable(f"w={words}")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("16-64", "16..64, or 16..64/8 for steps of 8"), ("16:64", "16..64, or"),
        ("16:64:16", "16..64/16"), ("16..64..8", "16..64/8"), ("16...64", "16..64, or"),
        ("16 to 64", "16..64, or"), ("16\u201364", "16..64, or"), ("16-64/8", "16..64/8"),
        ("64-16", "16..64, or"), ("1-2", "1..2"), ("8,16-24", "16..24, or 16..24/8"),
        ("range(16, 65, 16)", "16..64/16"), ("[16, 32]", "16,32"), ("(16,32)", "16,32"),
        ("16 32 64", "16,32,64"), ("16;32", "16,32"), ("1-6", "1..6"),
    ],
)  # fmt: skip
def test_a_range_or_list_of_other_tools_is_answered_with_ours(text: str, meant: str) -> None:
    with pytest.raises(AxisError, match=f": write {re.escape(meant)}"):
        variable(f"width={text}")
    assert variable(f"width={meant.partition(', or')[0]}").length > 1


@pytest.mark.parametrize("text", ["16", "-5", "0.5", "same", "conv3-64", "a-b", "2024x3", "1e-3"])
def test_a_value_is_no_range_of_another_tool(text: str) -> None:
    assert variable(f"width={text}").length == 1
