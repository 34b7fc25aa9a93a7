"""Windows, sizes and what reads a whole volume, of other tools."""

from typing import Any

from convcalc.dialects import kind as kind_of
from convcalc.findings import brief
from convcalc.layers.conv_transpose import same_beside
from convcalc.quantity import counted
from convcalc.shapes import elements, written
from convcalc.spec.foreign import sides
from convcalc.spec.foreign.asked import (
    KINDS,
    Asked,
    Given,
    Meaning,
    Meant,
    NotCertainError,
    one_if_equal,
    only_said,
    whole_numbers,
)
from convcalc.spec.foreign.defaults import pool


def _upsampling(asked: Asked) -> Meant:
    return Meant("upsample", asked.given, {"scale": asked.default("size", 2)})


#: PyTorch's words for what `bilinear` is along another number of axes
_LINEAR = {"linear": 1, "trilinear": 3}


def _upsample(asked: Asked) -> Meant | None:
    """PyTorch's, whose first argument is the size; that of `upsample(2)` may be a factor."""
    if number := asked.given.get("number"):
        raise NotCertainError(f"a factor is `scale: {number}`, the output's size `size: {number}`")
    if asked.given.pop("align_corners", False):
        raise NotCertainError("`align_corners=True` has no option here: the sizes are the same")
    options = {}
    for name, ours in (("scale_factor", "scale"), ("size", "size"), ("mode", "mode")):
        found = one_if_equal(asked.default(name, None))
        if found is not None:  # a print has scale_factor=2.0
            options[ours] = _whole(found)
    if along := _LINEAR.get(mode := str(options.get("mode"))):
        axes = len(asked.shape) - 1 if asked.shape else along
        if axes != along:
            names = counted(along, "axis")
            raise NotCertainError(f"`mode={mode}` is over {names}: what arrives has {axes}")
        options["mode"] = "bilinear"
    return Meant("upsample", asked.given, options)


def _whole(given: Any) -> Any:
    """A whole number for a float that is one, in a list too."""
    if isinstance(given, list | tuple):
        return [_whole(one) for one in given]
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _keras_pool(kind: str) -> Meaning:
    def pool(asked: Asked) -> Meant:
        same = str(asked.given.get("padding", "")).lower() == "same"
        options: Given = {"count_padding": False} if same and kind == "avg_pool" else {}
        if "pool_size" not in asked.given and kind == "max_pool":  # the other has no default
            options["kernel"] = 2
        return Meant(kind, asked.given, options)

    return pool


def _keras_transposed(asked: Asked) -> Meant | None:
    """Keras's makes a stride a position at least; with `output_padding` `same` cuts otherwise."""
    given, kind = asked.given, "conv_transpose"
    names = ("kernel_size", "strides", "dilation_rate")
    sizes = [whole_numbers(given.get(name, 1)) for name in names]
    digits = [int(letter) for letter in asked.word if letter in "123"]
    axes = max([*digits[:1], *map(len, sizes)])
    if asked.tool != "keras" or not {len(n) for n in sizes} <= {1, axes}:
        return None
    windows = zip(*(n * axes if len(n) == 1 else n for n in sizes), strict=True)
    taps = [(dilation * (kernel - 1) + 1, stride) for kernel, stride, dilation in windows]
    same = str(given.get("padding", "valid")).lower() == "same"
    padded = given.get("output_padding") is not None
    if padded and same:
        extra = whole_numbers(given["output_padding"])
        extra = extra * axes if len(extra) == 1 else extra
        if len(extra) != axes:
            return None
        del given["padding"], given["output_padding"]
        pad, plus = same_beside([window for window, _ in taps], extra)
        return Meant(kind, given, {"pad": [*pad]} | ({"output_pad": [*plus]} if any(plus) else {}))
    more = [max(stride - window, 0) for window, stride in taps]
    return None if padded or same or not any(more) else Meant(kind, given, {"output_pad": more})


def _caffe_pool(asked: Asked) -> Meant | None:
    """Caffe's: it rounds up and has a stride of 1."""
    if {"kernel", "rounding"} & asked.given.keys():
        return None
    how = str(asked.default("pool", "MAX")).upper()
    if how not in {"MAX", "AVE"}:
        raise NotCertainError(f"no kind pools as `pool: {how}` does")
    kind = "max_pool" if how == "MAX" else "avg_pool"
    if asked.default("global_pooling", False) is True:
        return Meant(kind.replace("max", "global_max").replace("avg", "global_avg"), {}, {})
    up = str(asked.default("round_mode", "CEIL")).upper() == "CEIL"
    stride = asked.default("stride", 1)
    options = {"stride": stride, "rounding": "ceil" if up else "floor"}
    return Meant(kind, asked.given, options)


def _darknet_pool(asked: Asked) -> Meant | None:
    """Darknet's, which pads by a window less one and rounds down."""
    if "size" not in asked.given:
        return pool(asked)
    size, stride = asked.default("size", 1), asked.default("stride", 1)
    whole = type(size) is int and size > 0
    even = asked.shape and whole and all(n % size == 0 for n in asked.shape[:-1])
    if size != stride or not even:
        padded = f"darknet's maxpool has `padding={brief(str(size))} - 1` in all"
        raise NotCertainError(f"{padded}: write `pad` as it falls here")
    return Meant("max_pool", asked.given, {"kernel": size, "stride": stride})


def _in_blocks(kind: str) -> Meaning:
    """TensorFlow's and ONNX's words, whose channels have another order than PyTorch's."""

    def in_blocks(asked: Asked) -> Meant | None:
        if asked.word.islower() and "." not in asked.word and kind == "space_to_depth":
            return None  # our own kind, otherwise spelled
        order = str(asked.default("mode", "DCR")).lower()
        factor = asked.default("block_size", asked.default("blocksize", None))
        return Meant(kind, asked.given, {"factor": factor, "order": order})

    return in_blocks


def _lp_pool(asked: Asked) -> Meant:
    """PyTorch's, of any norm."""
    if (norm := asked.default("norm_type", 2)) != 2:
        text = f"`l2_pool` has the norm 2, and no kind pools with {brief(str(norm))}"
        raise NotCertainError(text)
    return Meant("l2_pool", asked.given, {})


def _dense(asked: Asked) -> Meant | None:
    """Keras's works on each place of a volume by itself; an fc reads all of it."""
    shape = asked.shape
    if (
        shape is None
        or elements(shape) == shape[-1]
        or not asked.word.endswith(("Dense", ".dense"))
    ):
        return None  # a vector, or one place
    units = asked.given.get("units")
    each, whole = f"`conv1-{units}`", f"`fc-{units}`"
    if not isinstance(units, int):
        each, whole = "a conv with kernel 1 (`conv1-10`)", "an fc (`fc-10`)"
    raise NotCertainError(
        f"Keras's Dense works on each place of {written(shape)}, as {each}; "
        f"{whole} reads all {elements(shape):,} numbers"
    )


def _connected(asked: Asked) -> Meant:
    """Darknet's fc, which has a logistic activation unless it says otherwise."""
    if str(asked.given.pop("activation", "logistic")).lower() != "linear":
        raise NotCertainError("darknet's `connected` is `fc`, and its activation a layer behind it")
    return Meant("fc", asked.given, {"units": asked.given.pop("output", None)})


_CONVOLUTIONAL = frozenset(
    {"batch_normalize", "filters", "size", "stride", "pad", "padding", "groups", "activation"}
)


def _convolutional(asked: Asked) -> Meant | None:
    """Darknet's conv, with a batch_norm and an activation of its own."""
    given = asked.given
    size, filters, stride = given.get("size"), given.get("filters"), given.get("stride", 1)
    pad = size // 2 if given.get("pad") and type(size) is int else given.get("padding", 0)
    acts, groups = str(given.get("activation", "logistic")), given.get("groups", 1)
    layer = {"leaky": "leaky_relu: {negative_slope: 0.1}", "logistic": "sigmoid"}.get(acts)
    layer = layer or kind_of(acts, KINDS)
    sure = given.keys() <= _CONVOLUTIONAL and (layer or acts == "linear")
    if not sure or not all(type(n) is int for n in (size, filters, stride, pad, groups)):
        raise NotCertainError(
            "darknet's is `conv` with `pad: size//2`, `batch_norm` and its activation as layers "
            "behind"
        )
    norm = given.get("batch_normalize", 0)
    sizes = f"filters: {filters}, kernel: {size}, stride: {stride}, pad: {pad}"
    sizes += f", groups: {groups}" * (groups != 1) + ", bias: false" * bool(norm)
    entries = [f"`- conv: {{{sizes}}}`", *["`- batch_norm`"] * bool(norm)]
    entries += [f"`- {layer}`"] * (acts != "linear")
    raise NotCertainError(f"darknet's is layers of a list: {', '.join(entries)}")


TABLE: dict[str, Meaning] = {
    "upsampling": _upsampling,
    "upsample": _upsample,
    "upsamplingnearest": _upsample,
    "upsamplingbilinear": only_said(
        "it aligns corners, which `upsample` with `mode: bilinear` does not"
    ),
    "maxpooling": _keras_pool("max_pool"),
    "averagepooling": _keras_pool("avg_pool"),
    "convtranspose": _keras_transposed,
    "pooling": _caffe_pool,
    "maxpool": _darknet_pool,
    "depthtospace": _in_blocks("pixel_shuffle"),
    "spacetodepth": _in_blocks("space_to_depth"),
    **sides.TABLE,
    "lppool": _lp_pool,
    "dense": _dense,
    "separableconv": only_said(
        "it is two layers: a depthwise_conv with `bias: false`, and a conv with kernel 1"
    ),
    "connected": _connected,
    "convolutional": _convolutional,
    "route": only_said(
        "darknet's route of several layers is `concat:` with `from: [a, b]`, by name"
    ),
    "shortcut": only_said("a shortcut is `add:` with `from: [a, b]`, or a branch `identity`"),
    "localavgpool": only_said("darknet's local_avgpool is `avg_pool` with a `kernel`"),
    "alphadropout": only_said("`dropout` is the same in inference, and another in training"),
    "reorg": only_said(
        "`space_to_depth: {factor: 2}` has these sizes, in another order of channels"
    ),
    "merge": only_said("layers are joined by `add`, `concat` or `multiply`, with `from: [a, b]`"),
}
