"""CSV and Markdown: one row a layer, exact numbers, for spreadsheets and pull requests."""

import csv
import io

from convcalc.analysis.record import Analysis, Row
from convcalc.findings import grave, worst_first
from convcalc.network.record import INPUT
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.shapes import written

_FIELDS = (
    "name", "kind", "description", "inputs", "output", "activations", "in_place", "weights",
    "biases", "norm", "params", "buffers", "macs", "receptive_field", "effective_stride", "line",
)  # fmt: skip


def csv_table(analyses: list[Analysis], extras: Extras = NOTHING_MORE) -> str:
    """Comma-separated rows under one header; several nets get a leading column of names.

    A text that a spreadsheet would run as a formula is given a leading apostrophe. Conventions
    that were asked for are the last columns, by their names.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = len(analyses) > 1
    labels = [_harmless(convention.label) for convention in extras.conventions]
    writer.writerow([*(["net"] if several else []), *_FIELDS, *labels])
    for analysis in analyses:
        net = [_harmless(analysis.network.name or analysis.network.source.path)] if several else []
        names = [step.name for step in analysis.network.steps]
        counts = _counts(analysis, extras)
        for row, own in zip(analysis.rows, counts, strict=True):
            cells = [*map(_harmless, _cells(row, names)), *map(_exact, own)]
            writer.writerow([*net, *cells])
    return out.getvalue()


def _counts(analysis: Analysis, extras: Extras) -> list[tuple[int | None, ...]]:
    """What every layer counts by the conventions that were asked for."""
    if not extras.conventions:
        return [()] * len(analysis.rows)
    from convcalc.report.counts.view import counted

    return [*zip(*(c.layers() for c in counted(analysis, extras.conventions)), strict=True)]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def _cells(row: Row, names: list[str]) -> list[str]:
    step, own = row.step, row.parameters
    return [
        step.name,
        step.kind,
        step.words(),
        " ".join(names[i] for i in step.inputs),
        written(step.output) if step.output else "",
        _exact(row.activations),
        "" if row.activations is None else "true" if row.in_place else "false",
        *(_exact(n) for n in (own[:3] if own else (None,) * 3)),
        _exact(row.params),
        _exact(own.buffers if own else None),
        _exact(row.macs),
        "x".join(str(axis.size) for axis in row.receptive_field),
        "x".join(str(axis.stride) for axis in row.receptive_field),
        "" if step.kind == INPUT else str(step.place.line or ""),
    ]


def _exact(number: int | None) -> str:
    return "" if number is None else str(number)


_HEADS = ("layer", "what it is", "output", "activations", "params", "MACs")


def markdown_table(analyses: list[Analysis], extras: Extras = NOTHING_MORE) -> str:
    """Markdown tables with totals, one a net, for a step summary or a comment.

    Errors and warnings stand below.
    """
    if extras.reconcile:
        from convcalc.report.counts.markdown import counts_markdown

        return "\n".join(counts_markdown(net, extras.conventions) for net in analyses)
    return "\n".join(_markdown(analysis, extras) for analysis in analyses)


def _markdown(analysis: Analysis, extras: Extras) -> str:
    totals = analysis.totals
    labels = [escaped(convention.label) for convention in extras.conventions]
    counts = _counts(analysis, extras)
    lines = [
        f"### {escaped(analysis.network.name or analysis.network.source.path)}",
        "",
        "| " + " | ".join((*_HEADS, *labels)) + " |",
        "|---|---|---|---:|---:|---:|" + "---:|" * len(labels),
    ]
    for row, own in zip(analysis.rows, counts, strict=True):
        step = row.step
        cells = (
            escaped(step.name),
            escaped(step.words()),
            written(step.output) if step.output else "?",
            "in place" if not row.new_volume else _grouped(row.activations),
            _grouped(row.params),
            _grouped(row.macs),
            *map(_grouped, own),
        )
        lines.append("| " + " | ".join(cells) + " |")
    columns = zip(*counts, strict=True)
    sums = [None if None in column else sum(n or 0 for n in column) for column in columns]
    numbers = (totals.activations, totals.params, totals.macs, *sums)
    total = [f"**{_grouped(n)}**" if n is not None else "?" for n in numbers]
    lines.append(f"| **total** | {totals.layers} layers | | {' | '.join(total)} |")
    told = grave(analysis.findings)
    if told:
        from convcalc.report.findings.markdown import findings_table  # which imports this module

        lines += ["", *findings_table(worst_first(told))[:-1]]
    return "\n".join(lines) + "\n"


def _grouped(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no links, mentions, tables or HTML of a stranger's."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+!|~@" else c for c in text)
