"""Activations, and what passes a volume on."""

from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import (
    CHANNELS,
    Volume,
)
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.patterns.linear import per_channel
from convcalc.interop.trace.tensors import Op
from convcalc.layers import BY_NAME
from convcalc.layers.bases import CanOverwrite

#: functions that are a layer kind, and those that are none
_PLAIN = frozenset(
    (
        "relu",
        "relu6",
        "selu",
        "gelu",
        "silu",
        "mish",
        "hard_swish",
        "hard_sigmoid",
        "sigmoid",
        "tanh",
        "abs",
        "leaky_relu",
        "elu",
    )
)


def unary(low: Lowering, op: Op) -> Volume:
    """Activations."""
    name, volume = op.attrs["f"], low.volume(op.inputs[0])
    if name not in _PLAIN:
        raise NoKindError(f"{op.source} as a layer")
    options: dict[str, object] = {}
    if name == "leaky_relu":
        options["negative_slope"] = rounded(op.attrs["alpha"])
    elif name == "elu":
        options["alpha"] = rounded(op.attrs["alpha"])
    elif name == "hard_sigmoid" and abs(op.attrs["alpha"] - 1 / 6) > 1e-4:
        slope = rounded(op.attrs["alpha"])
        low.note(f"hard_sigmoid has the slope {slope:g} in the source, 1/6 here: sizes are equal")
    if op.overwrites is not None and issubclass(BY_NAME[name], CanOverwrite):
        options["in_place"] = op.overwrites
    if op.attrs.get("exact"):
        low.note(f"{name} is the {op.attrs['exact']} approximation in the source: sizes are equal")
    return low.layer(op, name, options, [volume])


def rounded(number: float) -> float:
    """A float32 of the file as it was written: 0.1 for 0.10000000149."""
    return float(f"{number:.6g}")


def clip(low: Lowering, op: Op) -> Volume:
    """A clip with other bounds than relu6's has no kind."""
    low_bound, high = op.attrs["low"], op.attrs["high"]
    if low_bound is None and high is None:
        return low.volume(op.inputs[0])
    raise NoKindError(f"{op.source} to {low_bound} ... {high}")


def prelu(low: Lowering, op: Op) -> Volume:
    """prelu with one slope, or one per channel."""
    volume, slope = low.row(op.inputs[0], op), op.inputs[1]
    x = op.inputs[0]
    assert x is not None, "a prelu reads something"
    if slope is None or not slope.constant:
        raise NoKindError(f"{op.source} with computed slopes")
    size = slope.size
    if size == 1:
        options = {"slopes": "one"}
    else:
        at = volume.roles.index(CHANNELS) if CHANNELS in volume.roles else -1
        channels = low.shape(volume)[-1:]
        listed = at == 1 and slope.shape == channels and op.attrs.get("listed", False)
        if not listed and (at < 0 or not per_channel(slope, x, at)):
            raise NoKindError(f"{op.source} with a slope for each position")
        options = {"slopes": "channel"}
    return low.layer(
        op, "prelu", options, [volume], weights=[slope], changed=(op.attrs.get("negated", False),)
    )


def softmax(low: Lowering, op: Op) -> Volume:
    """softmax over the channels."""
    volume = low.row(op.inputs[0], op)
    if volume.roles[op.attrs["axis"]] != CHANNELS:
        raise NoKindError(f"{op.source} over positions")
    return low.layer(op, "softmax", {}, [volume])


def log_softmax(low: Lowering, op: Op) -> Volume:
    """What a loss reads: left out where the net ends with it."""
    if low.is_read(op.output):
        raise NoKindError(f"{op.source} that a layer reads")
    low.note(
        f"{op.source} at the end has no layer kind and is left out: "
        "add `- softmax` to count a layer of its size",
        exact=True,
    )
    return low.volume(op.inputs[0])


def dropout(low: Lowering, op: Op) -> Volume:
    """dropout."""
    rate, other = rounded(op.attrs["rate"]), op.attrs.get("other")
    if other:
        low.note(f"{other} is written as dropout: the same in inference", exact=True)
    options: dict[str, object] = {"rate": rate}
    if op.overwrites is not None:
        options["in_place"] = op.overwrites
    return low.layer(op, "dropout", options, [low.volume(op.inputs[0])])


def identity(low: Lowering, op: Op) -> Volume:
    """Nothing: the volume itself."""
    return low.volume(op.inputs[0])


HANDLERS: dict[str, Handler] = {
    "unary": unary,
    "clip": clip,
    "prelu": prelu,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "dropout": dropout,
    "identity": identity,
    "cast": identity,
}
