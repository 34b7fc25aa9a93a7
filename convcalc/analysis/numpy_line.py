"""The NumPy statement that makes one output of a layer (CS231n notes, Numpy examples)."""

from collections.abc import Sequence

from convcalc.analysis.record import Row
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.traits import Family
from convcalc.window import Window

Position = tuple[int, ...]


def numpy_line(row: Row, position: Position) -> str:
    """The statement that makes one output; '' where it is too long for a line."""
    layer, windows = row.step.layer, row.step.size.windows
    if layer is None or not row.inputs:
        return ""
    if isinstance(layer, ConvTranspose):
        return _transposed(layer, row, position)
    if layer.family is Family.FULLY_CONNECTED:
        (unit,) = position
        bias = f" + b[{unit}]" if layer.__dict__["bias"] else ""
        return f"V[{unit}] = np.dot(W[{unit}], X.ravel()){bias}"
    target = f"V[{','.join(map(str, position))}]"
    if not windows or len(position) != len(windows) + 1:
        from convcalc.analysis.numpy_point import point_line  # no windows

        line = point_line(row, position)
        return f"{target} = {line}" if line else ""
    channel = position[-1]
    cut = slices(windows, position)
    if layer.family is Family.POOL:
        if row.step.kind == "l2_pool":
            return f"{target} = np.sqrt(np.sum(X[{cut},{channel}] ** 2))"
        how = {"max_pool": "np.max", "avg_pool": "np.mean"}[row.step.kind]
        if padding(row) == "np.nan":
            how = "np.nanmean"
        return f"{target} = {how}(X[{cut},{channel}])"
    if row.step.kind not in {"conv", "depthwise_conv"}:
        return ""
    channels, bias = _channels(row, channel), _bias(row, channel)
    return f"{target} = np.sum(X[{cut},{channels}] * W{channel}){bias}"


def padding(row: Row) -> str:
    """What the padding around X is, as NumPy writes it; '' where there is none.

    A max pool never takes it, and an average may leave it out.
    """
    if not any(w.begin or w.end for w in row.step.size.windows):
        return ""
    if row.step.kind == "max_pool":
        return "-np.inf"
    counted = row.step.layer is None or row.step.layer.__dict__.get("count_padding", True)
    return "0" if counted else "np.nan"


def _transposed(layer: ConvTranspose, row: Row, position: Position) -> str:
    """A transposed convolution slides flipped filters over the input with zeros in between."""
    axes = layer.axes_of(row.inputs[0][:-1])
    if isinstance(axes, SizeFinding) or len(position) != len(axes) + 1:
        return ""
    parts = zip(position, axes, strict=False)
    cut = ",".join(_slice(index, axis[5], axis[1]) for index, axis in parts)
    channel, flipped = position[-1], ",".join(["::-1"] * len(axes))
    weights = f"W{channel}[{flipped}]"
    target = f"V[{','.join(map(str, position))}]"
    return f"{target} = np.sum(X[{cut},{_channels(row, channel)}] * {weights}){_bias(row, channel)}"


def _channels(row: Row, filter_: int) -> str:
    """The channels of the input that a filter sees: those of its group."""
    depth, count = row.inputs[0][-1], (row.step.output or (1,))[-1]
    depthwise = row.step.kind == "depthwise_conv"
    groups = depth if depthwise else row.step.layer.__dict__["groups"]
    each = depth // groups
    return ":" if each == depth else _slice(filter_ // (count // groups) * each, 1, each)


def _bias(row: Row, filter_: int) -> str:
    return f" + b{filter_}" if row.step.layer.__dict__.get("bias") else ""


def slices(windows: Sequence[Window], position: Position) -> str:
    """The slice of the padded input under a window: ``4:9,6:11``."""
    return ",".join(
        _slice(index * window.stride, window.dilation, window.kernel)
        for window, index in zip(windows, position, strict=False)
    )


def _slice(start: int, step: int, count: int) -> str:
    """``4:9``, ``:5`` from the start, ``0:5:2`` with a step, as the notes write them."""
    stop = start + step * (count - 1) + 1
    if step > 1 and count > 1:
        return f"{start}:{stop}:{step}"
    return f"{start or ''}:{stop}"
