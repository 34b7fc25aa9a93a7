"""How the layer's output gets its size: the window equation of each axis, as the engine has it."""

from convcalc.analysis.record import Row
from convcalc.explain.record import Fact, Section
from convcalc.layers.window_findings import loss
from convcalc.shapes import Shape, axis_names, elements, written
from convcalc.window import Grade, Window


def sizing(row: Row, inputs: tuple[Shape, ...]) -> Section:
    """Inputs, the equation of each axis, and the output."""
    size, output = row.step.size, row.step.output
    reads = " and ".join(map(written, inputs)) or "nothing"
    lines = [Fact("input", reads)] if inputs else []
    axes = axis_names(len(size.windows or size.formulas))
    for axis, window in zip(axes, size.windows, strict=bool(size.windows)):
        lines.append(Fact(axis, window.formula + _remark(axis, window)))
    if not size.windows:
        lines += [Fact(axis, text) for axis, text in zip(axes, size.formulas, strict=True)]
    if size.windows:
        lines.append(Fact("", _letters(size.windows)))
    lines += [Fact(finding.severity.value, finding.message) for finding in size.findings]
    if output is None:
        lines.append(Fact("output", "unknown: the layer cannot be sized"))
    else:
        lines.append(Fact("output", f"{written(output)}{_kept(row, inputs, output)}"))
    numbers = {
        "input": [list(shape) for shape in inputs],
        "output": list(output) if output else None,
        "formulas": [w.formula for w in size.windows] or list(size.formulas),
    }
    return Section("size", tuple(lines), numbers)


def _remark(axis: str, window: Window) -> str:
    if window.grade is Grade.EXACT or window.output is None:  # which its formula says already
        return ""
    effect = loss(window, [axis])
    return f"  ({window.grade.value}{f': {effect}' if effect else ''})"


def _letters(windows: tuple[Window, ...]) -> str:
    """What the numbers in the equations are, in the notes' letters."""
    first = windows[0]
    named = (
        ("W", "input", [w.size for w in windows]),
        ("F", "kernel", [w.kernel for w in windows]),
        ("S", "stride", [w.stride for w in windows]),
    )
    parts = [f"{letter} = {_one(sizes)} ({word})" for letter, word, sizes in named]
    if any(w.begin != w.end for w in windows):
        sides = ", ".join(f"{w.begin} and {w.end}" for w in windows)
        parts.append(f"P = {sides} (padding at the begin and end of each axis)")
    else:
        parts.append(f"P = {_one([w.begin for w in windows])} (padding)")
    if any(w.dilation > 1 for w in windows):
        taps = _one([w.dilation for w in windows])
        parts.append(f"dilation {taps}: {first.kernel} taps span {first.extent} positions")
    return ", ".join(parts)


def _one(sizes: list[int]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else "x".join(map(str, sizes))


def _kept(row: Row, inputs: tuple[Shape, ...], output: Shape) -> str:
    """What a pool throws away, as the notes count it."""
    if not row.step.kind.endswith("_pool") or not inputs:
        return ""
    before, after = elements(inputs[0]), elements(output)
    if after >= before:
        return ""
    discarded = 100 * (before - after) / before
    return f", {after:,} of {before:,} numbers: {discarded:.4g} % are discarded"
