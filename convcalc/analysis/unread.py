"""Layers that read nothing of their input: all windows on an axis lie in the padding.

Their output is the same for every input. The window rule grades the far edge alone: a window may
come out exactly and step over the whole input.
"""

from convcalc.findings import Finding, Severity
from convcalc.layers.field_step import FieldStep
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape, axis_names
from convcalc.window import Window

_MOST = 100_000  #: outputs that are looked at


def axes_unread(steps: tuple[FieldStep, ...], shape: Shape, output: Shape) -> tuple[int, ...]:
    """The axes on which no output of a layer reads a position of its input."""
    if len(steps) != len(output) - 1 or len(shape) != len(output):
        return ()
    return tuple(
        axis
        for axis, (step, size, count) in enumerate(zip(steps, shape, output, strict=False))
        if (step.begin >= step.extent or step.apart > 1 or step.fields)
        and step.stride
        and not _reads(step, size, count)
    )


def _reads(step: FieldStep, size: int, count: int) -> bool:
    first = 0
    if not step.fields:  # from the first window that ends in the input on
        first = max(int((step.begin - step.extent) // step.stride), 0)
    outputs = range(first, count)
    for output in outputs[:_MOST]:
        begin, last = step.window(output)
        if begin >= size and not step.fields:
            return False
        tap = begin - (min(begin, 0) // step.apart) * step.apart  # the first one in the input
        if tap <= min(last, size - 1):
            return True
    return len(outputs) > _MOST


def nothing_read(network: Network, step: Step, axes: tuple[int, ...], shape: Shape) -> Finding:
    """The warning of a layer that reads nothing on some axes."""
    names = axis_names(len(shape) - 1)
    named = " and ".join(names[axis] for axis in axes)
    why = "every window lies" if step.size.windows else "all that is left of the output lies"
    where = "in the padding" if step.size.windows else "between the taps"
    gives = "-inf" if step.kind == "max_pool" else "the same"
    message = f"input lost: {why} {where} ({named}): {step.name} gives {gives} for every input"
    return network.finding(
        step, "CC103", Severity.WARNING, message, "reads no input", _help(step, axes), option="pad"
    )


def some_unread(network: Network, step: Step) -> list[Finding]:
    """The warning of a max pool some of whose dilated windows step over the whole input."""
    if step.kind != "max_pool":
        return []
    names = axis_names(len(step.size.windows))
    for axis, window in enumerate(step.size.windows):
        if window.dilation <= window.size:  # two taps in a row have one in the input between them
            continue
        count = window.output or 0
        dark = sum(not _has_tap(window, output) for output in range(min(count, _MOST)))
        if 0 < dark < count:
            message = (
                f"{dark:,} of {count:,} windows read nothing of the input ({names[axis]} "
                f"{window.size}, taps {window.dilation} apart): {step.name} gives -inf there"
            )
            label, help = "windows of padding alone", _help(step, (axis,))
            severity = Severity.WARNING
            return [
                network.finding(step, "CC103", severity, message, label, help, option="dilation")
            ]
    return []


def _has_tap(window: Window, output: int) -> bool:
    """Whether a window reads a position of the input."""
    begin = output * window.stride - window.begin
    tap = begin - (min(begin, 0) // window.dilation) * window.dilation
    return tap <= min(begin + window.extent, window.size) - 1


def _help(step: Step, axes: tuple[int, ...]) -> tuple[str, ...]:
    if not step.size.windows:  # a transposed convolution: its padding cuts
        return ("a smaller `pad`",)
    window = step.size.windows[axes[0]]
    if window.dilation > 1:
        return ("`dilation: 1` leaves no gaps between the taps",)
    return (f"`pad: {window.kernel - 1}`" + " or less" * (window.kernel > 1),)
