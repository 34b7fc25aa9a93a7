"""Learned factors, with the learned shift behind them: one `scale` layer."""

from convcalc.interop.lower.layout import CHANNELS, Volume
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.trace.patterns.linear import per_channel
from convcalc.interop.trace.tensors import Op, Tensor

#: what is said of a shift less what is scaled, and of what is scaled less a shift
_SUBTRACTED = (
    "what learned factors scale is taken from a learned shift there: with the sign of the factors "
    "turned a `scale` here computes the same",
    "a learned shift is subtracted there, a `scale` here adds it: with the sign of its numbers "
    "turned it computes the same",
)


def scaled(
    low: Lowering,
    op: Op,
    volume: Volume,
    factors: Tensor,
    one: bool = False,
    divides: bool = False,
    name: str = "",
) -> Volume:
    """A volume times its factors, and the shift that is added to that alone.

    Args:
        low: the graph so far.
        op: what multiplies, or the norm whose factors are a layer of their own.
        volume: what it multiplies.
        factors: a number for each channel, or one for all.
        one: whether it is one for all.
        divides: whether the volume is divided by them.
        name: what to call the layer where no shift follows.
    """
    options: dict[str, object] = {"factors": "one"} if one else {}
    found = _shift_behind(low, op, volume, one)
    if found is None:
        return low.layer(
            op, "scale", options, [volume], weights=[factors], name=name, changed=(divides,)
        )
    last, shift = found
    # `b - w * x` has the factors -w
    subtracts, first = last.attrs["f"] == "sub", last.inputs[1] is shift
    changed = divides or (subtracts and not first), subtracts and first
    if subtracts:
        low.note(_SUBTRACTED[first], exact=True)
    low.with_factors.add(id(last))
    # the node that ends the layer gives it its name, as that of others does
    options["bias"] = True
    return low.layer(last, "scale", options, [volume], weights=[factors, shift], changed=changed)


def _shift_behind(low: Lowering, op: Op, volume: Volume, one: bool) -> tuple[Op, Tensor] | None:
    """What adds as many numbers as there are factors, or takes them away; and those numbers."""
    made, readers = op.output, low.readers.get(id(op.output), ())
    if len(readers) != 1 or any(tensor is made for tensor in low.trace.outputs):
        return None
    last = readers[0]
    if last.kind != "binary" or last.attrs["f"] not in {"add", "sub"} or len(last.inputs) != 2:
        return None
    shift = last.inputs[1] if last.inputs[0] is made else last.inputs[0]
    if shift is None or not shift.constant or shift.shape is None:
        return None
    if one:
        fits = shift.size == 1 and bool(shift.sources)
    else:
        at = volume.roles.index(CHANNELS) if CHANNELS in volume.roles else -1
        fits = shift.size > 1 and at >= 0 and per_channel(shift, made, at)
    return (last, shift) if fits else None
