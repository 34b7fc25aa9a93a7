"""What a layer is called in a paper's table: ``CONV3-64``, ``POOL2``, ``FC``."""

from convcalc.analysis.record import Row
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT
from convcalc.window import Window


def label(row: Row) -> str:
    """The notes' word for a layer, as their listing has it.

    A stride, padding, dilation or groups that the short form would not imply follow as its letters.
    """
    step, layer = row.step, row.step.layer
    if step.kind == INPUT:
        return "INPUT" if step.name == INPUT else f"INPUT {step.name}"
    windows, output = step.size.windows, step.output
    if layer is None or output is None or not windows:
        return "FC" if layer is not None and layer.family is Family.FULLY_CONNECTED else _kind(row)
    kernel = _sizes([window.kernel for window in windows])
    if layer.family is Family.POOL:
        name = {"max_pool": "POOL", "avg_pool": "AVGPOOL"}.get(step.kind, _kind(row))
        return f"{name}{kernel}{_stride(windows, [window.kernel for window in windows])}"
    if layer.family not in {Family.CONVOLUTION, Family.TRANSPOSED_CONVOLUTION}:
        return _kind(row)
    name = "CONV" if step.kind == "conv" else f"{_kind(row)} "
    groups = layer.__dict__.get("groups", 1)
    letters = _stride(windows, [1] * len(windows))
    dilations = {window.dilation for window in windows}
    if dilations != {1}:
        letters += "d" + _sizes([window.dilation for window in windows])
    if groups != 1:
        letters += f"g{groups}"
    if any(w.begin + w.end != w.dilation * (w.kernel - 1) for w in windows):
        letters += "p" + _sizes([window.begin for window in windows])
    return f"{name}{kernel}-{output[-1]}{letters}"


def row_label(row: Row) -> str:
    """The word of VGG's table 1: ``conv3-64``, ``maxpool``, ``FC-4096``, ``soft-max``, ``LRN``."""
    step, layer, output = row.step, row.step.layer, row.step.output
    if step.kind == "max_pool" and label(row) == "POOL2":
        return "maxpool"
    if step.kind == "lrn":
        return "LRN"
    if step.kind == "softmax":
        return "soft-max"
    if layer is not None and layer.family is Family.FULLY_CONNECTED and output is not None:
        return f"FC-{output[-1]}"
    return label(row).lower()


def _kind(row: Row) -> str:
    return row.step.kind.upper()


def _sizes(sizes: list[int]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else "x".join(map(str, sizes))


def _stride(windows: tuple[Window, ...], usual: list[int]) -> str:
    strides = [window.stride for window in windows]
    return "" if strides == usual else f"s{_sizes(strides)}"
