"""Calls of a program that move numbers by another tensor's shape, or take an axis apart."""

from typing import Any

import pytest

from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_ROWS, _TURNED = (1, 3, 64), (1, 64, 3)


@pytest.mark.parametrize("target", ["view_as.default", "reshape_as.default"])
def test_a_weight_has_the_shape_of_another(target: str) -> None:
    """`F.normalize(w.flatten(1), dim=1).view_as(w)`."""
    calls = [
        call("flatten.using_ints", {"self": tensor("w"), "start_dim": {"as_int": 1}}, "f"),
        call(target, {"self": tensor("f"), "other": tensor("w")}, "r"),
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
    ]
    shapes = {**SHAPES, "f": (3, 27), "r": SHAPES["w"], "z": (1, 3, 6, 6)}
    flat = program(calls, shapes, "z", {"w": "c.weight"})
    assert [item.output for item in flat.items] == [(8, 8, 3), (6, 6, 3)]


def test_a_row_of_positions_is_turned_and_back() -> None:
    calls: list[Any] = [
        CONV,
        call("flatten.using_ints", {"self": tensor("y0"), "start_dim": {"as_int": 2}}, "f"),
        call("mT.default", {"self": tensor("f")}, "t"),
        call("linear.default", {"input": tensor("t"), "weight": tensor("v")}, "l"),
        call("mT.default", {"self": tensor("l")}, "u"),
        call("view_as.default", {"self": tensor("u"), "other": tensor("x")}, "z"),
    ]
    shapes = {**SHAPES, "f": _ROWS, "t": _TURNED, "v": (3, 3), "l": _TURNED, "u": _ROWS}
    flat = program(calls, {**shapes, "z": SHAPES["x"]}, "z", {"w": "c.weight", "v": "l.weight"})
    assert flat.items[-1].output == (8, 8, 3) and flat.counts.params == 81 + 9


def test_numbers_of_a_learned_row_are_taken_one_by_one() -> None:
    """`a, b = torch.softmax(self.w, 0).unbind(0)`."""
    parts = {"as_tensors": [{"name": "a"}, {"name": "b"}]}
    calls = [
        CONV,
        call("unbind.int", {"self": tensor("s")}, parts),
        call("mul.Tensor", {"self": tensor("y0"), "other": tensor("b")}, "z"),
    ]
    shapes = {**SHAPES, "s": (2,), "a": (), "b": (), "z": SHAPES["x"]}
    flat = program(calls, shapes, "z", {"w": "c.weight", "s": "s"})
    assert [item.kind for item in flat.items] == ["input", "conv", "scale"]
