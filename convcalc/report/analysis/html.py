"""An analysis as an HTML table, for notebooks. Every text of a spec is escaped."""

from html import escape

from convcalc.analysis.record import Analysis
from convcalc.findings import plain
from convcalc.memory.moments import moment_words
from convcalc.report.analysis.fold import TableLine
from convcalc.report.analysis.view import NetView
from convcalc.report.drawing.units import size
from convcalc.shapes import written

_HEADS = ("layer", "what it is", "output", "activations", "params", "MACs", "field")
_MOST = 400  #: rows that a notebook shows
_LEFT = ' style="text-align: left"'


def render(net: NetView) -> str:
    """Title, what is wrong, if anything is, graph, table and totals, memory."""
    totals, settings = net.analysis.totals, net.analysis.settings
    heads = "".join(f"<th{_LEFT if i < 3 else ''}>{head}</th>" for i, head in enumerate(_HEADS))
    lines = net.lines()
    rows = "".join(_row(line) for line in lines[:_MOST])
    if len(lines) > _MOST:
        rows += f"<tr><td{_LEFT} colspan=7>... and {len(lines) - _MOST} more</td></tr>"
    numbers = (totals.activations, totals.params, totals.macs)
    total = "".join(f"<th>{_number(number)}</th>" for number in numbers)
    shown = f"batch {settings.batch:,}, {settings.dtype}, {settings.optimizer}"
    return (
        f"<div><strong>{_text(net.name)}</strong> {_text(shown)}{_findings(net)}"
        f"{_graph(net.analysis, len(lines))}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot><tr><th{_LEFT}>total</th><th{_LEFT} colspan=2>{totals.layers:,} layers</th>"
        f"{total}<th></th></tr></tfoot></table>{_memory(net)}</div>"
    )


def _graph(analysis: Analysis, lines: int) -> str:
    """The graph with its blocks closed, as `convcalc report` draws it; none of a very long net."""
    if lines > _MOST:
        return ""
    from convcalc.report.page.svg import graph_svg

    return f'<div style="overflow-x: auto">{graph_svg([analysis])}</div>'


def _memory(net: NetView) -> str:
    """Both peaks, each with the layer where it is."""
    memory = net.memory
    if memory is None:
        return ""
    runs = [("inference", memory.inference), ("training", memory.training)]
    parts = [
        f"{run} {size(account.peak)} at its peak {moment_words(net.analysis, account.at)}"
        for run, account in runs
        if account is not None
    ]
    return f"<p>memory: {_text('; '.join(parts))}</p>"


def _row(line: TableLine) -> str:
    what = f"{line.copies} x {line.what}" if line.copies > 1 else line.what
    output = written(line.output) if line.output else "error" if line.at_fault else "?"
    left = "".join(f"<td{_LEFT}>{_text(text)}</td>" for text in (line.name, what, output))
    activations = "in place" if line.in_place and not line.broken else _number(line.activations)
    numbers = (activations, _number(line.params), _number(line.macs), line.field)
    return f"<tr>{left}{''.join(f'<td>{number}</td>' for number in numbers)}</tr>"


def _number(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _findings(net: NetView) -> str:
    items = "".join(
        f"<li>{finding.severity.value}[{finding.code}] "
        f"{f'line {finding.span.line}: ' if finding.span else ''}{_text(finding.message)}</li>"
        for finding in net.faults[:20]
    )
    return f"<ul>{items}</ul>" if items else ""


def _text(text: str) -> str:
    return escape(plain(text))
