"""Calls of higher-order operators, whose arguments have no names in the file: none is lost."""

from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_CALLED = "torch.ops.higher_order.cond"
_ADVICE = "export the model without torch.cond in its forward()"
_NAMES = {"w": "c.weight", "f": "frozen.weight"}
_SHAPES = {**SHAPES, "f": (3, 3, 3, 3), "g": (1, 3, 1, 1), "z": (1, 3, 8, 8)}
SCALED = call("mul.Tensor", {"self": tensor("y0"), "other": tensor("g")}, "z")


def _called(*given: Any) -> dict[str, Any]:
    inputs = [{"name": "", "arg": one, "kind": 1} for one in given]
    return {"target": _CALLED, "inputs": inputs, "outputs": [tensor("g")], "metadata": {}}


def refused(calls: list[Any], output: str) -> UnsupportedError:
    with pytest.raises(UnsupportedError) as error:
        program(calls, _SHAPES, output, _NAMES)
    return error.value


@pytest.mark.parametrize(
    "held",
    [
        [tensor("x"), tensor("f")],
        [{"as_optional_tensor": tensor("x")}, tensor("f")],
        [{"as_nested_tensors": [[{"name": "f"}], [{"name": "x"}]]}, tensor("f")],
        [{"as_string_to_argument": {"a": tensor("x"), "b": tensor("f")}}, tensor("f")],
    ],
)
def test_what_such_a_call_makes_of_a_volume_is_no_weight(held: list[Any]) -> None:
    error = refused([CONV, _called({"as_bool": False}, *held), SCALED], "z")
    assert _CALLED in str(error)
    assert _ADVICE in error.instead


def test_a_part_of_the_net_below_one_is_named() -> None:
    error = refused([_called({"as_bool": False}, tensor("x"), tensor("f"))], "g")
    assert _CALLED in str(error)
