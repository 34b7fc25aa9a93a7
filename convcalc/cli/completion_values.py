"""What a shell completes behind options whose values are words of lists: columns, conventions."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from convcalc.network.record import Step
    from convcalc.study.outcome import Outcome

Answers = list[CompletionItem]


def is_inert(word: str) -> bool:
    """Whether a shell takes a word for one word: Bash puts it onto the command line as it is."""
    return re.fullmatch(r"[\w.+@%,:=/][\w.+@%,:=/-]*", word) is not None


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
    """The rules that choose layers, and the layers of the net: the ends of segments."""
    from convcalc.memory.segments_named import RULES
    from convcalc.network.record import INPUT

    rules = [CompletionItem(rule) for rule in (*RULES, "seq:") if rule.startswith(incomplete)]
    head, last = _ENDS.fullmatch(incomplete).groups()  # type: ignore[union-attr] # it matches all
    steps = (step for step in _named(ctx) if step.kind != INPUT)
    names = [step.name for step in steps if step.name.startswith(last) and is_inert(step.name)]
    return [*rules, *(CompletionItem(f"{head}{own}") for own in names)]


#: what is before the layer that is typed, in `conv1..relu1,conv2`; and what is typed of it
_ENDS = re.compile(r"((?:.*(?:,|\.\.))?)(.*)", re.DOTALL)


def variables(name: str, ctx: click.Context, incomplete: str) -> Answers:
    """The variables of the net that is named before, up to their equals sign."""
    found = _net(ctx)
    own = () if found is None else found.network.variables
    return [CompletionItem(f"{word}=") for word in own if word.startswith(incomplete)]


def _named(ctx: click.Context) -> "tuple[Step, ...]":
    found = _net(ctx)
    return () if found is None else tuple(found.network.steps)


def _net(ctx: click.Context) -> "Outcome | None":
    """The net that is named before, as far as it can be read."""
    from convcalc.study.half_typed import named

    given = next(
        (ctx.params[key] for key in ("specs", "paths", "words") if ctx.params.get(key)), ()
    )
    net = next(iter([*given, *ctx.args]), "-")  # an option without its value leaves words unread
    return None if net == "-" else named(net)  # a shell's own input is not to be read
