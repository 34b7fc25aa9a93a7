"""CSV of `analyze`: one row a layer, exact numbers, for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from convcalc.report.analysis.columns import CSV, named
from convcalc.report.analysis.rows import exact, layer_counts, order, texts
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.palette import PLAIN, Palette

_PART = 1 << 16  #: characters of a part


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """Comma-separated rows under one header; several nets get a leading column of names.

    A text that a spreadsheet would run as a formula is given a leading apostrophe. Conventions
    that were asked for are the last columns, by their names.
    """
    return "".join(parts(view, palette))


def parts(view: AnalysisView, palette: Palette = PLAIN) -> Iterator[str]:
    """The same in parts of whole lines."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several, extras = len(view.nets) > 1, view.nets[0].extras
    labels = [_harmless(convention.label) for convention in extras.conventions]
    fields = tuple(named(name, "csv") for name in extras.columns) or CSV
    writer.writerow([*(["net"] if several else []), *fields, *labels])
    for net in view.nets:
        first = [_harmless(net.name)] if several else []
        names = [step.name for step in net.analysis.network.steps]
        counts = layer_counts(net)
        for index in order(net):
            cells = texts(net.analysis.rows[index], names)
            own = map(exact, counts[index])
            writer.writerow([*first, *(_harmless(cells[field]) for field in fields), *own])
            if out.tell() > _PART:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell
