"""An analysis as an HTML table, for notebooks. Every text of a spec is escaped."""

from html import escape

from convcalc.analysis.record import Analysis
from convcalc.findings import grave, plain
from convcalc.memory.moments import moment_words
from convcalc.memory.summary import Memory
from convcalc.report.analysis.fold import Line, folded
from convcalc.report.drawing.units import size
from convcalc.shapes import written

_HEADS = ("layer", "what it is", "output", "activations", "params", "MACs", "field")
_MOST = 400  #: rows that a notebook shows
_LEFT = ' style="text-align: left"'


def html_report(analysis: Analysis, memory: Memory | None = None) -> str:
    """Title, table and totals, memory, and what is wrong, if anything is."""
    network, totals = analysis.network, analysis.totals
    name = _text(network.name or network.source.path)
    heads = "".join(f"<th{_LEFT if i < 3 else ''}>{head}</th>" for i, head in enumerate(_HEADS))
    lines = folded(analysis)
    rows = "".join(_row(line) for line in lines[:_MOST])
    if len(lines) > _MOST:
        rows += f"<tr><td{_LEFT} colspan=7>... and {len(lines) - _MOST} more</td></tr>"
    numbers = (totals.activations, totals.params, totals.macs)
    total = "".join(f"<th>{_number(number)}</th>" for number in numbers)
    return (
        f"<div><strong>{name}</strong> {_text(_settings(analysis))}{_findings(analysis)}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot><tr><th{_LEFT}>total</th><th{_LEFT} colspan=2>{totals.layers:,} layers</th>"
        f"{total}<th></th></tr></tfoot></table>{_memory(analysis, memory)}</div>"
    )


def _settings(analysis: Analysis) -> str:
    """What the bytes are for."""
    settings = analysis.settings
    return f"batch {settings.batch:,}, {settings.dtype}, {settings.optimizer}"


def _memory(analysis: Analysis, memory: Memory | None) -> str:
    """Both peaks, each with the layer where it is."""
    if memory is None:
        return ""
    runs = [("inference", memory.inference), ("training", memory.training)]
    parts = [
        f"{run} {size(account.peak)} at its peak {moment_words(analysis, account.at)}"
        for run, account in runs
        if account is not None
    ]
    return f"<p>memory: {_text('; '.join(parts))}</p>"


def _row(line: Line) -> str:
    what = f"{line.copies} x {line.what}" if line.copies > 1 else line.what
    texts = (line.name, what, written(line.output) if line.output else "?")
    cells = "".join(f"<td{_LEFT}>{_text(text)}</td>" for text in texts)
    activations = "in place" if line.in_place and not line.broken else _number(line.activations)
    numbers = (activations, _number(line.params), _number(line.macs))
    field = "x".join(str(axis.size) for axis in line.receptive_field)
    return f"<tr>{cells}{''.join(f'<td>{number}</td>' for number in (*numbers, field))}</tr>"


def _findings(analysis: Analysis) -> str:
    told = grave(analysis.findings)
    items = "".join(
        f"<li>{finding.severity.value}[{finding.code}] "
        f"{f'line {finding.span.line}: ' if finding.span else ''}{_text(finding.message)}</li>"
        for finding in told[:20]
    )
    return f"<ul>{items}</ul>" if items else ""


def _number(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _text(text: str) -> str:
    return escape(plain(text))
