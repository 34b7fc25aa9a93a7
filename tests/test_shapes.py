import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc.shapes import LARGEST_SIZE, axis_names, elements, parse_shape, written


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("224x224x3", (224, 224, 3)),
        ("4000x8", (4000, 8)),
        ("16x112x112x3", (16, 112, 112, 3)),
        ("1000", (1000,)),
        ("224X224X3", (224, 224, 3)),
        ("224 x 224 x 3", (224, 224, 3)),
        (str(LARGEST_SIZE), (LARGEST_SIZE,)),
    ],
)
def test_shapes_are_read(text: str, shape: tuple[int, ...]) -> None:
    assert parse_shape(text) == shape


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "224x", "x3", "224xx3", "0", "224x0x3", "-1x3", "+1", "1.5x3", "1e3", "010x3",
        "axb", "2x2x2x2x2", str(LARGEST_SIZE + 1), "9" * 400, "٣x٣", "1_000", "²",
    ],
)  # fmt: skip
def test_what_is_no_shape_is_refused(text: str) -> None:
    assert parse_shape(text) is None


@given(st.lists(st.integers(1, LARGEST_SIZE), min_size=1, max_size=4).map(tuple))
def test_what_is_written_is_read_again(shape: tuple[int, ...]) -> None:
    assert parse_shape(written(shape)) == shape


def test_elements_multiply() -> None:
    assert elements((224, 224, 3)) == 150_528
    assert elements((1000,)) == 1000
    assert elements((LARGEST_SIZE,) * 3) == LARGEST_SIZE**3


def test_axes_have_the_names_people_use() -> None:
    assert axis_names(1) == ("length",)
    assert axis_names(2) == ("height", "width")
    assert axis_names(3) == ("depth", "height", "width")
    assert axis_names(4) == ("axis 1", "axis 2", "axis 3", "axis 4")
