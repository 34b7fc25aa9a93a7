"""Text of `diff`: what came, what went, what changed, what that did downstream, the totals."""

from collections.abc import Sequence

from convcalc.difference.record import LayerChange
from convcalc.report.diff import view
from convcalc.report.drawing.columns import Column, lay_out, said_of, titled
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
    lines = [*titled(view.title(difference), "", palette), ""]
    if view.is_equal(difference):
        lines += ["no layer differs", ""]
    own: list[LayerChange] = []
    ripple: list[LayerChange] = []
    for change in difference.changed:
        (ripple if change.ripple else own).append(change)
    most = len(difference.before.rows) + len(difference.after.rows) if shown.expand else _MOST
    left: list[str] = []
    for what, sign, rows in ("removed", "-", difference.removed), ("added", "+", difference.added):
        cells = [(sign, *view.layer_cells(row)) for row in rows[:most]]
        lines += _part(what, cells, len(rows), _LAYER, palette, left)
    for what, sign, changes in ("changed", "~", own), ("downstream", " ", ripple):
        cells = [(sign, *view.change_cells(change)) for change in changes[:most]]
        lines += _part(what, cells, len(changes), _CHANGE, palette, left)
    totals = [view.total_cells(t) for t in difference.totals]
    lines += lay_out(_TOTAL, totals, palette, left)
    lines += said_of(left, palette)
    lines += ["", *extra] if (extra := view.remarks(difference)) else []
    for verdict in view.verdicts(shown):
        lines += ["", f"{palette.paint('error', 'error')}: {verdict}"]
    lines += ["", *extra] if (extra := view.broken(difference)) else []
    return lines


def _part(
    what: str,
    rows: Sequence[tuple[str, ...]],
    count: int,
    columns: tuple[Column, ...],
    palette: Palette,
    left: list[str],
) -> list[str]:
    """One sort of layers under its heading, cut with a count of all of them."""
    if not rows:
        return []
    layers = "1 layer" if count == 1 else f"{count:,} layers"
    head = palette.paint(f"{what}: {layers}", "bold")
    lines = lay_out(columns, rows, palette, left)[1:]
    table = [palette.paint(line, _ROLES[what]) for line in lines]
    more = [f"   ... and {count - len(rows):,} more (--expand)"] if count > len(rows) else []
    return [head, *table, *more, ""]
