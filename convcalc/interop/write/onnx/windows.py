"""Convolutions, pools, resizing and shuffles as ONNX operators."""

from collections.abc import Sequence
from typing import Any

from convcalc.analysis.record import Row
from convcalc.interop.write.onnx.node import Graph, Writer, axes_of, options_of, pads_of, simple
from convcalc.interop.write.onnx.written_out import to_channels, to_space
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.upsample import nearest, single
from convcalc.shapes import Shape
from convcalc.window import Grade, Window


def _conv(g: Graph, row: Row, inputs: list[str]) -> str:
    own, windows = options_of(row), row.step.size.windows
    groups = row.inputs[0][-1] if row.step.kind == "depthwise_conv" else own["groups"]
    return g.node(
        "Conv",
        [*inputs, *g.arrays(row)],
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        dilations=[w.dilation for w in windows],
        pads=pads_of(row, hanging=True),  # a Conv has no ceil_mode
        group=groups,
    )


def _conv_transpose(g: Graph, row: Row, inputs: list[str]) -> str:
    own, layer, axes = options_of(row), row.step.layer, axes_of(row)
    assert isinstance(layer, ConvTranspose)
    found = layer.axes_of(row.inputs[0][:-1])
    assert not isinstance(found, SizeFinding), "a sized layer has axes"
    # (size, kernel, stride, begin, end, dilation, extra)
    ends, extras, zeros = [], [], []
    for _, _, stride, _, end, _, extra in found:
        # onnxruntime takes an extra below the stride alone: zeros behind the input make a stride
        # of outputs each, of the bias alone, and what is too much of them is cut off
        more = -(-extra // stride) if extra >= stride else 0
        zeros.append(more)
        ends.append(end + more * stride - extra if more else end)
        extras.append(0 if more else extra)
    if any(zeros):
        inputs = [_padded(g, inputs, [0] * axes, zeros)]
    return g.node(
        "ConvTranspose",
        [*inputs, *g.arrays(row)],
        kernel_shape=[axis[1] for axis in found],
        strides=[axis[2] for axis in found],
        dilations=[axis[5] for axis in found],
        pads=[*(axis[3] for axis in found), *ends],
        output_padding=extras[:axes],
        group=own["groups"],
    )


def _padded(
    g: Graph, inputs: list[str], begins: list[int], ends: list[int], number: float | None = None
) -> str:
    """An input with its positions padded, by zeros or another number."""
    sides = g.integers([0, 0, *begins, 0, 0, *ends])
    more = [] if number is None else [g.number(number)]
    return g.node("Pad", [*inputs, sides, *more], mode="constant")


def _pool(name: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        own, windows = options_of(row), row.step.size.windows
        more: dict[str, Any] = {}
        if name == "AveragePool":
            more["count_include_pad"] = int(own["count_padding"])
        if name == "LpPool":
            more["p"] = 2
        if name == "MaxPool":
            more["dilations"] = [w.dilation for w in windows]
        hanging = any(w.grade is Grade.OVERHANG for w in windows)
        pads = pads_of(row)
        if hanging and any(map(_one_too_many, windows)):
            counted = more.get("count_include_pad") and any(pads)  # what hangs over is not
            if counted or any(w.end + w.overhang >= w.kernel for w in windows):
                inputs, pads = _shortened(g, inputs, windows)
            else:
                hanging, pads = False, pads_of(row, hanging=True)
                if name == "AveragePool":
                    more["count_include_pad"] = 0
        axes = len(windows)
        if name == "MaxPool" and any(p >= w.kernel for p, w in zip(pads, windows * 2, strict=True)):
            # onnxruntime takes padding below the kernel alone, whatever the dilation
            inputs = [_padded(g, inputs, pads[:axes], pads[axes:], float("-inf"))]
            pads = [0] * (2 * axes)
        return g.node(
            name,
            inputs,
            kernel_shape=[w.kernel for w in windows],
            strides=[w.stride for w in windows],
            pads=pads,
            ceil_mode=int(hanging),
            **more,
        )

    return write


def _left(window: Window) -> int:
    """Positions of the padded axis behind its last window; 0 where that hangs over."""
    read = ((window.output or 1) - 1) * window.stride + window.extent
    return max(window.begin + window.size + window.end - read, 0)


def _one_too_many(window: Window) -> bool:
    """Whether `ceil_mode` would add a window that starts behind the input."""
    return window.grade is not Grade.OVERHANG and _left(window) > 0


def _shortened(
    g: Graph, inputs: list[str], windows: Sequence[Window]
) -> tuple[list[str], list[int]]:
    """An input and its padding without what no window reads, so that nothing is to be rounded."""
    ends = [w.end - _left(w) for w in windows]
    cut = [axis for axis, end in enumerate(ends) if end < 0]
    if cut:
        stops = [windows[axis].size + ends[axis] for axis in cut]
        bounds = [g.integers([0] * len(cut)), g.integers(stops), g.integers([a + 2 for a in cut])]
        inputs = [g.node("Slice", [*inputs, *bounds])]
    return inputs, [*(w.begin for w in windows), *(max(end, 0) for end in ends)]


def _adaptive(how: str) -> Writer:
    def write(g: Graph, row: Row, inputs: list[str]) -> str:
        before, after = row.inputs[0][:-1], (row.step.output or ())[:-1]
        if set(after) == {1}:
            return g.node(f"Global{how}Pool", inputs)
        if any(a % b for a, b in zip(before, after, strict=True)):
            g.refuse(row, "ONNX has no adaptive pool to sizes that do not divide the input's")
            return inputs[0]
        window = [a // b for a, b in zip(before, after, strict=True)]
        return g.node(f"{how}Pool", inputs, kernel_shape=window, strides=window)

    return write


def _fc(g: Graph, row: Row, inputs: list[str]) -> str:
    if axes_of(row):
        inputs = [g.node("Flatten", inputs, axis=1)]
    return g.node("Gemm", [*inputs, *g.arrays(row)], transB=1)


def _upsample(g: Graph, row: Row, inputs: list[str]) -> str:
    *spatial, _ = row.step.output or ()
    value, have = inputs[0], row.inputs[0][:-1]
    # not of the batch, which may be any, and the channels
    axes = {"axes": list(range(2, len(spatial) + 2))}
    if options_of(row)["mode"] != "nearest":
        more = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        return g.node("Resize", [value, "", "", g.integers(spatial)], **more, **axes)
    gathered: list[int] = []
    for axis, (width, count) in enumerate(zip(have, spatial, strict=True)):
        if _rounded_otherwise(width, count):
            value = g.node("Gather", [value, g.integers([*nearest(width, count)])], axis=axis + 2)
            gathered.append(axis)
    if len(gathered) < len(spatial):
        more = {"mode": "nearest", "nearest_mode": "floor"}
        more["coordinate_transformation_mode"] = "asymmetric"
        value = g.node("Resize", [value, "", "", g.integers(spatial)], **more, **axes)
    return value


def _rounded_otherwise(width: int, count: int) -> bool:
    """Whether a Resize repeats other inputs than PyTorch: it divides by the factor, in float32."""
    factor = single(count / width)
    found = tuple(min(int(single(i / factor)), width - 1) for i in range(count))
    return found != nearest(width, count)


def _space_to_depth(g: Graph, row: Row, inputs: list[str]) -> str:
    """ONNX puts the channels of a position together, PyTorch the positions of a channel."""
    if axes_of(row) != 2:
        return to_channels(g, row, inputs)
    factor = options_of(row)["factor"]
    made = g.node("SpaceToDepth", inputs, blocksize=factor)
    if options_of(row)["order"] == "dcr":  # ONNX's own
        return made
    return _shuffled(g, made, factor**2, row.step.output or ())


def _channel_shuffle(g: Graph, row: Row, inputs: list[str]) -> str:
    return _shuffled(g, inputs[0], options_of(row)["groups"], row.inputs[0])


def _shuffled(g: Graph, value: str, groups: int, shape: Shape) -> str:
    *spatial, channels = shape
    split = g.integers([0, groups, channels // groups, *spatial])
    opened = g.node("Reshape", [value, split])
    order = [0, 2, 1, *range(3, len(spatial) + 3)]
    turned = g.node("Transpose", [opened], perm=order)
    return g.node("Reshape", [turned, g.integers([0, channels, *spatial])])


def _pixel_shuffle(g: Graph, row: Row, inputs: list[str]) -> str:
    if axes_of(row) != 2:
        return to_space(g, row, inputs)
    own = options_of(row)
    return g.node("DepthToSpace", inputs, blocksize=own["factor"], mode=own["order"].upper())


TABLE: dict[str, Writer] = {
    "conv": _conv,
    "depthwise_conv": _conv,
    "conv_transpose": _conv_transpose,
    "max_pool": _pool("MaxPool"),
    "avg_pool": _pool("AveragePool"),
    "l2_pool": _pool("LpPool"),
    "global_avg_pool": simple("GlobalAveragePool"),
    "global_max_pool": simple("GlobalMaxPool"),
    "adaptive_avg_pool": _adaptive("Average"),
    "adaptive_max_pool": _adaptive("Max"),
    "fc": _fc,
    "upsample": _upsample,
    "pixel_shuffle": _pixel_shuffle,
    "space_to_depth": _space_to_depth,
    "channel_shuffle": _channel_shuffle,
}
