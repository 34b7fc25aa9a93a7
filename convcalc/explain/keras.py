"""A layer in Keras's words (version 3). Volumes there are channels last, as here."""

from collections.abc import Callable

from convcalc.analysis.record import Row
from convcalc.explain.code import Options, call, flag, rank, tupled
from convcalc.explain.padding import around
from convcalc.layers.norm import EPSILON
from convcalc.shapes import Shape
from convcalc.window import Grade, Window, same_padding


def _padding(windows: tuple[Window, ...], allowed_same: bool) -> tuple[str, str]:
    """The `padding` argument, and the layer that must pad before where that is not enough.

    What the last window of a convolution hangs over the edge is padded as well.
    """
    begins = tuple(w.begin for w in windows)
    ends = tuple(w.end + w.overhang for w in windows)
    if not any(begins + ends):
        return "", ""
    same = all(
        (w.begin, end) == same_padding(w.size, w.kernel, w.stride, w.dilation)
        for w, end in zip(windows, ends, strict=True)
    )
    if same and allowed_same:
        return 'padding="same"', ""
    return "", f"{_sides('ZeroPadding', begins, ends)}, "


def _sides(name: str, begins: Shape, ends: Shape) -> str:
    """Padding or cropping: one number where all sides are equal, pairs an axis otherwise."""
    if len(set(begins + ends)) == 1:
        sizes = str(begins[0])
    else:
        pairs = [f"({begin}, {end})" for begin, end in zip(begins, ends, strict=True)]
        sizes = f"({', '.join(pairs)})" if len(pairs) > 1 else pairs[0]
    return call(f"layers.{name}{len(begins)}D", sizes)


def _sliding(row: Row, default_stride: Shape) -> list[str]:
    windows = row.step.size.windows
    kernel, stride = tuple(w.kernel for w in windows), tuple(w.stride for w in windows)
    dilation = tuple(w.dilation for w in windows)
    return [
        tupled(kernel),
        flag(f"strides={tupled(stride)}", stride != default_stride),
        flag(f"dilation_rate={tupled(dilation)}", set(dilation) != {1}),
    ]


def _thinned(row: Row) -> bool:
    """Whether a window is both strided and dilated, which Keras refuses."""
    windows = row.step.size.windows
    return any(w.stride > 1 for w in windows) and any(w.dilation > 1 for w in windows)


def conv(row: Row, own: Options) -> str:
    """Its own padding where that is `same`, else a layer before."""
    if _thinned(row):
        return ""
    parts = _sliding(row, (1,) * rank(row))
    padding, before = _padding(row.step.size.windows, True)
    groups = flag(f"groups={own['groups']}", own["groups"] > 1)
    bias = flag("use_bias=False", not own["bias"])
    name = f"Conv{rank(row)}D"
    return before + call(f"layers.{name}", str(own["filters"]), *parts, padding, groups, bias)


def depthwise(row: Row, own: Options) -> str:
    """One axis or two; on three a convolution with as many groups as channels."""
    if _thinned(row):
        return ""
    parts = _sliding(row, (1,) * rank(row))
    padding, before = _padding(row.step.size.windows, True)
    if rank(row) > 2:
        groups = f"groups={row.inputs[0][-1]}"
        bias = flag("use_bias=False", not own["bias"])
        filters = str(row.inputs[0][-1] * own["multiplier"])
        return before + call(f"layers.Conv{rank(row)}D", filters, *parts, padding, groups, bias)
    times = flag(f"depth_multiplier={own['multiplier']}", own["multiplier"] > 1)
    bias = flag("use_bias=False", not own["bias"])
    return before + call(f"layers.DepthwiseConv{rank(row)}D", *parts, padding, times, bias)


def transposed(row: Row, own: Options) -> str:
    """What Keras pads by cropping afterwards."""
    pad, axes = own["pad"], rank(row)
    kernel, stride = (own[o] * axes if len(own[o]) == 1 else own[o] for o in ("kernel", "stride"))
    if any(own["output_pad"]) or set(own["dilation"]) != {1} or own["groups"] > 1:
        return ""
    if any(k < s for k, s in zip(kernel, stride, strict=True)):
        return ""
    parts = [str(own["filters"]), tupled(kernel)]
    parts.append(flag(f"strides={tupled(stride)}", set(stride) != {1}))
    same = pad == "same"
    parts += [flag('padding="same"', same), flag("use_bias=False", not own["bias"])]
    module = call(f"layers.Conv{axes}DTranspose", *parts)
    if same or not any(pad):
        return module
    if len(pad) == 2 * axes:
        begins, ends = pad[::2], pad[1::2]
    else:
        begins = ends = pad * axes if len(pad) == 1 else pad
    return f"{module}, {_sides('Cropping', begins, ends)}"


def max_pool(row: Row, own: Options) -> str:
    """Undilated windows only."""
    return "" if set(own["dilation"]) != {1} else _pool("MaxPooling", row, True)


def avg_pool(row: Row, own: Options) -> str:
    """Zeros of the padding count or not: `same` never counts them."""
    windows = row.step.size.windows
    if own["count_padding"] or not any(w.begin + w.end for w in windows):
        return _pool("AveragePooling", row, False)
    module = _pool("AveragePooling", row, True)
    return "" if "ZeroPadding" in module else module


def _pool(name: str, row: Row, same: bool) -> str:
    windows = row.step.size.windows
    if any(w.grade is Grade.OVERHANG for w in windows):
        return ""  # Keras rounds down only
    parts = _sliding(row, tuple(w.kernel for w in windows))
    padding, before = _padding(windows, same)
    after = " (right after a relu: its padding is 0)" if before and name == "MaxPooling" else ""
    return f"{before}{call(f'layers.{name}{rank(row)}D', *parts, padding)}{after}"


def dense(row: Row, own: Options) -> str:
    """With the flattening that it needs."""
    flat = "layers.Flatten(), " if rank(row) else ""
    return flat + call("layers.Dense", str(own["units"]), flag("use_bias=False", not own["bias"]))


#: Keras adds 1e-3 to a variance where `epsilon` is not given
_EPSILON = f"epsilon={EPSILON}"


def norm(name: str, first: str = "") -> Callable[[Row, Options], str]:
    """A norm with its epsilon, which is not Keras's default."""

    def write(row: Row, own: Options) -> str:
        learned = [
            flag("center=False", own["affine"] in (False, "scale")),
            flag("scale=False", own["affine"] in (False, "shift")),
        ]
        groups = first or flag(str(own.get("groups")), "groups" in own)
        return call(f"layers.{name}", groups, *learned, _EPSILON)

    return write


def layer_norm(row: Row, own: Options) -> str:
    """Over the channels of each position, or over all axes."""
    axes = ", ".join(map(str, range(1, rank(row) + 2)))
    over = flag(f"axis=[{axes}]", own["axes"] == "all" and rank(row) > 0)
    plain = flag("center=False, scale=False", not own["affine"])
    return call("layers.LayerNormalization", over, plain, _EPSILON)


def activation(name: str) -> Callable[[Row, Options], str]:
    """A function that Keras knows by name."""
    return lambda row, own: f'layers.Activation("{name}")'


def leaky_relu(row: Row, own: Options) -> str:
    """A layer, or the function where the slope is below 0, which the layer refuses."""
    slope = f"{own['negative_slope']:.12g}"
    if own["negative_slope"] < 0:
        return f"keras.ops.leaky_relu(x, negative_slope={slope})"
    return call("layers.LeakyReLU", slope)


def prelu(row: Row, own: Options) -> str:
    """Shared over the positions; Keras has no single slope."""
    axes = ", ".join(map(str, range(1, rank(row) + 1)))
    if own["slopes"] != "channel":
        return ""
    return call("layers.PReLU", f"shared_axes=[{axes}]" if axes else "")


def upsample(row: Row, own: Options) -> str:
    """By whole factors, stated or those between two sizes; bilinear on two axes."""
    if rank(row) != 2 and own["mode"] != "nearest":
        return ""
    pairs = zip((row.step.output or ())[:-1], row.inputs[0][:-1], strict=True)
    parted = [divmod(wanted, size) for wanted, size in pairs]
    if any(rest for _, rest in parted):
        return ""
    factors = own["scale"] or tuple(factor for factor, _ in parted)
    mode = flag('interpolation="bilinear"', own["mode"] == "bilinear")
    return call(f"layers.UpSampling{rank(row)}D", tupled(factors), mode)


def global_pool(name: str) -> Callable[[Row, Options], str]:
    """A mean or a maximum over all positions."""
    return lambda row, own: f"layers.Global{name}Pooling{rank(row)}D(keepdims=True)"


def adaptive_pool(name: str) -> Callable[[Row, Options], str]:
    """Keras 3.12 has them, with the same windows."""

    def write(row: Row, own: Options) -> str:
        size = tupled((row.step.output or ())[:-1])
        return call(f"layers.Adaptive{name}Pooling{rank(row)}D", size)

    return write


def scale(row: Row, own: Options) -> str:
    """A constant factor only: a learned one has no layer."""
    return call("layers.Rescaling", f"{own['by']:.12g}") if own["by"] is not None else ""


def pad(row: Row, own: Options) -> str:
    """A layer for zeros around positions, an operation for others.

    No backend has all edges; PyTorch's reflects no volume of three axes along the first of them,
    and refuses to reflect nothing.
    """
    axes = rank(row)
    begins, ends = around(own["sides"], axes)
    channels = around(own["channels"], 1)
    nothing = not any((*begins, *ends, *own["channels"]))
    mode = "zeros" if nothing else own["mode"]
    if mode == "edge" or (mode == "reflect" and axes == 3 and (begins[0] or ends[0])):
        return ""
    if axes and mode == "zeros" and not any(own["channels"]):
        return _sides("ZeroPadding", begins, ends)
    pairs = [(0, 0), *zip(begins, ends, strict=True), (channels[0][0], channels[1][0])]
    how = flag(', mode="reflect"', mode == "reflect")
    return f"keras.ops.pad(x, {pairs}{how})"


def crop(row: Row, own: Options) -> str:
    """What is cut from each side."""
    size, kept = row.inputs[0][:-1], (row.step.output or ())[:-1]
    if own["sides"]:
        begins, ends = around(own["sides"], len(kept))
    else:
        cut = [a - b for a, b in zip(size, kept, strict=True)]
        begins, ends = tuple(c // 2 for c in cut), tuple(c - c // 2 for c in cut)
    return _sides("Cropping", begins, ends)
