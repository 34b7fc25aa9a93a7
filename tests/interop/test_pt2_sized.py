"""Sizes of what operators make of weights, against PyTorch's own, whatever they are given."""

import random
from typing import Any

import pytest

from convcalc.interop.read.given import Given
from convcalc.interop.read.pt2 import sized
from convcalc.interop.trace.tensors import Tensor

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of sizes that PyTorch is to refuse one day

#: those of `sized` that are told apart by name
_NAMED = """
    _weight_norm _weight_norm_interface dot vdot baddbmm outer ger mT mH adjoint diagonal
    index_select mv matmul mm bmm repeat tile repeat_interleave
""".split()  # noqa: SIM905
#: PyTorch ends the process with some of the types that `to` takes
TARGETS = sorted(
    {*sized._AS_FIRST, *sized._SPREADING, *sized._REDUCING, *sized._LISTING, *_NAMED} - {"to"}
)
SHAPES = [(), (1,), (3,), (1, 3), (3, 1), (2, 3), (3, 2), (4, 3, 2), (4, 2, 3), (2, 3, 1, 1)]
DRAWS = 400
#: those whose operands at random hardly ever fit
NEVER = {
    "baddbmm",
    "fake_quantize_per_channel_affine",
    "fake_quantize_per_tensor_affine",
    "index_copy",
}


def drawn(argument: Any, draw: random.Random) -> Any:
    """A value of an argument, by what its schema says; NotImplemented where it has none here."""
    sort, name = str(argument.type), argument.name
    if sort.startswith("Optional[") and draw.random() < 0.4:
        return None
    match sort.removeprefix("Optional[").removesuffix("]" if "Optional" in sort else ""):
        case "Tensor":
            shape = draw.choice(SHAPES)
            if name in _BOOLS:
                return torch.zeros(shape, dtype=torch.bool, device="meta")
            if name in _INDICES:
                return torch.zeros(shape, dtype=torch.int64, device="meta")
            return torch.empty(shape, device="meta")
        case "int":
            return draw.randint(-2, 2)
        case "List[int]":
            return draw.choice([[], [0], [-1], [0, 1], [1, 2], [2, 3], [1, 1, 2]])
        case "bool":
            return draw.random() < 0.5
        case "float" | "number":
            return draw.choice([0.5, 1.0, 2.0])
    return NotImplemented


#: arguments whose numbers are none of floats
_BOOLS, _INDICES = {"condition", "mask"}, {"index", "zero_point"}
#: arguments that change no size, written as numbers
_KINDS = {"dtype", "layout", "device", "pin_memory", "memory_format"}


def compared(overload: Any, target: str, draw: random.Random) -> bool:
    """Whether a call ran with arguments at random, and its size was worked out: then equal."""
    given = {}
    for argument in overload._schema.arguments:
        chosen = argument.has_default_value() and draw.random() < 0.5
        if chosen or argument.name in _KINDS:
            continue
        value = drawn(argument, draw)
        if value is NotImplemented:
            return False
        given[argument.name] = value
    arguments = {
        name: Tensor(name, tuple(value.shape), constant=True)
        if isinstance(value, torch.Tensor)
        else value
        for name, value in given.items()
    }
    if target == "logsumexp" and given.get("dim") == []:
        return False  # refused on a CPU, and not where sizes alone are worked out
    found = sized.sized(target, Given(arguments))
    if found is None:
        return False
    try:
        made = overload(**given)
    except (RuntimeError, IndexError, TypeError, ValueError, AssertionError, NotImplementedError):
        return False  # where PyTorch refuses any size will do
    made = made[0] if isinstance(made, (tuple, list)) else made
    shapes = {name: tuple(getattr(value, "shape", ())) or value for name, value in given.items()}
    assert found == tuple(made.shape), (str(overload), shapes)
    return True


@pytest.mark.parametrize("target", TARGETS)
def test_sizes_are_pytorchs(target: str) -> None:
    packet = getattr(torch.ops.aten, target, None)
    names = [] if packet is None else packet.overloads()
    overloads = [getattr(packet, name) for name in names if "out" not in name.lower()]
    draw = random.Random(target)
    ran = sum(compared(draw.choice(overloads), target, draw) for _ in range(DRAWS) if overloads)
    assert ran or not overloads or target in NEVER, target
