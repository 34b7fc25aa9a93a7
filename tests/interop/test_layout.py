"""A layer is as large as what it stands for: another size refuses the operation."""

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.lower.kinds import HANDLERS
from convcalc.interop.lower.layout import BATCH, CHANNELS, FLAT, ONE, Volume, agrees
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Op, Tensor, Trace


@pytest.mark.parametrize(
    ("roles", "dims", "expected"),
    [
        ((BATCH, CHANNELS, 0, 1), (5, 4, 9, 8), True),
        ((BATCH, 0, 1, CHANNELS), (1, 9, 8, 4), True),
        ((BATCH, CHANNELS, 1, 0), (1, 4, 9, 8), False),
        ((BATCH, FLAT), (1, 288), True),
        ((BATCH, FLAT), (1, 287), False),
        ((BATCH, CHANNELS, 0, 1, ONE), (1, 4, 9, 8, 1), True),
        ((BATCH, CHANNELS, 0), (1, 4, 9, 8), False),
        ((BATCH, CHANNELS, 0, 1), None, True),
    ],
)
def test_roles_agree_with_sizes(
    roles: tuple[int, ...], dims: tuple[int, ...] | None, expected: bool
) -> None:
    assert agrees(roles, (9, 8, 4), dims) is expected


def test_a_layer_of_another_size_is_refused() -> None:
    trace = Trace("net", "net", "test")
    x = Tensor("x", (1, 4, 9, 8))
    trace.inputs.append(x)
    emitter = Emitter(trace)
    emitter.at("here", "Relu")
    trace.outputs.append(emitter.op("unary", [x], f="relu"))

    def wrong(low: Lowering, op: Op) -> Volume:
        return low.layer(op, "max_pool", {"kernel": 3}, [low.volume(op.inputs[0])])

    assert Lowering(trace).run(HANDLERS).items[-1].output == (9, 8, 4)
    with pytest.raises(UnsupportedError) as caught:
        Lowering(trace).run({**HANDLERS, "unary": wrong})
    assert caught.value.lines == ("Relu whose size comes out otherwise than as a layer: here",)
