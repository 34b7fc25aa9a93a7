"""Nets with errors: the same located text wherever they stop a command, and exit code 1."""

import sys

import click

from convcalc.cli.output import Output
from convcalc.cli.streams import FaultyError
from convcalc.findings import ON_TOTALS, errors_and_warnings, plain, worst_first
from convcalc.study.errors import AnsweredError, NetError
from convcalc.study.outcome import Outcome


def faulty(error: NetError, out: Output) -> FaultyError:
    """What to raise where a net has errors: its findings as `check` writes them."""
    if out.quiet:
        return FaultyError("")
    from convcalc.report.findings.text import findings_text  # a sound net has no use for it

    source = error.outcome.network.source
    shown = worst_first(errors_and_warnings(error.findings))
    palette = out.palette(sys.stderr)
    text = findings_text(shown, {source.path: source}, palette)
    return FaultyError(f"{text}\n{said}" if (said := _refused(error)) else text)


def _refused(error: NetError) -> str:
    """The way out where a net is whole and a total alone is not what its file states.

    '' where the command has answered, and where the errors themselves say what to change.
    """
    outcome = error.outcome
    if isinstance(error, AnsweredError) or not outcome.on_totals_alone:
        return ""
    keys = dict.fromkeys(ON_TOTALS[found.code] for found in outcome.errors)
    if not keys:
        return ""
    named = " and ".join(f"`{key}`" for key in keys)
    command = click.get_current_context().info_name
    return (
        f"nothing was written or run: `convcalc {command}` takes nets without errors, what they "
        f"state of totals included; correct {named} in {plain(outcome.network.source.path)}, "
        "or take it out"
    )


def refuse_errors(outcome: Outcome) -> None:
    """End a command that has answered what it could about a net.

    Raises:
        AnsweredError: the net has errors.
    """
    if not outcome.ok:
        raise AnsweredError(outcome, outcome.analysis.findings)
