"""What a net gives back: volumes as they lie here, and a word where they lay otherwise before."""

from typing import TYPE_CHECKING

from convcalc.interop.lower.layout import (
    BATCH,
    CHANNELS,
    FLAT,
    ONE,
    Roles,
    Volume,
    channels_first,
    channels_last,
    complete,
    size_of,
)
from convcalc.interop.trace.tensors import Tensor
from convcalc.shapes import Shape, axis_names

if TYPE_CHECKING:
    from convcalc.interop.lower.lowering import Lowering


def output(low: "Lowering", volume: Volume, tensor: Tensor) -> int:
    """An output: what waits to be flattened is flattened here, axes of 1 become its own."""
    volume = low.spread(volume, "reshape", tensor.name)
    roles, shape = volume.roles, low.shape(volume)
    if not shape:
        return volume.item
    row = len(roles) == 2 and not complete(roles, shape)
    if FLAT in roles or row:
        return low.builder.add("flatten", {}, (volume.item,), "flatten", tensor.name)
    if not any(_lies(roles, one(shape), shape) for one in (channels_first, channels_last)):
        here = ", ".join((*axis_names(len(shape) - 1), "channels"))
        low.note(f"an output's axes are {_named(roles, shape)} in the source, {here} here", True)
    return volume.item


def _lies(roles: Roles, wanted: Roles, shape: Shape) -> bool:
    """Whether axes are the wanted ones, but for the order of those of one number."""

    def sizes(given: Roles) -> list[int]:
        return [size_of(role, shape) for role in given]

    def long(given: Roles) -> list[int]:
        return [role for role in given if role == BATCH or size_of(role, shape) > 1]

    return sizes(roles) == sizes(wanted) and long(roles) == long(wanted)


def _named(roles: Roles, shape: Shape) -> str:
    """The axes of a tensor."""
    positions = axis_names(len(shape) - 1)
    names = {BATCH: "batch", CHANNELS: "channels", ONE: "1"}
    return ", ".join(names[role] if role < 0 else positions[role] for role in roles)
