"""Twice the ONNX file is about twice the work of reading it, whatever it has in a row."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.lower import met, weights
from tests.interop.onnx_files import array, flat_of, model
from tests.lines_run import lines_run

onnx = pytest.importorskip("onnx")

Made = tuple[list[Any], list[Any]]


def node(op: str, inputs: str, output: str, **attributes: Any) -> Any:
    return onnx.helper.make_node(op, inputs.split(), [output], **attributes)


def row(op: str, number: int, name: str = "x", more: str = "", **attributes: Any) -> list[Any]:
    """Nodes, each of which reads the one before: `name`, `name`1, `name`2 and so on."""
    return [
        node(op, f"{name}{i or ''} {more}", f"{name}{i + 1}", **attributes) for i in range(number)
    ]


def transposes(number: int) -> Made:
    return [*row("Transpose", number, perm=[0, 2, 3, 1]), node("Relu", f"x{number}", "y")], []


def reshapes(number: int) -> Made:
    """To one shape and back."""
    shapes = [
        onnx.helper.make_tensor(f"s{i}", 7, (4,), [1, 4, 6 + 6 * i, 6 - 3 * i]) for i in (0, 1)
    ]
    nodes = [node("Reshape", f"x{i or ''} s{1 - i % 2}", f"x{i + 1}") for i in range(number)]
    return [*nodes, node("Relu", f"x{number}", "y")], shapes


def views_of_a_weight(number: int) -> Made:
    """Each is read by a convolution of its own."""
    turned = row("Transpose", 8 * number, "w", perm=[1, 0, 2, 3])
    convs = [
        node("Conv", f"{f'c{i}' if i else 'x'} w{8 * i + 8}", f"c{i + 1}") for i in range(number)
    ]
    ends = node("Mul", "v v", "w"), node("Relu", f"c{number}", "y")
    return [ends[0], *turned, *convs, ends[1]], [array("v", (4, 4, 1, 1))]


def norms_behind_pools(number: int) -> Made:
    """A local response norm, but for the pools before its pool, of which there are many."""
    pools = row("AveragePool", number, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    norms = [
        one
        for i in range(number // 4)
        for one in (
            node("Mul", f"x{number} k", f"m{i}"),
            node("Add", f"m{i} k", f"a{i}"),
            node("Pow", f"a{i} k", f"p{i}"),
            node("Div", f"x p{i}", f"d{i}"),
        )
    ]
    total = node("Sum", " ".join(f"d{i}" for i in range(number // 4)), "y")
    return [*pools, *norms, total], [array("k", ())]


def forms_of_a_weight(number: int) -> Made:
    """Numbers made of many arrays, again and again, and a convolution by each of them."""
    total = node("Sum", " ".join(f"v{i}" for i in range(30)), "w")
    forms = row("Neg", number, "w")
    convs = [node("Conv", f"x w{i + 1}", f"c{i}") for i in range(number)]
    end = node("Sum", " ".join(f"c{i}" for i in range(number)), "y")
    return [total, *forms, *convs, end], [array(f"v{i}", (4, 4, 1, 1)) for i in range(30)]


def cuts(number: int) -> Made:
    """By numbers, which nothing of another size meets."""
    sides = [
        onnx.helper.make_tensor(name, 7, [1], [at])
        for name, at in zip("abc", (0, 5, 2), strict=True)
    ]
    nodes = [node("Slice", "x a b c", f"s{i}") for i in range(number)]
    pools = [node("GlobalMaxPool", f"s{i}", f"p{i}") for i in range(number)]
    return [*nodes, *pools, node("Sum", " ".join(f"p{i}" for i in range(number)), "y")], sides


def tried(data: bytes) -> None:
    with suppress(UnsupportedError):  # the powers of what is no norm have no kind
        flat_of(data)


@pytest.mark.parametrize(
    "made",
    [transposes, reshapes, views_of_a_weight, norms_behind_pools, forms_of_a_weight, cuts],
    ids=lambda made: made.__name__,
)
def test_twice_the_file_is_about_twice_the_work(
    made: Callable[[int], Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(met, "MOST_WORK", 0)  # as of a file of many thousands
    files = [model(nodes, (1, 4, 6, 6), arrays) for nodes, arrays in map(made, (200, 400))]
    tried(files[0])  # what is made once
    small, large = (lines_run(lambda data=data: tried(data)) for data in files)
    assert large < 2.4 * small


def test_weights_that_are_made_from_others_too_often_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nodes, arrays = forms_of_a_weight(4)
    monkeypatch.setattr(weights, "MOST_READ", 4 * 30)
    flat_of(model(nodes, (1, 4, 6, 6), arrays))
    monkeypatch.setattr(weights, "MOST_READ", 4 * 30 - 1)
    with pytest.raises(UnreadableError, match="119 times and more: fold the constants"):
        flat_of(model(nodes, (1, 4, 6, 6), arrays))
