"""What a layer holds in memory: its output, and what it keeps until its backward pass has run."""

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.explain.record import Fact, Section
from convcalc.layers.base import Part
from convcalc.layers.pad import Pad
from convcalc.layers.saved import Saved
from convcalc.memory.beforehand import parts_of, taken_apart
from convcalc.memory.layer_tensors import LayerTensors, Tabulation
from convcalc.memory.precisions import HALF, mode_of
from convcalc.network.record import INPUT, Step
from convcalc.shapes import Shape, elements, written


def holding(analysis: Analysis, index: int) -> Section | None:
    """Bytes of one image; None for an input, or a layer that could not be sized."""
    row = analysis.rows[index]
    step, layer = row.step, row.step.layer
    if layer is None or step.output is None:
        return None
    parts = () if layer.merges else parts_of(row, analysis.settings.dtype in INFERENCE_ONLY)
    at = next((at for at, part in enumerate(parts) if part.layer.kind == step.kind), 0)
    inputs = (parts[at - 1].output,) if at else row.inputs[: len(step.inputs)]
    if mode_of(analysis.settings).autocast and not analysis.broken:
        apart = taken_apart(analysis) if parts else None
        table = Tabulation(apart.analysis if apart else analysis, training=True)
        tensors = table.layers[apart.ends[index - 1] + 1 + at if apart else index]
        assert tensors is not None, "it is a layer"
        saved, width = tensors.saved, tensors.width
        before = apart.ends if apart else range(len(analysis.rows))
        widths = [width if tensors.cast else table.widths[before[i]] for i in step.inputs]
        under_autocast = _autocast(tensors)
    else:
        width = analysis.settings.number_bytes
        main = parts[at] if parts else Part(layer, step.output)
        saved = main.layer.saved_for_backward(inputs, main.output, row.in_place, width)
        widths, under_autocast = [width] * len(inputs), []
    made = elements(step.output) * width if row.new_volume else 0
    if made:
        output = f"{elements(step.output):,} numbers of {width} bytes = {made:,} bytes an image"
    elif row.in_place:
        output = "its input's own storage: no new bytes"
    else:
        output = "none in use: it does something in training alone"
    lines = [Fact("output", output)]
    steps = analysis.network.steps
    padded = at > 0 and isinstance(parts[at - 1].layer, Pad)
    copied = ("padded copy" if padded else "copy of all windows") if at else ""
    kept = [
        (_called(steps[step.inputs[i]], row.in_place and not i, copied), inputs[i], widths[i])
        for i in saved.inputs
    ]
    if saved.output:
        kept.append(("its output", step.output, width))
    names = [f"{name} {written(shape)}, {_size(shape, own):,} bytes" for name, shape, own in kept]
    own = sum(size.each + size.once for size in saved.kept)
    if own:
        names.append(f"{own:,} bytes of its own{_what(step.kind)}")
    lines.append(Fact("for backward", f"keeps {' and '.join(names) or 'nothing'}"))
    if padded and saved.inputs:
        lines.append(Fact("", "PyTorch's kernel takes no such padding: it pads in a step before"))
    elif at and saved.inputs:
        lines.append(Fact("", "PyTorch has no kernel for it: counted as the code of `export`"))
    elif parts:
        uncut = f"{elements(parts[0].output) * width:,} bytes before that"
        lines.append(Fact("", f"PyTorch cuts in a step behind it: its output takes {uncut}"))
    elif kept and not row.in_place:
        lines.append(Fact("", "a volume counts once, however many layers keep it"))
    lines += under_autocast
    lines += _checkpointed(analysis, index, bool(under_autocast) and bool(row.params))
    total = sum(_size(shape, each) for _, shape, each in kept) + own
    numbers = {"bytes": made, "kept_for_backward": total, "keeps": _kept(saved, bool(at))}
    return Section("in memory", tuple(lines), numbers)


def _autocast(tensors: LayerTensors) -> list[Fact]:
    """What autocast casts for a layer, and how long it lives."""
    wide = "half (2 bytes)" if tensors.width == HALF else "full (4 bytes)"
    lines = [Fact("autocast", f"its output is {wide}")]
    if tensors.casts_parameters:
        text = "its cast weight lives until its backward pass, a cast bias until the loss"
        lines.append(Fact("", text))
    if tensors.cast:
        lines.append(Fact("", f"a cast of its input takes {tensors.cast:,} bytes an image"))
    if tensors.mixed:
        lines.append(Fact("", "a gradient is made full and copied to the width of its input"))
    return lines


def _checkpointed(analysis: Analysis, index: int, casts: bool) -> list[Fact]:
    """That a layer is in a checkpointed segment, and what becomes of it there."""
    network, checkpoint = analysis.network, analysis.settings.checkpoint
    if analysis.broken or not (checkpoint or any(step.checkpoint for step in network.steps)):
        return []
    from convcalc.memory.segments_named import spans  # for few runs

    for first, last in spans(network, checkpoint):
        if first <= index <= last:
            names = f"{network.steps[first].name}..{network.steps[last].name}"
            lines = [
                Fact("checkpoint", f"in segment {names}: keeps nothing in the forward pass"),
                Fact("", "is run again, and keeps the above, before its backward pass"),
            ]
            return [*lines, *([Fact("", "its weight is cast again then")] if casts else [])]
    return []


def _called(source: Step, overwritten: bool, copied: str) -> str:
    """A kept input; one that the layer overwrites was copied first, or what is copied of it."""
    name = "the net's input" if source.kind == INPUT else f"its input {source.name}"
    if copied:
        return f"a {copied} of {name}"
    return f"a copy of {name}" if overwritten and source.kind != INPUT else name


def _size(shape: Shape, width: int) -> int:
    return elements(shape) * width


def _kept(saved: Saved, padded: bool) -> list[str]:
    """What a layer keeps; a padded copy of its input is its own."""
    words = [] if padded else [f"input {position + 1}" for position in saved.inputs]
    own = saved.kept or (padded and saved.inputs)
    return [*words, *(["output"] if saved.output else []), *(["own"] if own else [])]


def _what(kind: str) -> str:
    """What a kind's own kept bytes are."""
    if kind.endswith("max_pool"):
        return ": where each maximum was"
    if kind.endswith("norm"):
        return ": means and deviations"
    return ": its mask" if kind == "dropout" else ""
