"""The screen of `watch`: a fault above the last good view, and what the last save changed."""

from collections.abc import Callable

from convcalc.difference import Difference
from convcalc.findings import Severity
from convcalc.report.analysis.text import text as analysis_text
from convcalc.report.diff import view
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.findings.text import findings_text
from convcalc.report.formats import rendered
from convcalc.report.sizes.view import SizesView
from convcalc.source import Source
from convcalc.study.errors import NetError, RequestError
from convcalc.study.outcome import Case, Outcome
from convcalc.study.watched import Watched

_COLUMNS = (
    Column(""),
    Column("layer"),
    Column("what it is", rank=1),
    Column("output"),
    Column("cost"),
)
_MOST = 8  #: changed layers that are listed


def _table(outcome: Outcome, palette: Palette) -> str:
    return analysis_text(outcome.analysis, palette)


def _memory(outcome: Outcome, palette: Palette) -> str:
    from convcalc.report.analysis.timeline import timeline_text

    memory, analysis = outcome.memory, outcome.analysis
    if memory is None:
        return "no memory of a net that could not be sized\n"
    lines: list[str] = []
    for run, account in (("a step of training", memory.training), ("inference", memory.inference)):
        if account is not None:
            title = f"live bytes through {run}, batch {analysis.settings.batch}"
            lines += [*timeline_text(title, analysis, account, palette), ""]
    return "\n".join(lines) + "\n"


def _findings(outcome: Outcome, palette: Palette) -> str:
    source = outcome.network.source
    found = outcome.findings
    return findings_text(found, {source.path: source}, palette) if found else "no findings\n"


def _sizes(outcome: Outcome, palette: Palette) -> str:
    from convcalc.study.sizes import sizes

    try:
        found = sizes(Case(outcome.network, outcome.case.settings))
    except (NetError, RequestError) as error:
        return f"{error}\n"
    network = found.outcome.network
    view = SizesView(network, found.found, found.asked, found.square)
    return rendered("sizes", "text", view, palette)


#: The views by their keys: the name, and what it shows of the last good version.
VIEWS: dict[str, tuple[str, Callable[[Outcome, Palette], str]]] = {
    "t": ("table", _table),
    "m": ("memory", _memory),
    "f": ("findings", _findings),
    "s": ("sizes", _sizes),
}


def body(watched: Watched, key: str, palette: Palette) -> str:
    """All that there is to see; scrolled and cut by whoever shows it."""
    parts = [part for part in (fault(watched, palette), changed(watched.changes, palette)) if part]
    if watched.good is not None:
        name, shown = VIEWS[key]
        if not watched.current:
            parts.append(palette.paint(f"the {name} before this fault", "dim") + "\n")
        parts.append(shown(watched.good, palette))
    return "\n".join(parts)


def fault(watched: Watched, palette: Palette) -> str:
    """What is wrong with the version of the last save; '' where nothing is."""
    if watched.refusal:
        return f"{palette.paint('error', 'error')}: {watched.refusal}\n"
    errors = tuple(f for f in watched.findings if f.severity is Severity.ERROR)
    if not errors or watched.current:
        return ""
    return findings_text(errors, _sources(watched), palette)


def _sources(watched: Watched) -> dict[str, Source]:
    """The text of the last save, read once more: the last good version is another."""
    from convcalc.study.load import load

    try:
        source = load(watched.case.subject, watched.case.overrides, watched.case.trusted)
    except RequestError:
        return {}
    found = source.network.source
    return {found.path: found}


def changed(changes: Difference | None, palette: Palette) -> str:
    """The layers that the last save changed, with old and new numbers, and the totals."""
    if changes is None:
        return ""
    rows = [("-", *view.layer_cells(row)) for row in changes.removed]
    rows += [("+", *view.layer_cells(row)) for row in changes.added]
    own = sorted(changes.changed, key=lambda change: change.ripple)
    rows += [("" if c.ripple else "~", *view.change_cells(c)) for c in own]
    lines = [
        palette.paint("since the last save", "bold"),
        *lay_out(_COLUMNS, rows[:_MOST], palette)[1:],
    ]
    if len(rows) > _MOST:
        lines.append(f"  ... and {len(rows) - _MOST:,} more layers")
    for total in changes.totals:
        name, before, after, change, share = view.total_cells(total)
        if change:
            lines.append(
                f"  {name}: {before} -> {after} ({' '.join(filter(None, (change, share)))})"
            )
    return "\n".join(lines) + "\n"


def foot(watched: Watched, key: str, palette: Palette) -> str:
    """The last line: how things are, and the keys."""
    errors = sum(f.severity is Severity.ERROR for f in watched.findings)
    state = "cannot be read" if watched.refusal else f"{errors} error{'s'[errors == 1 :]}"
    if watched.ok:
        state = "no errors"
    saves = f"{watched.saves} save{'s'[watched.saves == 1 :]}"
    keys = "  ".join(
        f"[{k}] {name}" if k == key else f"{k} {name}" for k, (name, _) in VIEWS.items()
    )
    line = f"{saves}, {state}   {keys}   arrows scroll   q quit"
    if palette.width is not None and len(line) >= palette.width:
        line = f"{state}   {keys}   q quit"
    return palette.paint(line if palette.width is None else line[: palette.width - 1], "bold")
