"""The one table of darknet's sections."""

from collections.abc import Callable

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.darknet.reading import Reading
from convcalc.interop.read.digits import real
from convcalc.layers.option import RejectedError
from convcalc.quantity import counted
from convcalc.window import same_padding


def _conv(net: Reading) -> None:
    size, groups = net.integer("size", 1), net.integer("groups", 1)
    pad = size // 2 if net.integer("pad", 0) else net.integer("padding", 0)
    norm = net.integer("batch_normalize", 0) or net.integer("cbn", 0)
    dilation = net.integer("dilation", 1) if size != 1 else 1
    common = net.integer("stride", 1)
    own = (net.integer(key, 0) for key in ("stride_y", "stride_x"))
    strides = tuple(stride if stride > 0 else common for stride in own)
    sides = _dilated(net, size, pad, dilation, strides) if dilation > 1 else pad
    if sides is None:
        net.refuse("a convolution whose windows of a dilation do not end with its padding")
        return
    filters = net.integer("filters", 1)
    options: dict[str, object] = {
        "kernel": size,
        "stride": strides,
        "pad": sides,
        "dilation": dilation,
        "bias": not norm,
    }
    channels = net.builder.shape(net.at)[-1] if net.builder.shape(net.at) else 0
    if groups == channels > 1 and filters >= channels and not filters % channels:
        net.add("depthwise_conv", {**options, "multiplier": filters // channels})
    else:
        net.add("conv", {**options, "filters": filters, "groups": groups})
    if norm:
        net.add("batch_norm", {})
    net.activation("logistic")


def _dilated(
    net: Reading, size: int, pad: int, dilation: int, strides: tuple[int, ...]
) -> tuple[int, ...] | None:
    """The padding of a dilated convolution: darknet sizes it as if it were not dilated.

    As many windows as without the dilation (`convolutional_out_height`), from the padding times the
    dilation before the first (`im2col_cpu_ext`); after the last what they read. None where they end
    before the volume does.
    """
    sides: list[int] = []
    for width, stride in zip(net.builder.shape(net.at)[:-1], strides, strict=False):
        output = (width + 2 * pad - size) // max(stride, 1) + 1
        begin, window = pad * dilation, dilation * (size - 1) + 1
        left = (output - 1) * stride + window - begin - width
        if left <= -stride:
            return None
        sides += [begin, max(left, 0)]
    return tuple(sides)


def _deconv(net: Reading) -> None:
    size, pad = net.integer("size", 1), net.integer("padding", 0)
    pad = size // 2 if net.integer("pad", 0) else pad
    norm = net.integer("batch_normalize", 0)
    options = {"filters": net.integer("filters", 1), "kernel": size, "pad": pad, "bias": not norm}
    net.add("conv_transpose", {**options, "stride": net.integer("stride", 1)})
    if norm:
        net.add("batch_norm", {})
    net.activation("logistic")


def _max_pool(net: Reading) -> None:
    if net.integer("maxpool_depth", 0):
        net.refuse("maxpool over the channels")
        return
    strides = net.strides()
    size = net.integer("size", net.integer("stride", 1))
    total = net.integer("padding", size - 1)
    shape = net.builder.shape(net.at)
    sides: list[int] = []
    for width, stride in zip(shape[:-1], strides, strict=False):
        output = (width + total - size) // stride + 1
        begin = total // 2
        # what the last window reads beyond the far edge: rows that no window reads are not padded
        sides += [begin, max((output - 1) * stride + size - width - begin, 0)]
    even = all(
        (begin, end) == same_padding(width, size, stride)
        for width, stride, begin, end in zip(
            shape[:-1], strides, sides[::2], sides[1::2], strict=False
        )
    )
    pad: object = "same" if even and any(sides) else tuple(sides)
    if even and sides and len(set(sides)) == 1:
        pad = sides[0]
    net.add("max_pool", {"kernel": size, "stride": strides, "pad": pad})


def _avg_pool(net: Reading) -> None:
    net.add("global_avg_pool", {})


def _local_avg_pool(net: Reading) -> None:
    size = net.integer("size", net.integer("stride", 1))
    total = net.integer("padding", size - 1)
    if total:
        net.refuse("local_avgpool with padding")
        return
    net.add("avg_pool", {"kernel": size, "stride": net.strides()})


def _route(net: Reading) -> None:
    found = net.named("layers")
    if -1 in found:
        net.at = -1
        return
    groups, part = net.integer("groups", 1), net.integer("group_id", 0)
    if groups < 1:  # darknet divides by it
        raise RejectedError(f"groups {groups} is below 1")
    if not 0 <= part < groups:
        raise RejectedError(f"group_id {part} is none of {counted(groups, 'group')}, 0 the first")
    cut = []
    for whole in found:
        item = whole
        channels = net.builder.shape(item)[-1] if net.builder.shape(item) else 0
        if groups > 1:
            if channels % groups:  # darknet divides the sum, and cuts through positions
                of = counted(channels, "channel")
                raise RejectedError(f"{counted(groups, 'group')} do not divide {of}")
            each = channels // groups
            stop = (part + 1) * each
            net.at = item
            options = {"start": part * each, "stop": 0 if stop == channels else stop}
            item = net.add("slice", dict(options))
        cut.append(item)
    net.at = cut[0]
    if len(cut) > 1:
        net.add("concat", {}, tuple(cut))


def _shortcut(net: Reading) -> None:
    others = net.named("from")
    if -1 in others:
        net.at = -1
        return
    inputs = (net.at, *others)
    shapes = {net.builder.shape(item) for item in inputs}
    if all(shapes) and len(shapes) > 1:  # what has none comes of a fault that is told itself
        net.refuse("shortcut between different shapes")
        return
    net.add("add", {}, inputs)
    net.activation()


def _gate(net: Reading) -> None:
    other = net.named("from")[0]
    if other < 0:
        net.at = -1
        return
    net.add("multiply", {}, (other, net.at))
    net.activation()


def _upsample(net: Reading) -> None:
    net.add("upsample", {"scale": net.integer("stride", 2)})


def _reorg(net: Reading) -> None:
    stride = net.integer("stride", 1)
    if stride > 1:  # its reorg_cpu reads the memory as fewer channels of more rows
        net.note("reorg takes its numbers in another order in darknet: sizes are equal")
    net.add("space_to_depth", {"factor": stride})


def _connected(net: Reading) -> None:
    norm = net.integer("batch_normalize", 0)
    net.add("fc", {"units": net.integer("output", 1), "bias": not norm})
    if norm:
        net.add("batch_norm", {})
    net.activation("logistic")


def _local(net: Reading) -> None:
    size, pad = net.integer("size", 1), net.integer("pad", 0)
    options = {
        "filters": net.integer("filters", 1),
        "kernel": size,
        "stride": net.integer("stride", 1),
    }
    # with `pad` as many windows as strides begin in the volume (`local_out_height`)
    sides = (size // 2, (size - 1) // 2) * 2 if pad else 0
    net.add("locally_connected", {**options, "pad": sides})
    net.activation("logistic")


def _dropout(net: Reading) -> None:
    text = net.text("probability")
    rate = 0.5 if text is None else real(text)
    if rate is None:
        raise UnreadableError(f"line {net.section.line}: probability is {(text or '')[:40]!r}")
    net.add("dropout", {"rate": rate})


def _batch_norm(net: Reading) -> None:
    net.add("batch_norm", {})


def _softmax(net: Reading) -> None:
    if net.integer("groups", 1) != 1:
        net.refuse("softmax over groups")
        return
    if (net.text("temperature") or "1") not in _ONE:
        net.note("softmax divides by a temperature in the source: sizes are equal")
    net.add("softmax", {})


def _crop(net: Reading) -> None:
    net.add("crop", {"size": (net.integer("crop_height", 1), net.integer("crop_width", 1))})


def _activation_layer(net: Reading) -> None:
    net.activation()


SECTIONS: dict[str, Callable[[Reading], None]] = {
    "convolutional": _conv,
    "conv": _conv,
    "deconvolutional": _deconv,
    "maxpool": _max_pool,
    "max": _max_pool,
    "avgpool": _avg_pool,
    "avg": _avg_pool,
    "local_avgpool": _local_avg_pool,
    "local_avg": _local_avg_pool,
    "route": _route,
    "shortcut": _shortcut,
    "scale_channels": _gate,
    "sam": _gate,
    "upsample": _upsample,
    "reorg": _reorg,
    "reorg3d": _reorg,
    "connected": _connected,
    "conn": _connected,
    "local": _local,
    "dropout": _dropout,
    "batchnorm": _batch_norm,
    "softmax": _softmax,
    "soft": _softmax,
    "crop": _crop,
    "activation": _activation_layer,
}

Neutral = dict[str, tuple[str, ...]]
_OFF = ("0",)
_ONE = ("1", "1.0", "1.")
_CONV: Neutral = {
    **dict.fromkeys(("antialiasing", "deform", "xnor", "binary", "bin_output"), _OFF),
    **dict.fromkeys(("sway", "rotate", "stretch", "stretch_sway"), _OFF),
    "share_index": ("-1000000000",),
}
_MAX_POOL: Neutral = dict.fromkeys(("antialiasing", "maxpool_zero_nonmax"), _OFF)
_SOFTMAX: Neutral = {"tree": ("",)}
_REORG: Neutral = dict.fromkeys(("reverse", "flatten", "extra"), _OFF)
#: options that give a section other weights, sizes or numbers, each with what leaves it as it is
CHANGING: dict[str, Neutral] = {
    "convolutional": _CONV,
    "conv": _CONV,
    "maxpool": _MAX_POOL,
    "max": _MAX_POOL,
    "shortcut": {"weights_type": ("none",)},
    "reorg": _REORG,
    "reorg3d": _REORG,
    "upsample": {"scale": _ONE},
    "softmax": _SOFTMAX,
    "soft": _SOFTMAX,
}
#: those of them that darknet compares whole, a remark behind them too
WORDS = frozenset({"weights_type", "tree"})
