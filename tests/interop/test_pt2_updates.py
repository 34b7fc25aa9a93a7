"""What a program writes into its own arrays: no output of the net, and needed all the same."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_ONLY = "left out, since only updates of the module's own arrays need them"
_MEAN = call("mean.dim", {"self": tensor("y0"), "dim": {"as_ints": [0, 2, 3]}}, "m")
_SHAPES = {**SHAPES, "kept": (3,), "m": (3,), "n": (3,)}


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("add_.Tensor", {"self": tensor("kept"), "other": tensor("m")}),
        ("copy_.default", {"self": tensor("kept"), "src": tensor("m")}),
    ],
)
def test_a_mean_that_is_kept_for_the_next_run_is_called_so(target: str, given: object) -> None:
    """`self.kept.add_(y.mean(...))` in `forward`; `self.kept = y.mean(...)` is a copy."""
    assert isinstance(given, dict)
    calls = [CONV, _MEAN, call(target, given, "n")]
    flat = program(calls, _SHAPES, "y0", {"w": "c.weight"}, buffers={"kept": "kept"})
    assert [item.kind for item in flat.items] == ["input", "conv"]
    named = "mean.dim, torch.ops.aten.add_.Tensor" if "add" in target else "mean.dim"
    assert flat.notes == (f"{_ONLY}: torch.ops.aten.{named}",)


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_of_a_decomposed_program_updates_are_no_outputs() -> None:
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, 1)
            self.register_buffer("kept", torch.zeros(4))

        def forward(self, x: Any) -> Any:
            y = self.conv(x)
            self.kept.mul_(0.9).add_(y.mean((0, 2, 3)))
            return y

    exported = torch.export.export(Net().eval(), (torch.zeros(1, 3, 8, 8),))
    file = io.BytesIO()
    torch.export.save(exported.run_decompositions(), file)
    flat = read("net.pt2", io.BytesIO(file.getvalue()))
    assert len(flat.outputs) == 1 and flat.notes == (f"{_ONLY}: mean, add",)


def test_a_counter_is_nothing_to_speak_of() -> None:
    more = call("add.Tensor", {"self": tensor("kept"), "other": {"as_int": 1}}, "m")
    calls = [more, call("copy_.default", {"self": tensor("kept"), "src": tensor("m")}, "n"), CONV]
    flat = program(calls, _SHAPES, "y0", {"w": "c.weight"}, buffers={"kept": "kept"})
    assert flat.notes == ()


def test_one_tensor_is_no_list_of_them() -> None:
    for target in ("cat.default", "stack.default"):
        for given in (tensor("y0"), {"as_tensors": []}):
            calls = [CONV, call(target, {"tensors": given}, "z")]
            with pytest.raises(UnreadableError, match="tensors is not a list of tensors"):
                program(calls, {**SHAPES, "z": SHAPES["y0"]}, "y0", {"w": "c.weight"})
