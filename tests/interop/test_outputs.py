"""The axes of what a net gives back: those of a spec, or a note of how they lay in the source."""

import pytest

from tests.interop.onnx_files import Shape, array, flat_of, model

onnx = pytest.importorskip("onnx")

HERE = "in the source, height, width, channels here"


def notes_of(perm: tuple[int, ...], kernel: tuple[int, int], size: Shape) -> tuple[str, ...]:
    """What is noted of a convolution whose axes change places at the end."""
    nodes = [
        onnx.helper.make_node("Conv", ["x", "w"], ["c"]),
        onnx.helper.make_node("Transpose", ["c"], ["y"], perm=perm),
    ]
    found = flat_of(model(nodes, (1, 3, *size), [array("w", (8, 3, *kernel))]))
    assert found.items[found.outputs[0]].output == (
        *(length - taps + 1 for length, taps in zip(size, kernel, strict=True)),
        8,
    )
    assert found.inexact == ()
    return found.notes


@pytest.mark.parametrize("perm", [(0, 1, 2, 3), (0, 2, 3, 1)])
def test_channels_first_and_last_need_no_word(perm: tuple[int, ...]) -> None:
    assert notes_of(perm, (3, 3), (8, 6)) == ()


@pytest.mark.parametrize(
    ("perm", "axes"),
    [
        ((0, 2, 1, 3), "batch, height, channels, width"),
        ((0, 1, 3, 2), "batch, channels, width, height"),
        ((0, 3, 2, 1), "batch, width, height, channels"),
        ((1, 0, 2, 3), "channels, batch, height, width"),
    ],
)
@pytest.mark.parametrize("size", [(8, 6), (8, 8), (8, 3)])
def test_another_order_is_noted(perm: tuple[int, ...], axes: str, size: Shape) -> None:
    assert notes_of(perm, (3, 3), size) == (f"an output's axes are {axes} {HERE}",)


def test_the_order_of_axes_of_one_number_is_none() -> None:
    assert notes_of((0, 1, 3, 2), (3, 3), (3, 3)) == ()
    assert notes_of((0, 2, 1, 3), (3, 3), (3, 3)) != ()


@pytest.mark.parametrize(
    ("target", "axes"),
    [((1, 1, 8, 1), "batch, height, channels, width"), ((1, 1, 8), "batch, height, channels")],
)
def test_a_reshape_that_moves_the_one_long_axis_is_noted(target: Shape, axes: str) -> None:
    nodes = [
        onnx.helper.make_node("Conv", ["x", "w"], ["c"]),
        onnx.helper.make_node("Reshape", ["c", "s"], ["y"]),
    ]
    sizes = onnx.helper.make_tensor("s", 7, (len(target),), target)
    found = flat_of(model(nodes, (1, 3, 3, 3), [array("w", (8, 3, 3, 3)), sizes]))
    assert found.notes == (f"an output's axes are {axes} {HERE}",)
    assert found.items[found.outputs[0]].output == (1, 1, 8)


@pytest.mark.parametrize("target", [(1, 1, 1, 8), (1, 8, 1, 1)])
def test_a_reshape_to_the_axes_of_a_volume_needs_no_word(target: Shape) -> None:
    nodes = [
        onnx.helper.make_node("Conv", ["x", "w"], ["c"]),
        onnx.helper.make_node("Reshape", ["c", "s"], ["y"]),
    ]
    sizes = onnx.helper.make_tensor("s", 7, (4,), target)
    found = flat_of(model(nodes, (1, 3, 3, 3), [array("w", (8, 3, 3, 3)), sizes]))
    assert found.notes == ()
