"""Nets with errors: the same located text wherever they stop a command, and exit code 1."""

import sys

from convcalc.cli.output import Output
from convcalc.cli.streams import FaultyError
from convcalc.findings import errors_and_warnings, worst_first
from convcalc.study.errors import NetError
from convcalc.study.outcome import Outcome


def faulty(error: NetError, out: Output) -> FaultyError:
    """What to raise where a net has errors: its findings as `check` writes them."""
    if out.quiet:
        return FaultyError("")
    from convcalc.report.findings.text import findings_text  # a sound net has no use for it

    source = error.outcome.network.source
    shown = worst_first(errors_and_warnings(error.findings))
    return FaultyError(findings_text(shown, {source.path: source}, out.palette(sys.stderr)))


def refuse_errors(outcome: Outcome) -> None:
    """End a command that has answered what it could about a net.

    Raises:
        NetError: the net has errors.
    """
    outcome.sound()
