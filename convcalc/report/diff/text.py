"""Text of `diff`: what came, what went, what changed, what that did downstream, the totals."""

from collections.abc import Sequence

from convcalc.report.diff import view
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import PLAIN, Palette

_LAYER = (
    Column(""),
    Column("layer", least=16),
    Column("what it is", rank=1),
    Column("output"),
    Column("cost", rank=2),
)
_CHANGE = (
    Column(""),
    Column("layer", least=16),
    Column("what it is", wraps=True),
    Column("output", rank=1),
    Column("cost", rank=2),
)
_TOTAL = (
    Column(""),
    Column("before", right=True, rank=1),
    Column("after", right=True),
    Column("change", right=True),
    Column("", right=True, rank=2),
)
_MOST = 12  #: layers of one sort that are written out
_ROLES = {"removed": "removed", "added": "added", "changed": "changed", "downstream": "dim"}


def render(shown: view.DiffView, palette: Palette = PLAIN) -> str:
    """The whole comparison."""
    return "\n".join(comparison(shown, palette)) + "\n"


def comparison(shown: view.DiffView, palette: Palette) -> list[str]:
    """Its lines."""
    difference = shown.difference
    lines = [palette.paint(view.title(difference), "title"), ""]
    if view.is_equal(difference):
        lines += ["no layer differs", ""]
    own = [c for c in difference.changed if not c.ripple]
    ripple = [c for c in difference.changed if c.ripple]
    most = len(difference.before.rows) + len(difference.after.rows) if shown.expand else _MOST
    for what, sign, rows in (
        ("removed", "-", [view.layer_cells(row) for row in difference.removed]),
        ("added", "+", [view.layer_cells(row) for row in difference.added]),
    ):
        lines += _part(what, sign, rows, _LAYER, most, palette)
    cells = [view.change_cells(c) for c in own]
    lines += _part("changed", "~", cells, _CHANGE, most, palette)
    cells = [view.change_cells(c) for c in ripple]
    lines += _part("downstream", " ", cells, _CHANGE, most, palette)
    lines += lay_out(_TOTAL, [view.total_cells(t) for t in difference.totals], palette)
    lines += ["", *extra] if (extra := view.remarks(difference)) else []
    for verdict in view.verdicts(shown.passed):
        lines += ["", f"{palette.paint('error', 'error')}: {verdict}"]
    lines += ["", *extra] if (extra := view.broken(difference)) else []
    return lines


def _part(
    what: str,
    sign: str,
    rows: Sequence[tuple[str, ...]],
    columns: tuple[Column, ...],
    most: int,
    palette: Palette,
) -> list[str]:
    """One sort of layers under its heading, cut with a count."""
    if not rows:
        return []
    layers = "1 layer" if len(rows) == 1 else f"{len(rows):,} layers"
    head = palette.paint(f"{what}: {layers}", "bold")
    lines = lay_out(columns, [(sign, *row) for row in rows[:most]], palette)[1:]
    table = [palette.paint(line, _ROLES[what]) for line in lines]
    more = [f"   ... and {len(rows) - most:,} more (--expand)"] if len(rows) > most else []
    return [head, *table, *more, ""]
