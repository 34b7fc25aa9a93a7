"""Markdown of `diff`, for a step summary or a comment: the totals first, the layers folded."""

from convcalc.difference import Allowance, Difference, Total
from convcalc.report.analysis.tables import escaped
from convcalc.report.diff import view

_MOST = 100  #: layers that are written out


def render(difference: Difference, passed: list[tuple[Allowance, Total]]) -> str:
    """The whole comparison."""
    lines = [f"### {escaped(view.title(difference))}", ""]
    lines += [f"**{escaped(verdict)}**\n" for verdict in view.verdicts(passed)]
    lines += [f"**{escaped(told)}**\n" for told in view.broken(difference)]
    lines += ["| | before | after | change | |", "|---|---:|---:|---:|---:|"]
    lines += [_row(view.total_cells(total)) for total in difference.totals]
    layers = [("-", *view.layer_cells(row)) for row in difference.removed]
    layers += [("+", *view.layer_cells(row)) for row in difference.added]
    for change in difference.changed:
        layers.append(("" if change.ripple else "~", *view.change_cells(change)))
    if not layers:
        return "\n".join([*lines, "", "no layer differs", ""])
    told = f"{len(difference.added)} added, {len(difference.removed)} removed, "
    told += f"{len(difference.changed)} changed"
    lines += ["", f"<details><summary>{told}</summary>", ""]
    lines += ["| | layer | what it is | output | cost |", "|---|---|---|---|---|"]
    lines += [_row(cells) for cells in layers[:_MOST]]
    lines += ["", f"... and {len(layers) - _MOST} more"] if len(layers) > _MOST else []
    return "\n".join([*lines, "", "</details>", ""])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |"
