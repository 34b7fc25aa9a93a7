"""Markdown of `diff`, for a step summary or a comment: the totals first, the layers folded."""

from convcalc.report.diff import view
from convcalc.report.drawing.fitting import fitting
from convcalc.report.drawing.markdown import escaped
from convcalc.report.drawing.palette import PLAIN, Palette

_MOST = 100  #: layers that are written out


def render(shown: view.DiffView, palette: Palette = PLAIN) -> str:
    """The whole comparison."""
    return "\n".join(comparison(shown))


def comparison(shown: view.DiffView) -> list[str]:
    """Its lines."""
    difference = shown.difference
    lines = [f"### {escaped(view.title(difference))}", ""]
    lines += [f"**{escaped(verdict)}**\n" for verdict in view.verdicts(shown)]
    lines += [f"**{escaped(text)}**\n" for text in view.broken(difference)]
    lines += ["| | before | after | change | |", "|---|---:|---:|---:|---:|"]
    lines += [_row(view.total_cells(total)) for total in difference.totals]
    of = (len(difference.removed), len(difference.added), len(difference.changed))
    layers = [("-", *view.layer_cells(row)) for row in difference.removed[:_MOST]]
    layers += [("+", *view.layer_cells(row)) for row in difference.added[:_MOST]]
    for change in difference.changed[:_MOST]:
        layers.append(("" if change.ripple else "~", *view.change_cells(change)))
    if not layers:
        return [*lines, "", "no layer differs", ""]
    counts = f"{of[1]} added, {of[0]} removed, {of[2]} changed"
    lines += ["", f"<details><summary>{counts}</summary>", ""]
    lines += ["| | layer | what it is | output | cost |", "|---|---|---|---|---|"]
    rows = [_row(cells) for cells in layers[:_MOST]]
    del rows[fitting(rows) :]
    lines += rows
    lines += ["", f"... and {left} more"] if (left := sum(of) - len(rows)) else []
    return [*lines, "", "</details>", ""]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |"
