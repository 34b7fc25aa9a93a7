"""Markdown of `analyze`: a table a net, for a step summary or a comment."""

from collections.abc import Iterator

from convcalc.analysis.record import Row
from convcalc.findings import worst_first
from convcalc.report.analysis.columns import MARKDOWN, named
from convcalc.report.analysis.rows import layer_counts, order, texts
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.parts import in_parts

#: The titles of Markdown's columns, where they are not their names.
_HEADS = {"name": "layer", "description": "what it is", "macs": "MACs"}
_WORDS = frozenset({"name", "kind", "description", "inputs", "output", "in_place"})


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """Tables with totals, one a net; errors and warnings below each."""
    return "".join(parts(view, palette))


def parts(view: AnalysisView, palette: Palette = PLAIN) -> Iterator[str]:
    """The same in parts of whole lines."""
    for number, net in enumerate(view.nets):
        if number:
            yield "\n"
        yield from in_parts(_table(net))


def _table(net: NetView) -> Iterator[str]:
    """The lines of one net's table."""
    totals, extras = net.analysis.totals, net.extras
    labels = [escaped(convention.label) for convention in extras.conventions]
    counts = layer_counts(net)
    fields = tuple(named(name, "markdown") for name in extras.columns) or MARKDOWN
    heads = [_HEADS.get(field, field.replace("_", " ")) for field in fields]
    rules = ["---" if field in _WORDS else "---:" for field in fields]
    yield f"### {escaped(net.name)}"
    yield ""
    yield "| " + " | ".join((*heads, *labels)) + " |"
    yield "|" + "|".join((*rules, *["---:"] * len(labels))) + "|"
    names = [step.name for step in net.analysis.network.steps]
    for index in order(net):
        row = net.analysis.rows[index]
        written = texts(row, names)
        cells = [_cell(row, field, written[field]) for field in fields]
        yield "| " + " | ".join((*cells, *map(_grouped, counts[index]))) + " |"
    columns = zip(*counts, strict=True)
    sums = [None if None in column else sum(n or 0 for n in column) for column in columns]
    known = {**totals._asdict(), "name": "**total**", "description": f"{totals.layers} layers"}
    total = [_total(known[field]) if field in known else "" for field in fields] + [
        _total(number) for number in sums
    ]
    yield f"| {' | '.join(total)} |".replace("|  |", "| |")
    if net.faults:
        from convcalc.report.findings.markdown import findings_table  # only where it is needed

        yield ""
        yield from findings_table(worst_first(net.faults))[:-1]


def _cell(row: Row, field: str, text: str) -> str:
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
