"""A layer as Keras code, channels last: its own words, or operations where Keras has no layer."""

import re
from collections.abc import Callable
from math import prod

from convcalc.analysis.record import Row
from convcalc.explain.keras import avg_pool, transposed
from convcalc.explain.words import TABLE, in_words
from convcalc.interop.write.runs import Line
from convcalc.interop.write.words import split_words
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.window import same_padding

_REMARK = re.compile(r" \(right behind [^()]*\)")
#: the size of a window by its name, so that it is one argument and not taken for filters
_KERNEL = re.compile(r"(layers\.Conv\dD(?:Transpose)?\(\d+, |layers\.DepthwiseConv\dD\()(\(|\d)")
_POOL = re.compile(r"(layers\.(?:Max|Average)Pooling\dD\()(\(|\d)")
_TO_SIZE = re.compile(r"(layers\.Adaptive\w+Pooling\dD\()(\(|\d)")
_PAD = re.compile(r"(layers\.(?:ZeroPadding|Cropping)\dD\()(\(|\d)")
#: what generated code calls with a volume: Keras's layers and its own
_MODULES = ("layers.", "Scale(", "LocallyConnected(")
_LEARNS = re.compile(
    r"layers\.(\w*Conv\w*|Dense|\w+Normalization|PReLU)\(|(?:Scale|LocallyConnected)\("
)


#: why some kinds have no code with some options
_LACKS = {
    "conv": "Keras refuses a stride and a dilation together",
    "depthwise_conv": "Keras refuses a stride and a dilation together",
    "conv_transpose": "Keras's transposed convolutions have neither groups nor a dilation",
    "max_pool": "Keras's pools have no dilation",
    "pad": "Keras has no padding with edges, nor reflected along the first of three axes, on every "
    "backend",
    "upsample": "Keras enlarges by whole factors alone, bilinearly on two axes alone",
}


def why_not(row: Row) -> str:
    """Why a layer has no code."""
    words = TABLE[row.step.kind].keras
    found = _LACKS.get(row.step.kind) or words
    return found if isinstance(found, str) else "Keras has no layer with these options"


def line_of(row: Row) -> Line | None:
    """A layer's code; None where Keras has nothing for it."""
    kind = row.step.kind
    own = _OWN.get(kind)
    words = "x" if kind == "identity" else own(row) if own else in_words(row, "keras")
    if not words:
        return None
    words = _REMARK.sub("", words)
    words = _POOL.sub(r"\1pool_size=\2", _KERNEL.sub(r"\1kernel_size=\2", words))
    words = _TO_SIZE.sub(r"\1output_size=\2", words)
    words = _PAD.sub(lambda m: f"{m[1]}{'padding' if 'Zero' in m[1] else 'cropping'}={m[2]}", words)
    if re.search(r"\bx\d+\b", words):
        return Line("", re.sub(r"\bx(\d+)\b", lambda m: f"{{{int(m[1]) - 1}}}", words))
    module, read = "", "{0}"
    for part in split_words(words):
        if not part.startswith(_MODULES) or re.search(r"\bx\b", part):
            read = re.sub(r"\bx\b", read, part)
        elif _LEARNS.match(part):
            module, read = part, f"{{m}}({read})"
        else:
            read = f"{part}({read})"
    return Line(module, read)


def _max_pool(row: Row) -> str:
    """Padding that is no `same` is of minus infinity, as everywhere but in Keras."""
    windows = row.step.size.windows
    if any(w.dilation > 1 for w in windows):
        return ""
    pads = [(w.begin, w.end + w.overhang) for w in windows]
    before, pool = "", _pool(row, "MaxPooling")
    if _same(row, pads):
        return _last(pool)
    if any(map(any, pads)):
        before = f'keras.ops.pad(x, {_every(pads)}, constant_values=float("-inf")), '
    return before + pool


def _avg_pool(row: Row) -> str:
    """Padding that is not counted is taken out of the mean again."""
    windows = row.step.size.windows
    if row.step.layer is None:
        return ""
    pads = [(w.begin, w.end + w.overhang) for w in windows]
    counted = row.step.layer.__dict__["count_padding"]
    if not any(w.overhang for w in windows) and counted:
        return avg_pool(row, row.step.layer.__dict__)
    pool = _pool(row, "AveragePooling")
    if counted and any(w.begin or w.end for w in windows):  # what pads is, what hangs over is not
        padded = f"keras.ops.pad(x, {_every([(w.begin, w.end) for w in windows])})"
        return f"mean_of_real({padded}, {pool}, {_every([(0, w.overhang) for w in windows])})"
    if not any(map(any, pads)):
        return pool
    if _same(row, pads) and all(begin == end for begin, end in pads):
        return _last(pool)
    # of unequal sides Keras 3.15 on PyTorch averages copies of the edge (backend/torch/nn.py)
    return f"mean_of_real(x, {pool}, {_every(pads)})"


def _pool(row: Row, name: str) -> str:
    windows = row.step.size.windows
    kernel, stride = (_short([getattr(w, key) for w in windows]) for key in ("kernel", "stride"))
    strides = f", strides={stride}" if stride != kernel else ""
    return f"layers.{name}{len(windows)}D({kernel}{strides})"


def _short(sizes: list[int]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else f"({', '.join(map(str, sizes))})"


def _last(pool: str) -> str:
    return f'{pool[:-1]}, padding="same")'


def _same(row: Row, pads: list[tuple[int, int]]) -> bool:
    """Whether Keras's `same` pads so."""
    if not any(map(any, pads)):
        return False
    return all(
        pad == same_padding(w.size, w.kernel, w.stride, w.dilation)
        and w.output == -(-w.size // w.stride)
        for w, pad in zip(row.step.size.windows, pads, strict=True)
    )


def _every(pads: list[tuple[int, int]]) -> str:
    """Sides of all axes, batch and channels among them."""
    return f"[{', '.join(map(str, [(0, 0), *pads, (0, 0)]))}]"


def _transposed(row: Row) -> str:
    """Keras makes all rows that a window writes; what is too many is cut."""
    layer = row.step.layer
    assert isinstance(layer, ConvTranspose), "the kind says so"
    own = layer.__dict__
    words = transposed(row, own)
    if words:
        return words
    axes = layer.axes_of(row.inputs[0][:-1])
    if isinstance(axes, SizeFinding) or own["groups"] > 1 or any(axis[5] > 1 for axis in axes):
        return ""
    # rows behind the last window would be zeros there, and the bias here: not written
    cuts = [
        (begin, end - more + max(stride - kernel, 0))
        for _, kernel, stride, begin, end, _, more in axes
    ]
    if any(end < 0 for _, end in cuts):
        return ""
    kernel, stride = _short([axis[1] for axis in axes]), _short([axis[2] for axis in axes])
    bias = "" if own["bias"] else ", use_bias=False"
    strides = f", strides={stride}" if stride != "1" else ""
    name = f"layers.Conv{len(axes)}DTranspose"
    module = f"{name}({own['filters']}, {kernel}{strides}{bias})"
    sides = cuts[0] if len(cuts) == 1 else tuple(cuts)
    return f"{module}, layers.Cropping{len(axes)}D({sides})" if any(map(any, cuts)) else module


def _lrn(row: Row) -> str:
    own = row.step.layer.__dict__ if row.step.layer else {}
    size = own["size"]
    alpha = own["alpha"] if own["alpha_over"] == "size" else own["alpha"] * size
    return f"lrn(x, size={size}, alpha={alpha:.12g}, beta={own['beta']:.12g}, k={own['k']:.12g})"


def _scale(row: Row) -> str:
    own = row.step.layer.__dict__ if row.step.layer else {}
    if own["by"] is not None:
        return in_words(row, "keras")
    size = 1 if own["factors"] == "one" else row.inputs[0][-1]
    return f"Scale({size}{', bias=True' if own['bias'] else ''})"


def _channels(row: Row) -> str:
    own = row.step.layer.__dict__ if row.step.layer else {}
    return f"channel_shuffle(x, groups={own['groups']})"


def _shuffle(name: str) -> Callable[[Row], str]:
    def write(row: Row) -> str:
        own = row.step.layer.__dict__ if row.step.layer else {}
        last = ", channel_last=True" if own["order"] == "dcr" else ""
        return f"{name}(x, factor={own['factor']}{last})"

    return write


def _prelu(row: Row) -> str:
    """One slope is shared by the channels too."""
    own = row.step.layer.__dict__ if row.step.layer else {}
    if own["slopes"] == "channel":
        return in_words(row, "keras")
    return f"layers.PReLU(shared_axes={list(range(1, len(row.inputs[0]) + 1))})"


def _l2_pool(row: Row) -> str:
    """The root of a sum of squares; zeros around add nothing to it."""
    windows = row.step.size.windows
    pads = [(w.begin, w.end + w.overhang) for w in windows]
    read = f"keras.ops.pad(x, {_every(pads)})" if any(map(any, pads)) else "x"
    return f"l2_pool({read}, {_pool(row, 'AveragePooling')}, {prod(w.kernel for w in windows)})"


def _local(row: Row) -> str:
    own = row.step.layer.__dict__ if row.step.layer else {}
    windows = row.step.size.windows
    kernel, stride = (tuple(getattr(w, key) for w in windows) for key in ("kernel", "stride"))
    bias = "" if own["bias"] else ", bias=False"
    module = f"LocallyConnected({own['filters']}, kernel={kernel}, strides={stride}{bias})"
    pads = [(w.begin, w.end + w.overhang) for w in windows]
    return f"keras.ops.pad(x, {_every(pads)}), {module}" if any(map(any, pads)) else module


#: kinds that Keras's own layers do not cover, or not with all options
_OWN: dict[str, Callable[[Row], str]] = {
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "conv_transpose": _transposed,
    "lrn": _lrn,
    "scale": _scale,
    "channel_shuffle": _channels,
    "pixel_shuffle": _shuffle("channels_to_space"),
    "space_to_depth": _shuffle("space_to_channels"),
    "prelu": _prelu,
    "l2_pool": _l2_pool,
    "locally_connected": _local,
}
