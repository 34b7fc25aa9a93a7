"""The screen of `watch`: a fault above the last good view, and what the last save changed."""

from collections.abc import Callable

from convcalc.difference.record import Difference
from convcalc.findings import Severity
from convcalc.quantity import counted
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.diff import view
from convcalc.report.drawing.columns import Column, hung, lay_out, said_of, wrapped
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
    Column("layer", least=12, is_name=True),
    Column("what it is", rank=1),
    Column("output"),
    Column("cost", wraps=True),
)
_MOST = 8  #: changed layers that are listed


def _table(watched: Watched, outcome: Outcome, palette: Palette) -> str:
    before = None if watched.changes is None else NetView(watched.changes.before)
    shown = AnalysisView((NetView(outcome.analysis, before=before),))
    return rendered("analyze", "text", shown, palette)


def _memory(watched: Watched, outcome: Outcome, palette: Palette) -> str:
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


def _findings(watched: Watched, outcome: Outcome, palette: Palette) -> str:
    source = outcome.network.source
    found = outcome.findings
    return findings_text(found, {source.path: source}, palette) if found else "no findings\n"


def _sizes(watched: Watched, outcome: Outcome, palette: Palette) -> str:
    from convcalc.study.sizes import sizes

    try:
        found = sizes(Case(outcome.network, outcome.case.settings))
    except (NetError, RequestError) as error:
        return "\n".join(hung("", str(error), palette.width)) + "\n"
    network = found.outcome.network
    view = SizesView(network, found.found, found.asked, found.square)
    text = rendered("sizes", "text", view, palette)
    if outcome.is_model_file:  # a key is to be answered at once
        said = "the layers of its own size, sized again: `convcalc sizes` reads the file at each"
        text += "\n".join(["", *hung("", said, palette.width), ""])
    return text


_TABLE = "t"
#: The views by their keys: the name, and what it shows of the last good version.
VIEWS: dict[str, tuple[str, Callable[[Watched, Outcome, Palette], str]]] = {
    _TABLE: ("table", _table),
    "m": ("memory", _memory),
    "f": ("findings", _findings),
    "s": ("sizes", _sizes),
}


def body(watched: Watched, key: str, palette: Palette) -> str:
    """All that there is to see; scrolled and cut by whoever shows it."""
    marked = key == _TABLE  # its lines show what changed of the layers
    text = changed(watched.changes, palette, layers=not marked)
    parts = [part for part in (fault(watched, palette), text) if part]
    if watched.good is not None:
        name, shown = VIEWS[key]
        if not watched.current:
            parts.append(palette.paint(f"the {name} before this fault", "dim") + "\n")
        parts.append(shown(watched, watched.good, palette))
    return "\n".join(parts)


def fault(watched: Watched, palette: Palette) -> str:
    """What is wrong with the version of the last save; '' where nothing is."""
    if watched.refusal:
        return _refused(watched.refusal, palette)
    # the table shows those of its own layers
    below = watched.good.analysis.findings if watched.current and watched.good else ()
    errors = tuple(f for f in watched.findings if f.severity is Severity.ERROR and f not in below)
    if not errors:
        return ""
    return findings_text(errors, _sources(watched), palette)


def _refused(why: str, palette: Palette) -> str:
    """The one sentence in as many lines as it needs: long ones end at the edge of the screen."""
    painted = f"{palette.paint('error', 'error')}: "
    return "\n".join(hung("error: ", why, palette.width, painted=painted)) + "\n"


def _sources(watched: Watched) -> dict[str, Source]:
    """The text of the last save, read once more: the last good version is another."""
    from convcalc.study.load import load

    try:
        source = load(watched.case.subject, watched.case.overrides, watched.case.trusted)
    except RequestError:
        return {}
    found = source.network.source
    return {found.path: found}


def changed(changes: Difference | None, palette: Palette, layers: bool = True) -> str:
    """The layers that the last save changed, with old and new numbers, and the totals."""
    if changes is None:
        return ""
    rows = [("-", *view.layer_cells(row)) for row in changes.removed]
    rows += [("+", *view.layer_cells(row)) for row in changes.added]
    own = sorted(changes.changed, key=lambda change: change.ripple)
    rows += [("" if c.ripple else "~", *view.change_cells(c)) for c in own]
    lines = [palette.paint("since the last save", "bold")]
    left: list[str] = []
    if layers:
        lines += lay_out(_COLUMNS, rows[:_MOST], palette, left)[1:]
    if layers and len(rows) > _MOST:
        lines.append(f"  ... and {counted(len(rows) - _MOST, 'more layer')}")
    for total in changes.totals:
        name, before, after, change, share = view.total_cells(total)
        if change:
            sizes, grown = f"{name}: {before} -> {after}", " ".join(filter(None, (change, share)))
            line = f"  {sizes} ({grown})"
            short = palette.width is not None and len(line) > palette.width
            lines += [f"  {sizes}", f"    ({grown})"] if short else [line]
    return "\n".join([*wrapped(lines, palette), *said_of(left, palette)]) + "\n"


def foot(watched: Watched, key: str, palette: Palette) -> str:
    """The last line: how things are, and the keys."""
    errors = sum(f.severity is Severity.ERROR for f in watched.findings)
    state = "cannot be read" if watched.refusal else counted(errors, "error")
    if watched.ok:
        state = "no errors"
    saves = counted(watched.saves, "save")
    keys = "  ".join(
        f"[{k}] {name}" if k == key else f"{k} {name}" for k, (name, _) in VIEWS.items()
    )
    room = 200 if palette.width is None else palette.width - 1
    lines = (
        f"{saves}, {state}   {keys}   arrows scroll   q quit",
        f"{saves}, {state}   {keys}   q quit",
        f"{state}   {keys}   q quit",
        f"{state}  {keys.replace('  ', ' ')}  q quit",
        f"{keys}   q quit",
    )
    line = next((line for line in lines if len(line) <= room), lines[-1])
    return palette.paint(line[:room], "bold")
