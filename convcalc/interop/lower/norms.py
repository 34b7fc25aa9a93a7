"""Norms, with or without what they learn."""

import re

from convcalc.interop.lower.activations import rounded
from convcalc.interop.lower.factors import scaled
from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import (
    CHANNELS,
    Volume,
)
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.layers.norm import EPSILON
from convcalc.shapes import elements

_INSTANCE_NORM = re.compile(r"InstanceNorm[123]d$")


def batch_norm(low: Lowering, op: Op) -> Volume:
    """batch_norm, with or without scale and shift."""
    volume = low.whole(low.volume(op.inputs[0]), op)
    if len(volume.roles) < 2 or volume.roles[1] != CHANNELS:
        raise NoKindError(f"{op.source} over an axis other than the channels")
    pair = _pair(op)
    note_epsilon(low, op)
    if _of_images(op):
        low.note(
            "an instance norm that runs by its running statistics is written as batch_norm, which "
            "computes the same of them: training and the counts of other tools (`--as`) are a "
            "batch norm's",
            exact=True,
        )
    options = affine_options(op, pair, _channels(low, volume))
    return low.layer(op, "batch_norm", options, [volume], weights=pair)


def _of_images(op: Op) -> bool:
    """Whether a batch norm was an instance norm, with `track_running_stats`, to its tool."""
    module = op.scopes[-1].cls if op.scopes else ""
    tiled = any(t is not None and t.maker and t.maker.source == "Tile" for t in op.inputs[3:5])
    return tiled or op.source == "aten.instance_norm" or bool(_INSTANCE_NORM.match(module))


def _pair(op: Op) -> list[Tensor | None]:
    """The scale and shift of a norm: None where it has none that was learned."""
    scale, shift = [*op.inputs, None, None][1:3]
    return [_learned(scale, 1.0), _learned(shift, 0.0)]


def _channels(low: Lowering, volume: Volume) -> int:
    """The channels of a volume; 0 where they are unknown."""
    return (low.shape(volume) or (0,))[-1]


def _learned(tensor: Tensor | None, neutral: float) -> Tensor | None:
    """A scale or shift that somebody learned; constant ones and zeros are none."""
    if tensor is None or tensor.sources or tensor.value is None:
        return tensor
    return None if all(number == neutral for number in tensor.value) else tensor


def affine_options(op: Op, pair: list[Tensor | None], count: int) -> dict[str, object]:
    """`affine` for a pair, `scale` or `shift` for one of the two alone.

    Raises:
        NoKindError: they do not hold `count` numbers each.
    """
    scale, shift = pair
    for tensor, what in ((scale, "scale"), (shift, "shift")):
        if count and tensor is not None and tensor.shape is not None and tensor.size != count:
            raise NoKindError(f"{op.source} with a {what} of {tensor.size} for {count}")
    if scale is None and shift is None:
        return {"affine": False}
    if scale is None or shift is None:
        alone = "scale" if shift is None else "shift"
        if op.kind != "batch_norm":
            raise NoKindError(f"{op.source} with a {alone} alone")
        return {"affine": alone}
    return {}


def note_epsilon(low: Lowering, op: Op) -> None:
    """Say where a norm adds another number to the variance than convcalc's does."""
    epsilon = op.attrs.get("epsilon", EPSILON)
    if abs(epsilon - EPSILON) > EPSILON / 1000:
        low.note(
            f"{op.kind} has the epsilon {rounded(epsilon):g} in the source, {EPSILON:g} here: "
            "sizes are equal",
            exact=op.kind == "batch_norm",  # `verify --against` adds it to the variance
        )


def _scale_apart(
    pair: list[Tensor | None],
) -> tuple[list[Tensor | None], Tensor | None]:
    """The pair of a norm that has both or none, and a scale without a shift."""
    scale, shift = pair
    return (pair, None) if scale is None or shift is not None else ([None, None], scale)


def _scaled(low: Lowering, op: Op, volume: Volume, scale: Tensor | None) -> Volume:
    """A norm, and the layer that scales what it made where there is one."""
    if scale is None:
        return volume
    if scale.size != _channels(low, volume):
        raise NoKindError(f"{op.source} with a scale of {scale.size}")
    name = f"{low.name_of(op, op.kind)}.scale"
    return scaled(low, op, volume, scale, name=name)


def _plain_norm(kind: str) -> Handler:
    def handler(low: Lowering, op: Op) -> Volume:
        volume = low.volume_of_channels(op.inputs[0], op)
        pair = _pair(op)
        note_epsilon(low, op)
        pair, scale = _scale_apart(pair)
        options = affine_options(op, pair, _channels(low, volume))
        if kind == "instance_norm":
            options = {"affine": "affine" not in options}
        else:
            options["groups"] = op.attrs["groups"]
        return _scaled(low, op, low.layer(op, kind, options, [volume], weights=pair), scale)

    return handler


def layer_norm(low: Lowering, op: Op) -> Volume:
    """layer_norm over the channels, or over the whole volume; instance_norm over the positions."""
    volume = low.row(op.inputs[0], op)
    note_epsilon(low, op)
    over = volume.roles[op.attrs["axis"] :]
    if op.attrs.get("only"):
        over = over[:1]
    shape = low.shape(volume)
    channels = over == (CHANNELS,)
    if shape and sorted(over) == list(range(len(shape) - 1)) and not any(_pair(op)):
        return low.layer(op, "instance_norm", {}, [volume])  # over the positions alone
    if not channels and set(over) != {CHANNELS, *range(len(shape) - 1)}:
        raise NoKindError(f"{op.source} over some of the axes")
    pair, count = _pair(op), _channels(low, volume) if channels else elements(shape)
    pair, scale = _scale_apart(pair) if channels else (pair, None)
    options = affine_options(op, pair, count)
    if not channels:
        options["axes"] = "all"
    return _scaled(low, op, low.layer(op, "layer_norm", options, [volume], weights=pair), scale)


def lrn(low: Lowering, op: Op) -> Volume:
    """lrn, whose alpha the frameworks divide by the size."""
    volume = low.volume_of_channels(op.inputs[0], op)
    numbers = {name: rounded(op.attrs[name]) for name in ("alpha", "beta", "k")}
    options = {"size": op.attrs["size"], **numbers, "alpha_over": "size"}
    return low.layer(op, "lrn", options, [volume])


HANDLERS: dict[str, Handler] = {
    "batch_norm": batch_norm,
    "instance_norm": _plain_norm("instance_norm"),
    "group_norm": _plain_norm("group_norm"),
    "layer_norm": layer_norm,
    "lrn": lrn,
}
