"""Text of `verify`: every layer with its time and rate, then what agrees and what does not."""

from convcalc.findings import plain
from convcalc.network.record import INPUT
from convcalc.report.drawing.columns import Column, hung, lay_out, titled
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import count, percent, size
from convcalc.report.verify.view import Refused
from convcalc.shapes import elements, written
from convcalc.verify.checks import Shortage
from convcalc.verify.record import Observed, Verification
from convcalc.verify.reduce import MOST

_COLUMNS = (
    Column("layer"),
    Column("what it is", rank=1, least=12),
    Column("observed"),
    Column(""),
    Column("ms", right=True),
    Column("MACs/s", right=True),
    Column("workspace", right=True, rank=4),
    Column("share of time", rank=6),
)
_BAR = 20


def render(found: Verification | Refused, palette: Palette = PLAIN) -> str:
    """The report of a run, or why there was none."""
    if isinstance(found, Refused):
        from convcalc.report.findings.text import findings_text  # only where it is needed

        source = found.analysis.network.source
        return findings_text(found.findings, {source.path: source}, palette) + "\n"
    lines = [*_head(found, palette), "", *_table(found, palette), "", *_summary(found, palette)]
    return "\n".join(lines) + "\n"


def shortage_text(lacks: Shortage) -> str:
    """What a run lacks and the ways out, in one line."""
    if lacks.layer:
        ways = f"a smaller window, stride or padding of {plain(lacks.layer)}, or a smaller --input"
    elif lacks.whole:
        ways = "--dtype float16" if lacks.parameters > lacks.free else "a smaller --input"
    elif lacks.parameters > lacks.free:
        ways = "some of the --layers, or --dtype float16"
    else:
        ways = "a smaller --input or --batch, or some of the --layers"
    of_it = f"{size(lacks.parameters)} of it parameters"
    if lacks.layer:
        of_it += f" and {size(lacks.workspace)} what {plain(lacks.layer)} works in"
    return f"the run needs {size(lacks.needs)}, {of_it}; {size(lacks.free)} are free: try {ways}"


def _head(found: Verification, palette: Palette) -> list[str]:
    network, settings = found.analysis.network, found.analysis.settings
    shapes = [written(s.output) for s in network.steps if s.kind == INPUT and s.output]
    part = f", {len(found.layers)} of its layers" if found.partial else ""
    text = f"input {', '.join(shapes)}, batch {settings.batch}, {settings.dtype}{part}"
    parts = [text, *found.origin.parts, *_reduced(found)]
    return titled(network.name or network.source.path, ", ".join(parts), palette)


def _reduced(found: Verification) -> list[str]:
    """What --reduced did; nothing where it is not asked for."""
    own = found.origin
    if own.reduced_from:
        return [f"reduced from {written(own.reduced_from)}"]
    if not own.reduced:
        return []
    macs = found.analysis.totals.macs or 0
    return [
        f"not reduced: {count(macs)} MACs are few"
        if macs <= MOST
        else "not reduced: no smaller input is legal"
    ]


def _table(found: Verification, palette: Palette) -> list[str]:
    whole = round(found.seconds * 1e6)
    mark = "\u2713" if palette.unicode else "ok"
    rows = [
        (
            one.row.step.name,
            one.row.step.words(),
            written(one.shape),
            "differs" if one.faults else mark,
            f"{one.seconds * 1e3:.2f}",
            count(one.macs_per_second) if one.row.macs else "",
            size(one.workspace) if one.workspace else "",
            palette.bar(round(one.seconds * 1e6), whole, _BAR),
        )
        for one in found.layers
    ]
    table = lay_out(_COLUMNS, rows, palette)
    for number, one in enumerate(found.layers, 1):
        if one.faults:
            table[number] = palette.paint(table[number], "error")
    return table


def _summary(found: Verification, palette: Palette) -> list[str]:
    peak = found.peak
    faults = [one for one in found.layers if one.faults]
    lines = [
        f"{palette.paint(one.row.step.name, 'error')}: {fault}"
        for one in faults
        for fault in one.faults
    ]
    lines += [
        f"{palette.paint(one.name, 'error')}: "
        f"backward pass is {one.error:.1g} off finite differences"
        for one in found.gradients
        if not one.agrees
    ]
    lines += [""] if lines else []
    agree = len(found.layers) - len(faults)
    lines += _line(
        palette, "layers", f"{agree} of {len(found.layers)} agree", _checked(found.layers)
    )
    share = peak.predicted - peak.plan
    lines += _line(
        palette,
        "peak",
        f"{size(peak.observed)} observed",
        f"{size(peak.predicted)} predicted: {size(peak.plan)} of the plan"
        + (f", {size(share)} workspace" if share else ""),
    )
    more = peak.observed - peak.predicted
    if 0 < abs(more) <= peak.allowance:
        word = "more" if more > 0 else "less"
        text = f"{size(abs(more))} {word}; Python's own objects may take {size(peak.allowance)}"
        lines += _line(palette, "", "", text)
    if peak.framework is not None and peak.framework != peak.plan:
        text = f"{size(peak.framework)} in PyTorch, which makes indices and other passing arrays"
        lines += _line(palette, "", "", text)
    if found.gradients:
        lines += _gradients(found, palette)
    lines += _line(
        palette,
        "speed",
        f"{found.seconds * 1e3:.1f} ms",
        f"{count(found.macs_per_second)} MACs/s, "
        f"{percent(found.macs_per_second, found.product_rate)} of a plain matrix product "
        f"({count(found.product_rate)})",
    )
    return lines


def _gradients(found: Verification, palette: Palette) -> list[str]:
    agree = sum(one.agrees for one in found.gradients)
    worst = max(one.error for one in found.gradients)
    text = f"convs and max pools against finite differences, at most {worst:.1g} off"
    return _line(palette, "backward", f"{agree} of {len(found.gradients)} agree", text)


def _checked(layers: tuple[Observed, ...]) -> str:
    numbers = sum(elements(one.shape) * one.images for one in layers)
    return f"shape, count, finite numbers and memory; {count(numbers)} numbers computed"


def _line(palette: Palette, name: str, value: str, remark: str) -> list[str]:
    label, number = f"{name:10}", f"{value:<20}  "
    painted = f"{palette.paint(label, 'bold')}{number}"
    return hung(label + number, remark, palette.width, painted=painted)
