"""Pools to a size, and means and maxima over whole axes."""

from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import BATCH, CHANNELS, FLAT, ONE, Volume
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.tensors import Op


def adaptive_pool(low: Lowering, op: Op) -> Volume:
    """adaptive_avg_pool and adaptive_max_pool; global ones to a size of 1."""
    volume = low.volume_of_channels(op.inputs[0], op)
    how, output = op.attrs["how"], op.attrs["output"]
    if set(output) == {1}:
        return low.layer(op, f"global_{how}_pool", {}, [volume])
    # one that changes nothing here (VGG's at 224x224) is a copy, and what makes other inputs fit
    return low.layer(op, f"adaptive_{how}_pool", {"output": output}, [volume])


def reduce(low: Lowering, op: Op) -> Volume:
    """Mean or maximum over all positions."""
    volume = low.volume(op.inputs[0])
    how, axes = op.attrs["how"], set(op.attrs["axes"])
    shape = low.shape(volume)
    if how not in {"avg", "max"}:
        raise NoKindError(op.source)
    gone = {volume.roles[i] for i in axes}
    there = {axis for axis, size in enumerate(shape[:-1]) if size > 1 or axis in volume.roles}
    if gone - {ONE} != there:
        word = "mean" if how == "avg" else "maximum"
        raise NoKindError(f"{op.source}: {word} over {_said(gone, there)}")
    roles = volume.roles
    if not op.attrs["keepdims"]:
        roles = tuple(role for i, role in enumerate(roles) if i not in axes)
    return low.layer(op, f"global_{how}_pool", {}, [volume], roles=roles)


def _said(gone: set[int], there: set[int]) -> str:
    """The axes that are reduced, in words; `there` are those of the positions."""
    words = {BATCH: "the batch", CHANNELS: "the channels", FLAT: "the flattened numbers"}
    found = [word for role, word in words.items() if role in gone]
    some = len(gone & there)
    if some == len(there):
        found += ["the positions"] * bool(some)
    elif some:
        found.append("one axis of several" if some == 1 else f"{some} axes of {len(there)}")
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:]))) or "no axis"


HANDLERS: dict[str, Handler] = {"adaptive_pool": adaptive_pool, "reduce": reduce}
