"""What a shell completes behind options whose values are words of lists: columns, conventions."""

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

Answers = list[CompletionItem]


def _listed(words: Iterable[str], incomplete: str) -> Answers:
    """The last word of a list with commas; a `-` before it, for the largest first, stays."""
    before, comma, last = incomplete.rpartition(",")
    minus = "-" * last.startswith("-")
    begun = last.removeprefix("-")
    head = f"{before}{comma}{minus}"
    return [CompletionItem(f"{head}{word}") for word in words if word.startswith(begun)]


def columns(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """Numbers of a sweep's rows, or the columns of a format's table of layers."""
    if ctx.info_name == "sweep":
        return numbers(name, ctx, incomplete)
    from convcalc.report.analysis.columns import CSV, TEXT

    return _listed(TEXT if ctx.params.get("format") in {None, "text"} else CSV, incomplete)


def numbers(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """The numbers of a sweep's rows."""
    from convcalc.sweep.variant import NUMBERS

    return _listed(NUMBERS, incomplete)


def counted_as(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """The bundled conventions."""
    from convcalc import zoo

    return _listed(("all", *zoo.convention_labels()), incomplete)


def checkpoint(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """The rules that choose layers."""
    from convcalc.memory.segments_named import RULES

    return [CompletionItem(rule) for rule in RULES if rule.startswith(incomplete)]


def variables(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """The variables of the net that is named before, up to their equals sign."""
    from convcalc.study.errors import LoadError
    from convcalc.study.outcome import Case, study

    given = next(
        (ctx.params[key] for key in ("specs", "paths", "words") if ctx.params.get(key)), ()
    )
    net = next(iter([*given, *ctx.args]), "-")  # an option without its value leaves words unread
    if net == "-":
        return []  # a shell's own input is not to be read
    try:
        found = study(Case(net)).network.variables
    except LoadError:
        return []
    return [CompletionItem(f"{word}=") for word in found if word.startswith(incomplete)]
