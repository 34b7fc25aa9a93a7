"""Layers that PyTorch does not have, or not with all options: what generated code brings along."""

from collections.abc import Callable

from convcalc.analysis.record import Row
from convcalc.explain.words import in_words
from convcalc.interop.write.runs import Line
from convcalc.layers.base import SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.shuffle import Rearranges

#: why some options have no code either, by kind
LACKS = {
    "fractional_max_pool": "FractionalMaxPool's windows overlap; PyTorch has none that do not",
}


def written_out(row: Row) -> Line | None:
    """The code of a layer where it is the writer's own; None where PyTorch's words do."""
    write = _OWN.get(row.step.kind)
    return write(row) if write else None


def why_not(row: Row) -> str:
    """Why a layer has no code."""
    return LACKS.get(row.step.kind, "PyTorch has no layer with these options")


def _local(row: Row) -> Line:
    """Every position its own filters: windows first, then one product for all of them."""
    own = row.step.layer.__dict__ if row.step.layer else {}
    windows, output = row.step.size.windows, row.step.output or ()
    kernel, stride = (tuple(getattr(w, key) for w in windows) for key in ("kernel", "stride"))
    bias = "" if own["bias"] else ", bias=False"
    sides = tuple(side for w in reversed(windows) for side in (w.begin, w.end + w.overhang))
    sizes = f"{row.inputs[0][-1]}, {own['filters']}, size={output[:-1]}, kernel={kernel}"
    pads = f", sides={sides}" if any(sides) else ""
    return Line(f"LocallyConnected({sizes}, stride={stride}{pads}{bias})", "{m}({0})")


def _transposed(row: Row) -> Line | None:
    """PyTorch cuts the same from both sides: what is uneven is cut afterwards."""
    layer = row.step.layer
    assert isinstance(layer, ConvTranspose), "the kind says so"
    own, axes = layer.__dict__, layer.axes_of(row.inputs[0][:-1])
    if isinstance(axes, SizeFinding) or in_words(row, "pytorch"):
        return None
    kernel, stride, dilation, more = (tuple(axis[place] for axis in axes) for place in (1, 2, 5, 6))
    words = [str(row.inputs[0][-1]), str(own["filters"])]
    for name, sizes, usual in (
        ("kernel_size", kernel, None),
        ("stride", stride, 1),
        ("output_padding", more, 0),
        ("dilation", dilation, 1),
    ):
        if set(sizes) != {usual}:
            words.append(f"{name}={sizes[0] if len(set(sizes)) == 1 else sizes}")
    words += [f"groups={own['groups']}"] if own["groups"] > 1 else []
    words += [] if own["bias"] else ["bias=False"]
    cuts = [-side for _, _, _, begin, end, _, _ in reversed(axes) for side in (begin, end)]
    module = f"nn.ConvTranspose{len(axes)}d({', '.join(words)})"
    return Line(module, f"F.pad({{m}}({{0}}), {tuple(cuts)})" if any(cuts) else "{m}({0})")


def _shuffle(name: str) -> Callable[[Row], Line | None]:
    """PyTorch has them for two axes, the channel the slowest."""

    def write(row: Row) -> Line | None:
        own = row.step.layer.__dict__ if row.step.layer else {}
        if own["order"] == "crd" and len(row.inputs[0]) == 3:
            return None
        fast = ", channel_last=True" if own["order"] == "dcr" else ""
        return Line("", _copied(row, f"{name}({{0}}, {own['factor']}{fast})"))

    return write


def _channels(row: Row) -> Line | None:
    """`nn.ChannelShuffle` wants positions."""
    if len(row.inputs[0]) > 1:
        return None
    own = row.step.layer.__dict__ if row.step.layer else {}
    split = f"torch.unflatten({{0}}, 1, ({own['groups']}, -1))"
    return Line("", _copied(row, f"{split}.transpose(1, 2).flatten(1)"))


def _copied(row: Row, run: str) -> str:
    """A volume of its own, where what runs would give a view of its input."""
    layer = row.step.layer
    assert isinstance(layer, Rearranges), "its kind rearranges"
    view = layer.keeps_order(row.inputs) and not layer.is_view
    return f"{run}.clone(memory_format=torch.contiguous_format)" if view else run


def _mean(row: Row) -> Line | None:
    """What PyTorch does not pad itself is padded before, and what is not counted taken out."""
    if in_words(row, "pytorch"):
        return None
    windows, own = row.step.size.windows, row.step.layer.__dict__ if row.step.layer else {}
    kernel, stride = (tuple(getattr(w, key) for w in windows) for key in ("kernel", "stride"))
    module = f"nn.AvgPool{len(windows)}d(kernel_size={kernel}, stride={stride})"
    counted = own["count_padding"]
    pads = [side for w in reversed(windows) for side in (w.begin, w.end)]
    hangs = [side for w in reversed(windows) for side in (0, w.overhang)]
    if counted:
        return Line(module, f"mean_of_real(F.pad({{0}}, {tuple(pads)}), {{m}}, {tuple(hangs)})")
    real = tuple(pad + hang for pad, hang in zip(pads, hangs, strict=True))
    return Line(module, f"mean_of_real({{0}}, {{m}}, {real})")


_OWN: dict[str, Callable[[Row], Line | None]] = {
    "locally_connected": _local,
    "avg_pool": _mean,
    "conv_transpose": _transposed,
    "pixel_shuffle": _shuffle("channels_to_space"),
    "space_to_depth": _shuffle("space_to_channels"),
    "channel_shuffle": _channels,
}
