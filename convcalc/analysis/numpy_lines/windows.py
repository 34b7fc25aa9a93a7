"""Statements of kinds that slide a window, or read windows of the input: convolutions and pools."""

from collections.abc import Mapping, Sequence
from typing import Any

from convcalc.analysis.numpy_lines.written import Position, Writer, at, cut, depth
from convcalc.analysis.record import Row
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.traits import Family
from convcalc.shapes import axis_names
from convcalc.window import Window


def pads(row: Row) -> list[tuple[int, int]]:
    """What X has before and behind its positions, an axis each.

    Filters need all of their window, so what hangs over the edge is padding too; the slice of a
    pool just ends there.
    """
    layer = row.step.layer
    filters = layer is not None and layer.family is Family.CONVOLUTION
    return [(w.begin, w.end + w.overhang * filters) for w in row.step.size.windows]


def padding(row: Row) -> str:
    """What the padding around X is, as NumPy writes it; '' where there is none.

    A max pool never takes it, and an average may leave it out.
    """
    if not any(map(any, pads(row))):
        return ""
    if row.step.kind == "max_pool":
        return "-np.inf"
    counted = row.step.layer is None or row.step.layer.__dict__.get("count_padding", True)
    return "0" if counted else "np.nan"


def conv(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A window times a filter, summed (CS231n notes, Numpy examples)."""
    channel = position[-1]
    window = at("X", (*under(row.step.size.windows, position), _channels(row, channel)))
    return f"np.sum({window} * W{channel}){_bias(row, channel)}"


def conv_transpose(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A transposed convolution slides flipped filters over the input with zeros in between."""
    layer = row.step.layer
    assert isinstance(layer, ConvTranspose), "the table says so"
    axes = layer.axes_of(row.inputs[0][:-1])
    assert not isinstance(axes, SizeFinding), "only sized layers have outputs"
    parts = zip(position, axes, strict=False)
    places = tuple(cut(index, axis[5], axis[1]) for index, axis in parts)
    channel, flipped = position[-1], ",".join(["::-1"] * len(axes))
    window = at("X", (*places, _channels(row, channel)))
    return f"np.sum({window} * W{channel}[{flipped}]){_bias(row, channel)}"


def locally_connected(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """As a convolution, with a filter and a bias of its own for every output."""
    window = at("X", (*under(row.step.size.windows, position), ":"))
    bias = f" + {at('b', position)}" if own["bias"] else ""
    return f"np.sum({window} * {at('W', position)}){bias}"


def fc(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """A unit reads the whole volume."""
    (unit,) = position
    bias = f" + b[{unit}]" if own["bias"] else ""
    return f"np.dot(W[{unit}], X.ravel()){bias}"


def pool(how: str) -> Writer:
    """`how` over a window of one channel."""
    return lambda row, position, own: f"{how}({_window(row, position)})"


def avg_pool(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The mean over a window; padding that does not count is NaN, and left out."""
    how = "np.nanmean" if padding(row) == "np.nan" else "np.mean"
    return f"{how}({_window(row, position)})"


def l2_pool(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The root of the sum of squares over a window."""
    return f"np.sqrt(np.sum({_window(row, position)} ** 2))"


def whole_pool(how: str) -> Writer:
    """`how` over all positions of one channel."""
    return lambda row, position, own: f"{how}({at('X', (*depth(row.inputs[0]), position[-1]))})"


def even_pool(how: str) -> Writer:
    """`how` over window i of O on every axis, from floor(i*W/O) to ceil((i + 1)*W/O)."""

    def write(row: Row, position: Position, own: Mapping[str, Any]) -> str:
        parts = zip(position[:-1], row.inputs[0], row.step.output or (), strict=False)
        places = tuple(
            f"{index * size // count or ''}:{-(-(index + 1) * size // count)}"
            for index, size, count in parts
        )
        return f"{how}({at('X', (*places, position[-1]))})"

    return write


def fractional_pool(row: Row, position: Position, own: Mapping[str, Any]) -> str:
    """The largest number of a region; where the regions of an axis start is drawn anew."""
    names = axis_names(len(position) - 1)
    places = tuple(
        f"{name}[{i}]:{name}[{i}]+2" if own["overlapping"] else f"{name}[{i}]:{name}[{i + 1}]"
        for name, i in zip(names, position, strict=False)
    )
    return f"np.max({at('X', (*places, position[-1]))})"


def under(windows: Sequence[Window], position: Position) -> tuple[str, ...]:
    """The slices of the padded input under a window: ``4:9`` and ``6:11``."""
    return tuple(
        cut(index * window.stride, window.dilation, window.kernel)
        for window, index in zip(windows, position, strict=False)
    )


def _window(row: Row, position: Position) -> str:
    return at("X", (*under(row.step.size.windows, position), position[-1]))


def _channels(row: Row, filter_: int) -> str:
    """The channels of the input that a filter sees: those of its group."""
    have, count = row.inputs[0][-1], (row.step.output or (1,))[-1]
    depthwise = row.step.kind == "depthwise_conv"
    groups = have if depthwise else row.step.layer.__dict__["groups"]
    each = have // groups
    return ":" if each == have else cut(filter_ // (count // groups) * each, 1, each)


def _bias(row: Row, filter_: int) -> str:
    return f" + b{filter_}" if row.step.layer.__dict__.get("bias") else ""
