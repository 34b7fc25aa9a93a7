"""Text of `analyze`: the table, the totals with their units, and what stands out."""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis, Totals
from convcalc.findings import Severity, grave
from convcalc.memory.notes_rule import naive_bytes
from convcalc.memory.precisions import numbers
from convcalc.memory.summary import Memory, memory_of
from convcalc.network.record import INPUT
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.memory_rows import memory_rows
from convcalc.report.analysis.sentences import sentences
from convcalc.report.analysis.table import layer_table
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import count, size
from convcalc.shapes import written

if TYPE_CHECKING:  # counted on request alone
    from convcalc.counting.tally import Count

_SIMULATED = 2000  #: from here on the memory model is left out: it takes as long as all the rest


def reports_text(
    analyses: list[Analysis],
    palette: Palette,
    expand: bool = False,
    extras: Extras = NOTHING_MORE,
) -> str:
    """The reports of several nets, and a table that compares them at the end."""
    asked = extras.timeline or extras.arena or len(analyses) > 1
    memories = [
        memory_of(analysis) if asked or len(analysis.rows) <= _SIMULATED else None
        for analysis in analyses
    ]
    parts = [
        _report(analysis, memory, palette, expand, extras)
        for analysis, memory in zip(analyses, memories, strict=True)
    ]
    if len(analyses) > 1:
        from convcalc.report.analysis.comparison import comparison

        parts.append(comparison(analyses, memories, palette))
    return "\n".join(parts)


def text(
    analysis: Analysis, palette: Palette, expand: bool = False, extras: Extras = NOTHING_MORE
) -> str:
    """The whole report, ready for a terminal of the palette's width."""
    return reports_text([analysis], palette, expand, extras)


def _report(
    analysis: Analysis, memory: Memory | None, palette: Palette, expand: bool, extras: Extras
) -> str:
    counts = _counts(analysis, extras)
    lines = [*_head(analysis, palette), ""]
    lines += layer_table(analysis, palette, expand, extras, counts)
    lines += ["", *_totals(analysis, memory, palette, counts)]
    if memory is not None:
        lines += _on_request(analysis, memory, palette, extras)
    if counts:
        from convcalc.report.counts.text import note_lines

        lines += note_lines(counts, palette)
    remarks = sentences(analysis)
    if remarks:
        lines += ["", *(line for words in remarks for line in hung("", words, palette.width))]
    told = grave(analysis.findings)
    if told:
        from convcalc.report.findings.text import findings_text  # a sound net has no use for it

        source = analysis.network.source
        lines += ["", findings_text(told, {source.path: source}, palette)]
    notes = _notes(analysis)
    if notes:
        lines += ["", *hung("notes", notes, palette.width, 7, palette.paint("notes", "note"))]
    return "\n".join(lines) + "\n"


def _counts(analysis: Analysis, extras: Extras) -> "tuple[Count, ...]":
    """What the conventions that were asked for count on the net."""
    if not extras.conventions:
        return ()
    from convcalc.report.counts.view import counted

    return counted(analysis, extras.conventions)


def _head(analysis: Analysis, palette: Palette) -> list[str]:
    network, settings = analysis.network, analysis.settings
    inputs = [row.step for row in analysis.rows if row.step.kind == INPUT]
    shapes = ", ".join(
        written(step.output) if len(inputs) == 1 else f"{step.name} {written(step.output)}"
        for step in inputs
        if step.output
    )
    name = network.name or network.source.path
    title = palette.paint(name, "title")
    lines = [f"{title}  input {shapes or '?'}, batch {settings.batch}, {numbers(settings)}"]
    if network.origin:
        lines.append(palette.paint(_clipped(network.origin, palette.width), "dim"))
    return lines


def _clipped(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else text[: width - 3] + "..."


def _on_request(analysis: Analysis, memory: Memory, palette: Palette, extras: Extras) -> list[str]:
    lines: list[str] = []
    if extras.timeline:
        from convcalc.report.analysis.timeline import timeline_text

        runs = {"a step of training": memory.training, "inference": memory.inference}
        for run, account in runs.items():
            if account is not None:
                title = f"live bytes through {run}, batch {analysis.settings.batch}"
                lines += ["", *timeline_text(title, analysis, account, palette)]
    if extras.arena:
        from convcalc.report.analysis.arena import arena_text

        lines += ["", *arena_text(analysis, memory, palette)]
    return lines


def _totals(
    analysis: Analysis, memory: Memory | None, palette: Palette, counts: "tuple[Count, ...]" = ()
) -> list[str]:
    """The totals; without `memory`, of a long net, the rule of thumb stands for it."""
    notes = naive_bytes(analysis)
    totals, settings = analysis.totals, analysis.settings
    if notes is None or totals.params is None or totals.macs is None or not totals.activations:
        known = sum(row.step.output is not None for row in analysis.rows[1:])
        return [f"{known} of {totals.layers} layers could be sized; no totals of an unfinished net"]
    others = [count.operations or 0 for count in counts]
    numbers = (totals.activations, totals.params, totals.macs, *others)
    wide = max(10, *(len(f"{n:,}") for n in numbers))
    room = (palette.width or 100) - wide - 15
    rows = [
        ("layers", f"{totals.layers:,}", "without the input"),
        (
            "activations",
            f"{totals.activations:,}",
            f"{size(totals.activations * settings.number_bytes)} an image; "
            "the input and every new volume",
        ),
        (
            "params",
            f"{totals.params:,}",
            _kinds_of(totals, f"{size(notes.parameters)}; ", room),
        ),
    ]
    if totals.buffers:
        rows.append(("buffers", f"{totals.buffers:,}", "running means and variances, not learned"))
    remark = "multiply-accumulates of weights an image"
    rows.append(("MACs", f"{totals.macs:,}", f"M: {remark}" if counts else remark))
    if totals.macs_backward:
        rows.append(("backward", f"{totals.macs_backward:,}", "MACs of the backward pass"))
    if counts:
        from convcalc.report.counts.text import total_rows

        rows += total_rows(counts, totals.params)
    if memory is not None:
        rows += memory_rows(analysis, memory, room)
    else:
        rule = "by CS231n's rule of thumb; so long a net"
        rows.append(("training", size(notes.training), rule))
        rows.append(("", "", "is simulated by `--format json` and `convcalc fit`"))
    lines = []
    named = max(11, *(len(name) for name, _, _ in rows))
    for name, number, remark in rows:
        label, value = f"{name:{named}}", f"  {number:>{wide}}  "
        painted = f"{palette.paint(label, 'bold')}{value}"
        lines += hung(label + value, remark, palette.width, painted=painted)
    return lines


def _kinds_of(totals: Totals, head: str, room: int) -> str:
    """What the parameters are, exactly where there is room for it."""
    kinds = ((totals.weights, "weights"), (totals.biases, "biases"), (totals.norm, "norm"))
    texts = [
        head + (" + ".join(f"{write(n)} {what}" for n, what in kinds if n) or "none")
        for write in ("{:,}".format, count)
    ]
    return next((text for text in texts if len(text) <= room), texts[-1])


def _notes(analysis: Analysis) -> str:
    counts: dict[str, int] = {}
    for finding in analysis.findings:
        if finding.severity is Severity.NOTE:
            counts[finding.name] = counts.get(finding.name, 0) + 1
    if not counts:
        return ""
    listed = ", ".join(f"{number} {name}" for name, number in counts.items())
    return f": {listed}; `convcalc check` shows each"
