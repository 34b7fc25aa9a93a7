"""The NumPy statement that makes one output of a layer (CS231n notes, Numpy examples)."""

from collections.abc import Sequence

from convcalc.analysis.record import Row
from convcalc.layers.traits import Family
from convcalc.window import Window

Position = tuple[int, ...]


def numpy_line(row: Row, position: Position) -> str:
    """The statement that makes one output; '' for a layer without windows."""
    layer, windows = row.step.layer, row.step.size.windows
    if layer is None or not row.inputs:
        return ""
    if layer.family is Family.FULLY_CONNECTED:
        (unit,) = position
        bias = f" + b[{unit}]" if layer.__dict__["bias"] else ""
        return f"V[{unit}] = np.dot(W[{unit}], X.ravel()){bias}"
    if not windows or len(position) != len(windows) + 1:
        return ""
    target = f"V[{','.join(map(str, position))}]"
    channel = position[-1]
    cut = slices(windows, position)
    if layer.family is Family.POOL:
        how = {"max_pool": "np.max", "avg_pool": "np.mean"}.get(row.step.kind)
        return f"{target} = {how}(X[{cut},{channel}])" if how else ""
    if layer.family is not Family.CONVOLUTION:
        return ""
    depth, groups = row.inputs[0][-1], layer.__dict__.get("groups", 1)
    each, own = depth // groups, (row.step.output or (1,))[-1] // groups
    if row.step.kind == "depthwise_conv":
        each, own = 1, (row.step.output or (1,))[-1] // depth
    start = channel // own * each
    channels = ":" if each == depth else _slice(start, 1, each)
    bias = f" + b{channel}" if layer.__dict__.get("bias") else ""
    if row.step.kind not in {"conv", "depthwise_conv"}:
        return ""
    return f"{target} = np.sum(X[{cut},{channels}] * W{channel}){bias}"


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
