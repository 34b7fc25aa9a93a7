"""How NumPy makes one output of each kind (CS231n notes, Numpy examples): the one table of it.

V is the output and X the input of the layer, without the batch, channels last; X1, X2 and so on
are the inputs of a merge. A convolution's filter 1 is W1, its bias b1; other arrays have the names
of a state_dict. Every kind has a line, and what is to be known to run it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.analysis.numpy_lines import norms, numbers, places, windows
from convcalc.analysis.numpy_lines.numbers import function, merged
from convcalc.analysis.numpy_lines.written import Position, Writer, at, learned
from convcalc.analysis.record import Row


class Statement(NamedTuple):
    """The right side of a kind's statement, and what it does not say."""

    write: Writer
    notes: tuple[str, ...] = ()


def numpy_line(row: Row, position: Position) -> str:
    """The statement that makes one output; '' for an input of the net, which nothing makes."""
    layer = row.step.layer
    if layer is None or not row.inputs:
        return ""
    return f"{at('V', position)} = {TABLE[row.step.kind].write(row, position, layer.__dict__)}"


def notes(row: Row, line: str) -> tuple[str, ...]:
    """What a reader has to know to run the statement."""
    if not line:
        return ()
    named = sorted(name for name in learned(row) if f"{name}[" in line)
    if not named:
        return TABLE[row.step.kind].notes
    verb = "is the layer's array of that name" if len(named) == 1 else "are the layer's arrays"
    return (*TABLE[row.step.kind].notes, f"{', '.join(named)} {verb} in a state_dict")


_OWN = "the mean and the variance are of this image, in training as in inference"
_RAVEL = "numbers are counted channels last, as NumPy's ravel does"
_DRAWN = (
    "height, width (or depth, length) hold where the regions of that axis start: every pass "
    "draws them anew, floor(alpha*(i + u)) - floor(alpha*u) with one u from 0 to 1 per axis",
)

TABLE: Mapping[str, Statement] = {
    "conv": Statement(windows.conv),
    "depthwise_conv": Statement(windows.conv),
    "conv_transpose": Statement(
        windows.conv_transpose,
        (
            "X is the input with stride - 1 zeros between its numbers and",
            "F_eff - 1 - pad around them, see `convcalc demo`",
        ),
    ),
    "locally_connected": Statement(
        windows.locally_connected, ("W holds a filter, and b a bias, for every output",)
    ),
    "max_pool": Statement(windows.pool("np.max")),
    "avg_pool": Statement(windows.avg_pool),
    "l2_pool": Statement(windows.l2_pool),
    "fractional_max_pool": Statement(windows.fractional_pool, _DRAWN),
    "global_avg_pool": Statement(windows.whole_pool("np.mean")),
    "global_max_pool": Statement(windows.whole_pool("np.max")),
    "adaptive_avg_pool": Statement(windows.even_pool("np.mean")),
    "adaptive_max_pool": Statement(windows.even_pool("np.max")),
    "fc": Statement(windows.fc),
    "batch_norm": Statement(
        norms.batch_norm,
        (
            "this is inference; in training the mean and the variance are of this channel "
            "in all images of the batch",
        ),
    ),
    "instance_norm": Statement(norms.instance_norm, (_OWN,)),
    "group_norm": Statement(norms.group_norm, (_OWN,)),
    "layer_norm": Statement(norms.layer_norm, (_OWN,)),
    "lrn": Statement(norms.lrn),
    "scale": Statement(numbers.scale),
    "relu": Statement(function("np.maximum(x, 0)")),
    "relu6": Statement(function("np.clip(x, 0, 6)")),
    "leaky_relu": Statement(function("np.where(x > 0, x, {negative_slope} * x)")),
    "prelu": Statement(numbers.prelu),
    "elu": Statement(function("np.where(x > 0, x, {alpha} * (np.exp(x) - 1))")),
    "selu": Statement(
        function("1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1))")
    ),
    "gelu": Statement(
        function("x * (1 + math.erf(x / np.sqrt(2))) / 2"), ("NumPy has no erf, Python's math has",)
    ),
    "silu": Statement(function("x / (1 + np.exp(-x))")),
    "mish": Statement(function("x * np.tanh(np.log(1 + np.exp(x)))")),
    "hard_swish": Statement(function("x * np.clip(x + 3, 0, 6) / 6")),
    "hard_sigmoid": Statement(function("np.clip(x + 3, 0, 6) / 6")),
    "sigmoid": Statement(function("1 / (1 + np.exp(-x))")),
    "tanh": Statement(function("np.tanh(x)")),
    "abs": Statement(function("np.abs(x)")),
    "softmax": Statement(numbers.softmax),
    "dropout": Statement(
        function("x"),
        (
            "this is inference; in training it is 0 with the probability of `rate`, "
            "else x / (1 - rate)",
        ),
    ),
    "add": Statement(merged(" + ")),
    "subtract": Statement(merged(" - ")),
    "multiply": Statement(merged(" * ")),
    "maximum": Statement(merged(", ", "max(", ")")),
    "average": Statement(merged(" + ", "(", ") / {n}")),
    "concat": Statement(places.concat),
    "flatten": Statement(places.reshape, (_RAVEL,)),
    "identity": Statement(function("x")),
    "slice": Statement(places.slice_channels),
    "pad": Statement(places.pad),
    "crop": Statement(places.crop),
    "upsample": Statement(places.upsample),
    "reshape": Statement(places.reshape, (_RAVEL,)),
    "pixel_shuffle": Statement(places.pixel_shuffle),
    "space_to_depth": Statement(places.space_to_depth),
    "channel_shuffle": Statement(places.channel_shuffle),
}
