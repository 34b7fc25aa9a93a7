"""Windows: convolutions, pools, resizing, and products with weights."""

from convcalc.interop.covering import CUT, around
from convcalc.interop.lower.flattened import flattened_from
from convcalc.interop.lower.handler import Handler
from convcalc.interop.lower.layout import (
    BATCH,
    CHANNELS,
    FLAT,
    Volume,
    channels_last,
    complete,
)
from convcalc.interop.lower.lowering import Lowering
from convcalc.interop.lower.taken import following, has_size
from convcalc.interop.lower.turned import weighed
from convcalc.interop.refusals import NoKindError
from convcalc.interop.trace.products import unread_product
from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.shapes import elements, written


def flat_pads(pads: object) -> object:
    """Sides as an option takes them: begin and end of each axis in turn."""
    if isinstance(pads, str):
        return pads
    assert isinstance(pads, list | tuple), "pads are a word or pairs"
    return tuple(side for pair in pads for side in pair)


def learned_bias(op: Op, units: int) -> Tensor | None:
    """The bias of a layer with weights; constant zeros, which were not learned, are none.

    Raises:
        NoKindError: it is not one number for each of the layer's units.
    """
    bias = op.inputs[2] if len(op.inputs) > 2 else None
    if bias is not None and not bias.sources and bias.value is not None and not any(bias.value):
        return None
    if bias is not None and bias.shape is not None and bias.size != units:
        listed = "x".join(map(str, bias.shape)) or "one number"
        raise NoKindError(f"{op.source} with a bias of {listed} for {units} units")
    return bias


def conv(low: Lowering, op: Op) -> Volume:
    """conv, or depthwise_conv where each channel has its own filters."""
    volume = low.volume_of_channels(op.inputs[0], op)
    weight = op.inputs[1]
    shape, groups = (weight.shape if weight else None) or (), op.attrs["groups"]
    bias = learned_bias(op, shape[0])
    channels = low.shape(volume)[-1] if low.shape(volume) else groups
    options = {
        "kernel": shape[2:],
        "stride": op.attrs["stride"],
        "pad": flat_pads(op.attrs["pads"]),
        "dilation": op.attrs["dilation"],
        "bias": bias is not None,
    }
    kind = "conv"
    if groups == channels > 1:
        kind = "depthwise_conv"
        options["multiplier"] = shape[0] // channels
    else:
        options |= {"filters": shape[0], "groups": groups}
    folded = op.attrs.get("folded")
    if not folded:
        return low.layer(op, kind, options, [volume], weights=[weight, bias])
    low.folded[folded] = low.folded.get(folded, 0) + 1
    if not low.unfold:
        return low.layer(op, kind, options, [volume], weights=[weight, bias])
    made = low.layer(op, kind, {**options, "bias": False}, [volume], weights=[weight, bias])
    return low.layer(op, "batch_norm", {}, [made], name=f"{low.name_of(op, kind)}.bn")


def _note_merged(low: Lowering, op: Op, layer: str) -> None:
    """A batch norm that cannot be taken back: whether the layer had a bias is not known."""
    if op.attrs.get("folded"):
        text = f"batch norm was merged into a {layer} by the exporter (its optimize=False keeps it)"
        low.note(text, exact=True)


def conv_transpose(low: Lowering, op: Op) -> Volume:
    """conv_transpose."""
    volume = low.volume_of_channels(op.inputs[0], op)
    weight = op.inputs[1]
    shape, groups = (weight.shape if weight else None) or (), op.attrs["groups"]
    bias = learned_bias(op, shape[1] * groups)
    options = {
        "filters": shape[1] * groups,
        "kernel": shape[2:],
        "stride": op.attrs["stride"],
        "pad": flat_pads(op.attrs["pads"]),
        "output_pad": op.attrs["output_pad"],
        "dilation": op.attrs["dilation"],
        "groups": groups,
        "bias": bias is not None,
    }
    _note_merged(low, op, "transposed convolution")
    return low.layer(op, "conv_transpose", options, [volume], weights=[weight, bias])


def locally_connected(low: Lowering, op: Op) -> Volume:
    """locally_connected."""
    volume = low.volume_of_channels(op.inputs[0], op)
    weight, bias = op.inputs[1:]
    options = {
        "filters": op.attrs["filters"],
        "kernel": op.attrs["kernel"],
        "stride": op.attrs["stride"],
        "pad": flat_pads(op.attrs["pads"]),
        "bias": bias is not None,
    }
    return low.layer(op, "locally_connected", options, [volume], weights=[weight, bias])


def linear(low: Lowering, op: Op) -> Volume:
    """fc on vectors and flattened volumes; a 1x1 conv where positions stay."""
    volume = low.volume(op.inputs[0])
    if len(volume.roles) == 2 and volume.roles[1] >= 0:  # positions of one channel, in a row
        volume = low.row(op.inputs[0], op)
    weight = op.inputs[1]
    dims = (weight.shape if weight else None) or (0, 0)
    units = dims[0] if op.attrs["rows"] else dims[1]
    bias = learned_bias(op, units)
    for factor in op.attrs.get("scaled", ()):
        low.note(f"{op.source}'s {factor} is taken as part of its weights: sizes are equal")
    _note_merged(low, op, "fully connected layer")
    shape = low.shape(volume)
    spatial = [role for role in volume.roles if role >= 0]
    if volume.roles[-1] not in {CHANNELS, FLAT}:
        raise NoKindError(f"{op.source} over positions")
    if spatial:
        if not complete(volume.roles, shape) or volume.roles != channels_last(shape):
            raise NoKindError(f"{op.source} on a volume in another order")
        options: dict[str, object] = {"filters": units, "kernel": 1, "bias": bias is not None}
        made = low.layer(op, "conv", options, [volume], weights=[weight, bias])
        items = low.builder.items
        items[made.item] = items[made.item]._replace(linear=True)
        return made
    if len(volume.roles) != 2:
        raise NoKindError(f"{op.source} on a reshaped volume")
    options = {"units": units, "bias": bias is not None}
    return low.layer(op, "fc", options, [volume], roles=(BATCH, CHANNELS), weights=[weight, bias])


def matmul(low: Lowering, op: Op) -> Volume:
    """A product of matrices that no layer has.

    Raises:
        NoKindError: always.
    """
    raise NoKindError(unread_product(op.source, op.inputs[0], op.inputs[1]))


def pool(low: Lowering, op: Op) -> Volume:
    """max_pool, avg_pool, l2_pool."""
    volume = low.volume_of_channels(op.inputs[0], op)
    how, shape = op.attrs["how"], low.shape(volume)
    kernel, sides, cut = op.attrs["kernel"], op.attrs["pads"], False
    if op.attrs.get("ceil") and not isinstance(sides, str):
        given = kernel, tuple(sides)
        kernel, sides = around(shape[:-1], kernel, op.attrs["stride"], sides, op.attrs["dilation"])
        cut = (kernel, sides) != given
    if cut:
        low.note(CUT, exact=True)
    pads = flat_pads(sides)
    none = not isinstance(pads, str) and not any(pads if isinstance(pads, tuple) else ())
    whole = how in {"avg", "max"} and kernel == shape[:-1] and none and elements(kernel) > 1
    if (
        whole and low.trace.running is None
    ):  # a program's pool keeps for training what a mean needs not
        return low.layer(op, f"global_{how}_pool", {}, [volume])
    options = {"kernel": kernel, "stride": op.attrs["stride"], "pad": pads}
    if op.attrs.get("ceil") and max(op.attrs["stride"]) > 1:  # also where nothing remains here
        options["rounding"] = "ceil"
    if how == "max":
        options["dilation"] = op.attrs["dilation"]
    if how == "avg" and not op.attrs["count_padding"] and not none:
        options["count_padding"] = False
    made = low.layer(op, f"{how}_pool", options, [volume])
    if op.attrs.get("padded_before"):
        windows = low.builder.items[made.item].size.windows
        padded = (*(w.size + w.begin + w.end for w in windows), shape[-1])
        low.note(
            "the source pads with another number than 0 in a step of its own, here the pool does: "
            f"its padded copy of {written(padded)}, {elements(padded):,} numbers an image, is not "
            f"counted{'' if low.trace.run is None else ' in training'}",
            exact=True,
        )
    hang = cut or any(window.overhang for window in low.builder.items[made.item].size.windows)
    if op.attrs.get("mean") and hang:  # the mean of what is there, times the whole window
        low.note("windows of an l2 pool over the edge are scaled to whole ones: sizes are equal")
    return made


def channel_shuffle(low: Lowering, op: Op) -> Volume:
    """channel_shuffle; nothing where it puts flattened numbers into the order of this program."""
    volume = low.volume_of_channels(op.inputs[0], op)
    flat = flattened_from(low, volume.item) if len(low.shape(volume)) == 1 else None
    if flat and flat[-1] == op.attrs["groups"] and not weighed(op.output, low.readers):
        return volume
    return low.layer(op, "channel_shuffle", {"groups": op.attrs["groups"]}, [volume])


def _by_factor(kind: str) -> Handler:
    def handler(low: Lowering, op: Op) -> Volume:
        volume = low.volume_of_channels(op.inputs[0], op)
        order = op.attrs.get("order", "crd")
        if not order:
            low.note(f"the source orders the channels of {kind} another way: sizes are equal")
        options = {"factor": op.attrs["factor"], "order": order or "crd"}
        return low.layer(op, kind, options, [volume])

    return handler


def resize(low: Lowering, op: Op) -> Volume:
    """upsample: like another volume, by a factor, or to a size."""
    volume = low.volume_of_channels(op.inputs[0], op)
    shape, target = low.shape(volume), op.attrs["shape"]
    before, after = shape[:-1], target[2:]
    if target[1] != shape[-1]:
        raise NoKindError(f"{op.source} over the channels")
    if before == after:
        return volume
    if op.attrs.get("exact"):
        mode = op.attrs["mode"]
        low.note(f"{op.attrs['exact']} upsampling is written as {mode}: sizes are equal")
    options: dict[str, object] = {"mode": op.attrs["mode"]}
    stated = op.attrs.get("stated", "")
    followed = following(low, op.attrs.get("follows", ()), after)
    if followed is not None:
        return low.layer(op, "upsample", options, [volume], like=followed)
    if stated == "open" or (stated == "number" and has_size(low, after)):
        low.taken[op.name] = None
    whole = all(new % old == 0 for old, new in zip(before, after, strict=True))
    if whole and stated != "fixed":
        options["scale"] = tuple(new // old for old, new in zip(before, after, strict=True))
    else:
        options["size"] = after
    return low.layer(op, "upsample", options, [volume])


HANDLERS: dict[str, Handler] = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "locally_connected": locally_connected,
    "linear": linear,
    "matmul": matmul,
    "pool": pool,
    "channel_shuffle": channel_shuffle,
    "depth_to_space": _by_factor("pixel_shuffle"),
    "space_to_depth": _by_factor("space_to_depth"),
    "resize": resize,
}
