"""What a layer holds in memory: its output, and what it keeps until its backward pass has run."""

from convcalc.analysis.record import Analysis
from convcalc.explain.record import Line, Section
from convcalc.layers.saved import Saved
from convcalc.network.record import INPUT, Step
from convcalc.shapes import Shape, elements, written


def holding(analysis: Analysis, index: int) -> Section | None:
    """Bytes of one image; None for an input, or a layer that could not be sized."""
    row, width = analysis.rows[index], analysis.settings.number_bytes
    step, layer = row.step, row.step.layer
    if layer is None or step.output is None:
        return None
    inputs = row.inputs[: len(step.inputs)]
    saved = layer.saved_for_backward(inputs, step.output, row.in_place, width)
    made = elements(step.output) * width if row.new_volume else 0
    if made:
        output = f"{elements(step.output):,} numbers of {width} bytes = {made:,} bytes an image"
    elif row.in_place:
        output = "its input's own storage: no new bytes"
    else:
        output = "none in use: it does something in training alone"
    lines = [Line("output", output)]
    steps = analysis.network.steps
    kept = [
        (_called(steps[step.inputs[i]], row.in_place and not i), inputs[i]) for i in saved.inputs
    ]
    if saved.output:
        kept.append(("its output", step.output))
    names = [f"{name} {written(shape)}, {_size(shape, width):,} bytes" for name, shape in kept]
    own = sum(size.each + size.once for size in saved.kept)
    if own:
        names.append(f"{own:,} bytes of its own{_what(step.kind)}")
    lines.append(Line("for backward", f"keeps {' and '.join(names) or 'nothing'}"))
    if kept and not row.in_place:
        lines.append(Line("", "a volume counts once, however many layers keep it"))
    total = sum(_size(shape, width) for _, shape in kept) + own
    numbers = {"bytes": made, "kept_for_backward": total, "keeps": _kept(saved)}
    return Section("in memory", tuple(lines), numbers)


def _called(source: Step, overwritten: bool) -> str:
    """A kept input; one that the layer overwrites was copied first."""
    if source.kind == INPUT:
        return "the net's input"
    return f"a copy of its input {source.name}" if overwritten else f"its input {source.name}"


def _size(shape: Shape, width: int) -> int:
    return elements(shape) * width


def _kept(saved: Saved) -> list[str]:
    words = [f"input {position + 1}" for position in saved.inputs]
    return [*words, *(["output"] if saved.output else []), *(["own"] if saved.kept else [])]


def _what(kind: str) -> str:
    """What a kind's own kept bytes are."""
    if kind.endswith("max_pool"):
        return ": where each maximum was"
    if kind.endswith("norm"):
        return ": means and deviations"
    return ": its mask" if kind == "dropout" else ""
