"""CSV and Markdown: one row a layer, exact numbers, for spreadsheets and pull requests."""

import csv
import io
from collections.abc import Sequence

from convcalc.analysis.record import Analysis, Row
from convcalc.findings import grave, worst_first
from convcalc.network.record import INPUT
from convcalc.report.analysis.columns import CSV, MARKDOWN, named, sorted_rows
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.shapes import written


def csv_table(analyses: list[Analysis], extras: Extras = NOTHING_MORE) -> str:
    """Comma-separated rows under one header; several nets get a leading column of names.

    A text that a spreadsheet would run as a formula is given a leading apostrophe. Conventions
    that were asked for are the last columns, by their names.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = len(analyses) > 1
    labels = [_harmless(convention.label) for convention in extras.conventions]
    fields = _fields(extras, CSV)
    writer.writerow([*(["net"] if several else []), *fields, *labels])
    for analysis in analyses:
        net = [_harmless(analysis.network.name or analysis.network.source.path)] if several else []
        names = [step.name for step in analysis.network.steps]
        counts = _counts(analysis, extras)
        for index in _order(analysis, extras):
            cells = dict(zip(CSV, _cells(analysis.rows[index], names), strict=True))
            own = map(_exact, counts[index])
            writer.writerow([*net, *(_harmless(cells[field]) for field in fields), *own])
    return out.getvalue()


def _fields(extras: Extras, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that were asked for, else the usual ones."""
    return tuple(named(name, "csv") for name in extras.columns) or usual


def _order(analysis: Analysis, extras: Extras) -> Sequence[int]:
    """The rows in the order that was asked for, else the net's."""
    return sorted_rows(analysis.rows, extras.sort) if extras.sort else range(len(analysis.rows))


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


#: The titles of Markdown's columns, where they are not their names.
_HEADS = {"name": "layer", "description": "what it is", "macs": "MACs"}
_WORDS = frozenset({"name", "kind", "description", "inputs", "output", "in_place"})


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
    fields = _fields(extras, MARKDOWN)
    heads = [_HEADS.get(field, field.replace("_", " ")) for field in fields]
    rules = ["---" if field in _WORDS else "---:" for field in fields]
    lines = [
        f"### {escaped(analysis.network.name or analysis.network.source.path)}",
        "",
        "| " + " | ".join((*heads, *labels)) + " |",
        "|" + "|".join((*rules, *["---:"] * len(labels))) + "|",
    ]
    names = [step.name for step in analysis.network.steps]
    for index in _order(analysis, extras):
        row = analysis.rows[index]
        texts = dict(zip(CSV, _cells(row, names), strict=True))
        cells = [_markdown_cell(row, field, texts[field]) for field in fields]
        lines.append("| " + " | ".join((*cells, *map(_grouped, counts[index]))) + " |")
    columns = zip(*counts, strict=True)
    sums = [None if None in column else sum(n or 0 for n in column) for column in columns]
    known = {**totals._asdict(), "name": "**total**", "description": f"{totals.layers} layers"}
    total = [_total(known[field]) if field in known else "" for field in fields] + [
        _total(number) for number in sums
    ]
    lines.append(f"| {' | '.join(total)} |".replace("|  |", "| |"))
    told = grave(analysis.findings)
    if told:
        from convcalc.report.findings.markdown import findings_table  # which imports this module

        lines += ["", *findings_table(worst_first(told))[:-1]]
    return "\n".join(lines) + "\n"


def _markdown_cell(row: Row, field: str, text: str) -> str:
    """A cell for people: thousands apart, unknown numbers as question marks."""
    if field == "activations":
        return "in place" if not row.new_volume else _grouped(row.activations)
    if field in _WORDS:
        return escaped(text) or ("?" if field == "output" else "")
    if field in _SUMMED:
        return f"{int(text):,}" if text else "?"
    return text


_SUMMED = frozenset({"weights", "biases", "norm", "params", "buffers", "macs"})


def _total(value: int | str | None) -> str:
    if isinstance(value, str):
        return value
    return "?" if value is None else f"**{value:,}**"


def _grouped(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no links, mentions, tables or HTML of a stranger's."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+!|~@" else c for c in text)
