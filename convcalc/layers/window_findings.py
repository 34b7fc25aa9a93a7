"""What is said of windows with a remainder: a finding for each grade, with its arithmetic."""

from typing import TYPE_CHECKING

from convcalc.findings import Severity
from convcalc.layers.base import SizeFinding
from convcalc.quantity import counted
from convcalc.shapes import axis_names
from convcalc.window import Grade, Rounding, Window

if TYPE_CHECKING:
    from convcalc.layers.windowed import Windowed

_NOUNS = {"height": "row", "width": "column", "depth": "slice", "length": "position"}

_GRADES = {
    Grade.DOES_NOT_FIT: ("CC102", "kernel"),
    Grade.INPUT_LOST: ("CC103", "stride"),
    Grade.PADDING_UNUSED: ("CC104", "pad"),
    Grade.SUB_SAMPLING: ("CC105", "stride"),
    Grade.OVERHANG: ("CC106", "kernel"),
    Grade.GRIDDING: ("CC112", "dilation"),
}


def graded(
    layer: "Windowed", windows: tuple[Window, ...], rounding: Rounding
) -> tuple[SizeFinding, ...]:
    """The findings of inexact windows; axes that share their numbers share a finding.

    Under ``exact`` every remainder is one error, CC101; under ``floor`` and ``ceil`` the grade
    decides (format.md, The window rule).
    """
    names = axis_names(len(windows))
    groups: dict[Window, list[str]] = {}
    for name, window in zip(names, windows, strict=True):
        if window.grade is not Grade.EXACT:
            groups.setdefault(window, []).append(name)
    strict = rounding is Rounding.EXACT and layer.pad != "same"
    findings = []
    for window, axes in groups.items():
        code, option = _GRADES[window.grade]
        severity = _severity(window.grade, strict)
        if window.grade is Grade.DOES_NOT_FIT:
            message, label = _does_not_fit(window, axes, rounding)
        elif window.grade is Grade.GRIDDING:
            severity = Severity.NOTE
            message, label = _gridding(window, axes)
        else:
            message, label = _inexact(window, axes, strict)
            if strict:
                code, option = "CC101", "stride" if layer.steps != (1,) else "kernel"
        findings.append(SizeFinding(code, severity, message, option, label))
        if window.factor > 1 and severity is not Severity.ERROR and code != "CC112":
            message, label = _gridding(window, axes)
            findings.append(SizeFinding("CC112", Severity.NOTE, message, "dilation", label))
    return tuple(findings)


def _severity(grade: Grade, strict: bool) -> Severity:
    if strict or grade is Grade.DOES_NOT_FIT:
        return Severity.ERROR
    return Severity.WARNING if grade is Grade.INPUT_LOST else Severity.NOTE


def _gridding(window: Window, axes: list[str]) -> tuple[str, str]:
    message = (
        f"gridding: stride {window.stride} and dilation {window.dilation} have the factor "
        f"{window.factor} in common: {_between(window, axes)}"
    )
    return message, f"1 position in {window.factor} is read"


def _between(window: Window, axes: list[str]) -> str:
    nouns = " and ".join(_NOUNS.get(axis, "position") + "s" for axis in axes)
    return f"{window.unread} of {window.size} {nouns} are never read"


def _does_not_fit(window: Window, axes: list[str], rounding: Rounding) -> tuple[str, str]:
    pad = f"2*{window.begin}" if window.begin == window.end else f"{window.begin} + {window.end}"
    padded = window.size + window.begin + window.end
    taps = str(window.extent)
    if window.dilation > 1:
        taps = f"{window.dilation}*({window.kernel} - 1) + 1 = {taps}"
    message = f"window {taps} does not fit: input {window.size} + {pad} padding = {padded}"
    message = f"{message} ({' and '.join(axes)})"
    if rounding is Rounding.CEIL and window.extent - padded < window.stride:
        message += "; PyTorch's ceil_mode gives 1 position here"
    return message, f"needs {window.extent}, has {padded}"


def _inexact(window: Window, axes: list[str], strict: bool) -> tuple[str, str]:
    equation = f"{window.equation} = {window.quotient}"
    effect = loss(window, axes)
    if strict:
        message = f"output size is not an integer: {equation} ({' and '.join(axes)}; "
        message += f"{window.grade.value}: {effect})"
    else:
        message = f"{window.grade.value}: {effect}; {equation} -> {window.output}"
        message += f" ({' and '.join(axes)})"
    return message, f"= {window.quotient}"


def loss(window: Window, axes: list[str]) -> str:
    """What an inexact window does with the edge, in a reader's words."""
    match window.grade:
        case Grade.INPUT_LOST:
            lost = " and ".join(counted(window.lost, _NOUNS.get(axis, "position")) for axis in axes)
            return f"{lost} never read"
        case Grade.GRIDDING:
            return _between(window, axes)
        case Grade.PADDING_UNUSED:
            return _padding_unread(window.remainder, axes)
        case Grade.SUB_SAMPLING:
            return f"stride {window.stride} skips input, window {window.extent}"
        case Grade.OVERHANG:
            return f"the last window hangs {window.overhang} over the edge"
        case _:
            return ""


def _padding_unread(number: int, axes: list[str]) -> str:
    """``the last row and column of padding are never read``."""
    nouns = [_NOUNS.get(axis, "position") for axis in axes]
    last = " and ".join(nouns if number == 1 else [counted(number, noun) for noun in nouns])
    one = number == 1 and len(nouns) == 1
    return f"the last {last} of padding {'is' if one else 'are'} never read"
