"""Slices, reshapes, transposes and padding."""

from convcalc.explain.padding import around
from convcalc.interop.lower.flattened import flattened_from
from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import (
    BATCH,
    CHANNELS,
    FLAT,
    ONE,
    TO_A_VOLUME,
    Roles,
    Volume,
    channels_first,
    channels_last,
    complete,
    reordered,
    size_of,
)
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.lower.turned import weighed
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.repeats import repeated, turns
from convcalc.interop.trace.tensors import Op
from convcalc.shapes import Shape, elements


def slice_(low: Lowering, op: Op) -> Volume:
    """slice of channels, crop of positions, sub-sampling by a pool with a window of 1."""
    volume = low.row(op.inputs[0], op)
    if not op.attrs.get("copied"):  # as padding by less than nothing is, in PyTorch too
        low.otherwise[op.name] = None
    axis, start, stop, step = (op.attrs[key] for key in ("axis", "start", "stop", "step"))
    role, shape = volume.roles[axis], low.shape(volume)
    if role in {BATCH, ONE} or not shape:
        raise NoKindError(f"{op.source} of the batch")
    if stop <= start:
        raise NoKindError(f"{op.source} of nothing")
    if role == CHANNELS:
        if step != 1:
            raise NoKindError(f"{op.source} of every {step}. channel")
        options = {"start": start, "stop": 0 if stop == shape[-1] else stop}
        return low.layer(op, "slice", options, [volume])
    spatial = len(shape) - 1
    if not complete(volume.roles, shape) and (step != 1 or not _but_for_ones(volume.roles, shape)):
        raise NoKindError(f"{op.source} on a reshaped volume")
    sides = [0] * (2 * spatial)
    sides[2 * role], sides[2 * role + 1] = start, shape[role] - stop
    if step == 1:
        return _cropped(low, op, volume, sides)
    if any(sides):
        volume = low.layer(op, "crop", {"sides": tuple(sides)}, [volume], name=f"{op.name}.crop")
    strides = [1] * spatial
    strides[role] = step
    options = {"kernel": 1, "stride": tuple(strides)}
    return _merged(low, op, volume, strides) or low.layer(op, "max_pool", options, [volume])


def _but_for_ones(roles: Roles, shape: Shape) -> bool:
    """Whether every axis of a volume is there, but for those of length 1: one of `x[:, :, 0]`."""
    return CHANNELS in roles and all(
        axis in roles or size == 1 for axis, size in enumerate(shape[:-1])
    )


def _cropped(low: Lowering, op: Op, volume: Volume, sides: list[int]) -> Volume:
    """A crop; one with the crop of another axis just before it."""
    item = low.builder.items[volume.item]
    alone = len(low.readers.get(id(op.inputs[0]), ())) == 1
    if item.kind == "crop" and item.layer is not None and alone:
        given, axes = item.layer.__dict__["sides"], len(item.output) - 1
        before, after = around(given, axes) if given else ((), ())
        old = [side for pair in zip(before, after, strict=True) for side in pair]
        last = volume.item + 1 == len(low.builder.items)
        if last and old and not any(a and b for a, b in zip(old, sides, strict=True)):
            low.builder.items.pop()
            both = tuple(a + b for a, b in zip(old, sides, strict=True))
            source = Volume(item.inputs[0], volume.roles)
            return low.layer(op, "crop", {"sides": both}, [source])
    return low.layer(op, "crop", {"sides": tuple(sides)}, [volume])


def _merged(low: Lowering, op: Op, volume: Volume, strides: list[int]) -> Volume | None:
    """One sub-sampling over both axes where the one before did the other axis."""
    item = low.builder.items[volume.item]
    reader = low.readers.get(id(op.inputs[0]), ())
    if item.kind != "max_pool" or item.layer is None or volume.item + 1 != len(low.builder.items):
        return None
    before = item.layer.__dict__
    if before["kernel"] != (1,) or any(before["pad"]) or len(reader) != 1:
        return None
    old = before["stride"] or (1,)
    old = old * len(strides) if len(old) == 1 else old
    both = tuple(max(a, b) for a, b in zip(old, strides, strict=True))
    if any(a != 1 and b != 1 for a, b in zip(old, strides, strict=True)):
        return None
    low.builder.items.pop()
    low.builder.faults = [pair for pair in low.builder.faults if pair[0] != volume.item]
    source = Volume(item.inputs[0], volume.roles)
    return low.layer(op, "max_pool", {"kernel": 1, "stride": both}, [source])


def transpose(low: Lowering, op: Op) -> Volume:
    """Nothing but another order of the axes."""
    volume = low.volume(op.inputs[0])
    return Volume(volume.item, tuple(volume.roles[i] for i in op.attrs["perm"]))


def reshape(low: Lowering, op: Op) -> Volume:
    """flatten, reshape, or nothing where only axes of 1 come and go."""
    x = op.inputs[0]
    assert x is not None, "a reshape reads something"
    volume = low.volume(x)
    old, new, shape = x.shape or (), op.output.shape or (), low.shape(volume)
    if len(volume.roles) != len(old) or not shape:
        raise NoKindError(f"{op.source} of a volume without a size")
    moved = reordered(volume.roles, old, new, shape)
    slid = any(reader.kind in {"conv", "pool"} for reader in low.readers.get(id(op.output), ()))
    if volume.roles == (BATCH, CHANNELS) and len(new) == 3 and new[1] == 1 and slid:
        line = (new[2], 1)  # the channels as a sequence that a window slides over (ECA)
        row = low.layer(op, "reshape", {"shape": line}, [volume])
        return Volume(row.item, channels_first(line))
    straight = len(new) > 2 and 1 in {new[1], elements(new[2:])}
    if moved is not None and shape[-1] == 1 and straight and moved[1] >= 0:
        # one channel whose positions become channels: back from ECA's sequence
        target = (*new[2:], new[1])
        back = low.layer(op, "reshape", {"shape": target}, [low.whole(volume, op)])
        return Volume(back.item, channels_first(target))
    if moved is not None and _means_the_same(moved, shape) and not _renamed(low, op, volume, moved):
        return Volume(volume.item, moved)
    if new and old and new[0] == old[0] and volume.roles[:1] == (BATCH,):
        if len(new) == 2 and elements(new[1:]) == elements(shape):
            return _flattened(low, op, volume)
        made = _volume(low, op, volume, new)
        if made is not None:
            return made
    raise NoKindError(f"{op.source} from {list(old)} to {list(new)}")


def _flattened(low: Lowering, op: Op, volume: Volume) -> Volume:
    """A volume in a row. Layers that have a weight for each number say in which order they lie."""
    shape = low.shape(volume)
    if _no_positions(shape):
        return Volume(volume.item, (BATCH, CHANNELS))
    order = _longer(volume.roles, shape)
    if order in ([], [FLAT], _longer(channels_first(shape), shape)):
        return Volume(volume.item, (BATCH, FLAT))
    if order != _longer(channels_last(shape), shape):
        low.note(
            "a volume is flattened with its axes in another order, which the weights after it "
            "follow: sizes are equal"
        )
    elif not weighed(op.output, low.readers) and _as_flattened(low, volume.item):
        # the numbers of a `flatten` put into the order that they have here: nothing is left to do
        return Volume(low.builder.items[volume.item].inputs[0], (BATCH, CHANNELS))
    elif not low.inputs_last and weighed(op.output, low.readers):
        # a net whose volumes all lie so means `flatten` by it
        row = low.layer(op, "reshape", {"shape": (elements(shape),)}, [volume])
        return Volume(row.item, (BATCH, CHANNELS))
    return Volume(volume.item, (BATCH, FLAT))


def _as_flattened(low: Lowering, item: int) -> bool:
    """Whether an item gives a flattened vector the shape again that its volume had."""
    made = low.builder.items[item]
    return made.kind == "reshape" and flattened_from(low, made.inputs[0]) == made.output


def _longer(roles: Roles, shape: Shape) -> list[int]:
    """The axes that have an order: those of more than one number."""
    return [role for role in roles if role not in {BATCH, ONE} and size_of(role, shape) > 1]


def _in_line(roles: Roles) -> bool:
    """Whether the positions follow one another as they do in the item."""
    positions = [role for role in roles if role >= 0]
    return positions == sorted(positions)


def _renamed(low: Lowering, op: Op, volume: Volume, moved: Roles) -> bool:
    """Whether another axis than the last becomes the channels of what lies as volumes do here."""
    last = volume.roles == channels_last(low.shape(volume)) and len(volume.roles) > 2
    return last and len(moved) > 2 and moved[-1] != CHANNELS and low.turned(op.output)


def _no_positions(shape: Shape) -> bool:
    return all(dim == 1 for dim in shape[:-1])


def _means_the_same(roles: Roles, shape: Shape) -> bool:
    """Whether the item can be read with these roles as it is."""
    return ONE not in roles or (len(shape) > 1 and FLAT not in roles)


def _volume(low: Lowering, op: Op, volume: Volume, new: Shape) -> Volume | None:
    """A reshape to another volume: of a vector, or of positions laid in a row and back."""
    shape = low.shape(volume)
    positions = [i for i, role in enumerate(volume.roles) if role >= 0]
    if len(new) > 5 or not shape:
        return None
    if positions and volume.roles == channels_last(shape) and len(new) > 2:
        # the numbers lie as they do here
        made = low.layer(op, "reshape", {"shape": tuple(new[1:])}, [volume])
        return Volume(made.item, channels_last(new[1:]))
    if len(shape) == 1 or FLAT in volume.roles or not positions:
        volume = low.whole(volume, op)
        last = low.turned(op.output, True)  # the file moves the channels to the front next
        target = tuple(new[1:]) if last else (*new[2:], new[1])
        roles = channels_last(target) if last else channels_first(target)
        straight = 1 in {target[-1], elements(target[:-1])}  # one order, wherever channels are
        if not (last or straight) and flattened_from(low, volume.item) != target:
            low.note(TO_A_VOLUME)
        return Volume(low.layer(op, "reshape", {"shape": target}, [volume]).item, roles)
    if not _in_line(volume.roles):
        return None
    channel_at = volume.roles.index(CHANNELS) if CHANNELS in volume.roles else -1
    if channel_at == 1 and new[1] == shape[-1]:
        target = (*new[2:], shape[-1])
        return Volume(
            low.layer(op, "reshape", {"shape": target}, [volume]).item, channels_first(target)
        )
    if channel_at == len(volume.roles) - 1 and new[-1] == shape[-1] and len(new) > 2:
        target = new[1:]
        roles = (BATCH, *range(len(target) - 1), CHANNELS)
        return Volume(low.layer(op, "reshape", {"shape": target}, [volume]).item, roles)
    if channel_at == 1 and len(new) == 3 and new[1] == 1 and _no_positions(shape):
        target = (new[2], 1)  # the channels as a sequence (ECA's gate): 1x1xC -> Cx1
        made = low.layer(op, "reshape", {"shape": target}, [volume])
        return Volume(made.item, channels_first(target))
    return None


def pad(low: Lowering, op: Op) -> Volume:
    """pad of positions or channels."""
    volume = low.whole(low.volume(op.inputs[0]), op)
    before, after = op.attrs["before"], op.attrs["after"]
    shape = low.shape(volume)
    sides = [0] * (2 * (len(shape) - 1))
    channels = (0, 0)
    for role, first, last in zip(volume.roles, before, after, strict=True):
        if role == CHANNELS:
            channels = (first, last)
        elif role >= 0:
            sides[2 * role : 2 * role + 2] = [first, last]
        elif first or last:
            raise NoKindError(f"{op.source} of the batch")
    options: dict[str, object] = {}
    if any(sides):
        options["sides"] = tuple(sides)
    if any(channels):
        options["channels"] = channels
    mode = op.attrs["mode"]
    if mode != "constant":
        if mode not in {"reflect", "edge", "replicate"}:
            known = "zeros, reflect and edge (PyTorch's replicate) are the modes here"
            raise NoKindError(f"{op.source} with mode {mode} ({known})")
        options["mode"] = "edge" if mode == "replicate" else mode
    elif op.attrs["value"]:
        low.note("padding with another number than 0 is written as zeros: sizes are equal")
    return low.layer(op, "pad", options, [volume])


def expand(low: Lowering, op: Op) -> Volume:
    """A volume that is spread and that no product reads.

    Raises:
        NoKindError: always; it says what is read instead.
    """
    low.volume(op.inputs[0])
    given = op.inputs[0].shape if op.inputs[0] is not None else None
    raise NoKindError(repeated(op.source, given, turns(given, op.output.shape)))


HANDLERS: dict[str, Handler] = {
    "expand": expand,
    "slice": slice_,
    "transpose": transpose,
    "reshape": reshape,
    "pad": pad,
}
