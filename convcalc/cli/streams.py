"""stdout and stderr as they are: a terminal or not, closed, full, or with nobody who reads.

Loaded by every run, so it imports what it needs where it is used.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import click


def columns_asked() -> int:
    """The width that ``COLUMNS`` asks for, of help and of results alike; 0 for none."""
    text = os.environ.get("COLUMNS", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def tell(text: str) -> None:
    """A remark for people on stderr: one line, or as many as a terminal needs for whole words."""
    from convcalc.escape import plain_line

    with heard_or_not():
        click.echo(fitted(plain_line(text)), err=True)


def fitted(text: str) -> str:
    """Lines for stderr, broken between words where it is a terminal, which breaks words."""
    if sys.stderr is None or not sys.stderr.isatty():
        return text
    from convcalc.cli.output import palette
    from convcalc.report.drawing.columns import wrapped

    return "\n".join(wrapped(text.split("\n"), palette("never", None, sys.stderr)))


@contextmanager
def drained() -> Iterator[None]:
    """What is written to stdout inside: a reader who is gone changes no exit code."""
    try:
        yield
    except BrokenPipeError:
        drop_output()


def drop_output() -> None:
    """What is still in the buffer goes nowhere, instead of failing once more."""
    with suppress(ValueError):  # a stream of text in memory has no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def heard_or_not() -> Iterator[None]:
    """What is written to stderr inside: where it takes nothing, all goes on as if it had."""
    try:
        yield
    except (OSError, ValueError):  # no room, no reader, or closed
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


class FaultyError(click.ClickException):
    """The findings of a spec that leave a command nothing to do, for stderr and exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        if self.message:
            from convcalc.escape import plain_report

            text = plain_report(self.message)
            click.echo(text, file=file or sys.stderr, color=True)  # its colours are decided
