"""Text of `analyze`: the table, the totals with their units, and what stands out."""

from convcalc.analysis.record import Analysis, Sight
from convcalc.findings import Severity
from convcalc.memory.notes_rule import naive_bytes
from convcalc.report.columns import Column, lay_out
from convcalc.report.findings_text import findings_text
from convcalc.report.fold import Line, folded, unfolded
from convcalc.report.palette import Palette
from convcalc.report.sentences import sentences
from convcalc.report.units import count, size
from convcalc.shapes import written
from convcalc.spec.network import INPUT

_COLUMNS = (
    Column("layer", least=20),
    Column("what it is", rank=1, least=18),
    Column("output"),
    Column("activations", right=True),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("field", right=True, rank=4),
    Column("memory", right=True, rank=5),
    Column("share of activations", rank=6),
)
_BAR = 20
_MANY = 300  #: from here on a table is plain: numbers as they are, no bars


def reports_text(analyses: list[Analysis], palette: Palette, expand: bool = False) -> str:
    """The reports of several nets, and a table that compares them at the end."""
    parts = [text(analysis, palette, expand) for analysis in analyses]
    if len(analyses) > 1:
        from convcalc.report.comparison import comparison

        parts.append(comparison(analyses, palette))
    return "\n".join(parts)


def text(analysis: Analysis, palette: Palette, expand: bool = False) -> str:
    """The whole report, ready for a terminal of the palette's width."""
    lines = [*_head(analysis, palette), "", *_table(analysis, palette, expand)]
    lines += ["", *_totals(analysis, palette)]
    remarks = sentences(analysis)
    if remarks:
        lines += ["", *remarks]
    grave = [f for f in analysis.findings if f.severity is not Severity.NOTE]
    if grave:
        source = analysis.network.source
        lines += ["", findings_text(grave, {source.path: source}, palette)]
    notes = _notes(analysis)
    if notes:
        lines += ["", palette.paint("notes", "note") + notes]
    return "\n".join(lines) + "\n"


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
    lines = [f"{title}  input {shapes or '?'}, batch {settings.batch}, {settings.dtype}"]
    if network.origin:
        lines.append(palette.paint(_clipped(network.origin, palette.width), "dim"))
    return lines


def _clipped(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else text[: width - 3] + "..."


def _table(analysis: Analysis, palette: Palette, expand: bool) -> list[str]:
    lines = unfolded(analysis) if expand else folded(analysis)
    plain = len(lines) > _MANY
    exact = palette.width is None or palette.width >= 110
    total = analysis.totals.activations
    rows = []
    for line in lines:
        numbers = (line.activations, line.params, line.macs)
        cells = [_number(n, exact) for n in numbers]
        if line.in_place and not line.broken:
            cells[0] = "in place"
        share = "" if plain or total is None else palette.bar(line.counted, total, _BAR)
        rows.append(
            (
                line.name,
                f"{line.copies} x {line.what}" if line.copies > 1 else line.what,
                written(line.output) if line.output else "?",
                *cells,
                _field(line.sight),
                _memory(line, analysis),
                share,
            )
        )
    table = lay_out(_COLUMNS, rows, palette)
    for number, line in enumerate(lines, 1):
        if line.broken:
            table[number] = palette.paint(table[number], "error")
        elif line.in_place:
            table[number] = palette.paint(table[number], "dim")
    return table


def _number(number: int | None, exact: bool) -> str:
    if number is None:
        return "?"
    if not number:
        return ""
    return f"{number:,}" if exact else count(number)


def _field(sight: tuple[Sight, ...]) -> str:
    sizes = [str(axis.size) for axis in sight]
    return "x".join(sizes) if len(set(sizes)) > 1 or len(sizes) == 1 else (sizes or [""])[0]


def _memory(line: Line, analysis: Analysis) -> str:
    settings = analysis.settings
    held = line.counted * settings.number_bytes * settings.batch
    return size(held) if held else ""


def _totals(analysis: Analysis, palette: Palette) -> list[str]:
    totals, settings = analysis.totals, analysis.settings
    naive = naive_bytes(analysis)
    if naive is None or totals.params is None or totals.macs is None:
        known = sum(row.step.output is not None for row in analysis.rows[1:])
        return [f"{known} of {totals.layers} layers could be sized; no totals of an unfinished net"]
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (totals.weights, "weights"),
            (totals.biases, "biases"),
            (totals.norm, "of norm layers"),
        )
        if number
    ]
    rows = [
        ("layers", f"{totals.layers:,}", "without the input"),
        (
            "activations",
            f"{totals.activations:,}",
            f"{size(naive.activations // settings.batch)} an image; the input and every new volume",
        ),
        (
            "params",
            f"{totals.params:,}",
            f"{size(naive.parameters)}; {' + '.join(parts) or 'none'}",
        ),
    ]
    if totals.buffers:
        rows.append(("buffers", f"{totals.buffers:,}", "running means and variances, not learned"))
    rows.append(("MACs", f"{totals.macs:,}", "multiply-accumulates of weights an image"))
    rows.append(
        (
            "memory",
            size(naive.training),
            f"training with {settings.optimizer}, {size(naive.inference)} inference: "
            "the notes' rule of thumb",
        )
    )
    wide = max(len(number) for _, number, _ in rows)
    return [
        f"{palette.paint(f'{name:11}', 'bold')}  {number:>{wide}}  {remark}"
        for name, number, remark in rows
    ]


def _notes(analysis: Analysis) -> str:
    counts: dict[str, int] = {}
    for finding in analysis.findings:
        if finding.severity is Severity.NOTE:
            counts[finding.name] = counts.get(finding.name, 0) + 1
    if not counts:
        return ""
    listed = ", ".join(f"{number} {name}" for name, number in counts.items())
    return f": {listed}; `convcalc check` shows each"
