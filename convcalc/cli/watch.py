"""`convcalc watch SPEC`: analyze again whenever a spec is saved."""

import gc
import os
import sys
from typing import TYPE_CHECKING

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.case import one_case
from convcalc.cli.options import SpecOptions, settings_options, spec_options
from convcalc.cli.output import failed, palette, write
from convcalc.cli.saves import Saves
from convcalc.cli.wanted import Wanted, code_options, configuration, selection
from convcalc.findings import plain
from convcalc.study import watched as study
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case
from convcalc.study.watched import Watched

if TYPE_CHECKING:
    from convcalc.report.drawing.palette import Palette


@click.command(
    "watch",
    epilog="""\b
Examples:
  convcalc watch mynet.yaml
  convcalc watch mynet.yaml --batch 64 --optimizer adam
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@code_options
@spec_options
@settings_options
def command(specs: tuple[str, ...], wanted: Wanted, given: SpecOptions, settings: Settings) -> int:
    """Analyze a file again in place whenever it is saved.

    The last good table stays beside a new fault; what the last save changed is marked in it. Keys:
    t table, m memory, f findings, s sizes, arrows scroll, q quits. Piped, a line each change.
    Exits 1 where the last version has errors.
    """
    try:
        import watchfiles  # noqa: F401 - an extra
    except ImportError as error:
        raise failed("watch needs watchfiles: pip install 'convcalc[watch]'") from error
    case = one_case(specs, given, settings)
    if given.net is not None:
        raise click.UsageError("watch follows a file that is saved again: --net has none")
    path = case.subject
    if not isinstance(path, str) or not os.path.isfile(path):
        raise failed(_no_file(path))
    gc.enable()  # a run of hours, unlike others
    case, saves = _selected(case, wanted), Saves(path)
    try:
        first = study.begin(case)
    except RequestError as error:
        raise failed(str(error)) from error
    if sys.stdout.isatty() and sys.stdin and sys.stdin.isatty() and os.name == "posix":
        from convcalc.cli.watch_screen import show

        last = show(first, saves, lambda now: study.saved(_again(now, wanted)))
    else:
        last = _lines(first, saves, wanted)
    return int(not last.ok)


def _no_file(path: object) -> str:
    """What to say of a subject that is not a file."""
    from convcalc.study.nearby import file_meant

    close = file_meant(path) if isinstance(path, str) else ""
    hint = f"did you mean {plain(close)}?" if close else "watch follows a file that is saved again"
    return f"{path} is not a file: {hint}"


def _selected(case: Case, wanted: Wanted) -> Case:
    return case._replace(selection=selection(configuration(), wanted, {}))


def _again(now: Watched, wanted: Wanted) -> Watched:
    """The same watch under the configuration as it is now; a broken one changes nothing."""
    try:
        return now._replace(case=_selected(now.case, wanted))
    except click.ClickException:
        return now


def _lines(now: Watched, saves: Saves, wanted: Wanted) -> Watched:
    """The table, then what each save changes, for a pipe; ends with Ctrl-C or with its reader."""
    colours = palette("auto", None)
    write(_report(now, colours, None), None)
    sys.stdout.flush()
    try:
        for saved in saves.follow():
            if saved:
                before, now = now, study.saved(_again(now, wanted))
                write(_report(now, colours, before), None)
                sys.stdout.flush()
            elif _unread():
                break
    except KeyboardInterrupt:
        pass
    return now


def _unread() -> bool:
    """Whether nobody reads standard output any more."""
    import select

    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return bool(poll.poll(0))
    except (AttributeError, OSError, ValueError):  # a system without poll, no output at all
        return False


def _report(now: Watched, colours: "Palette", before: Watched | None) -> str:
    """The whole at first and after the first save that can be read, else what a save changes."""
    from convcalc.report.watch import screen

    if before is None:
        text = screen.body(now, "t", colours)
    elif fault := screen.fault(now, colours):
        text = f"save {now.saves}\n{fault}"
    elif before.good is None:
        text = f"save {now.saves}\n{screen.body(now, 't', colours)}"
    else:
        changed = screen.changed(now.changes, colours)
        text = f"save {now.saves}\n{changed or 'no layer differs'}"
    return text.rstrip() + "\n"
