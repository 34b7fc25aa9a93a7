"""Calls of higher-order operators, whose arguments have no names in the file: none is lost."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_CALLED = "torch.ops.higher_order.wrap_with_set_grad_enabled"
_ADVICE = "torch.no_grad() or torch.enable_grad() in its forward(): requires_grad_(False)"
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


@pytest.mark.parametrize("how", ["no_grad", "autocast"])
def test_a_branch_that_learns_nothing_is_not_left_out(how: str) -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.frozen, self.conv = torch.nn.Conv2d(3, 8, 3), torch.nn.Conv2d(3, 8, 3)

        def forward(self, x: Any) -> Any:
            held = torch.no_grad() if how == "no_grad" else torch.autocast("cpu", torch.bfloat16)
            with held:
                gate = self.frozen(x).mean((2, 3), keepdim=True)
            return self.conv(x) * gate.float()

    from convcalc.interop.read.model import read

    file = io.BytesIO()
    example = (torch.zeros(1, 3, 8, 8),)
    torch.export.save(torch.export.export(Net().eval(), example), file)
    with pytest.raises(UnsupportedError, match=r"torch\.ops\.higher_order\.wrap"):
        read("net.pt2", io.BytesIO(file.getvalue()))
