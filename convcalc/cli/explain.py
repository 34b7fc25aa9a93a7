"""`convcalc explain`: the arithmetic of a layer, or the page of a term or code."""

import os  # not pathlib: it costs 4 ms of start-up
import sys
from typing import TYPE_CHECKING

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.case import one_case, remark
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.faulty import refuse_errors
from convcalc.cli.gather import refuse_others
from convcalc.cli.options import SpecOptions, exact_settings_options, spec_options
from convcalc.cli.output import Output, failed, output_options
from convcalc.explain import lookup
from convcalc.findings import plain
from convcalc.report.formats import formats
from convcalc.study import explain as study
from convcalc.study.idle import refuse_all
from convcalc.study.outcome import Outcome
from convcalc.study.outcome import study as study_case

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


@click.command(
    "explain",
    epilog="""\b
Examples:
  convcalc explain alexnet conv1
  convcalc explain alexnet fc6 --batch 32 --optimizer adam
  convcalc explain --input 32x32x3 --net "conv5-6p0 pool2 fc-10" fc1
  convcalc explain --input 11x11x4 --net "conv5-2s2p0" conv1 2,3,1
  convcalc explain receptive field
  convcalc explain CC103
  convcalc explain codes
  convcalc explain upsample
  convcalc explain resnet50 4.12G
  convcalc explain resnet50 conv1 --as all
  convcalc explain counting resnet50
""",
)
@click.argument("words", nargs=-1, metavar="SPEC LAYER | SPEC FIGURE | TERM | CODE | KIND")
@spec_options
@exact_settings_options
@as_option
@output_options(formats("explain"))
def command(
    words: tuple[str, ...],
    given: SpecOptions,
    settings: Settings,
    counted_as: str | None,
    out: Output,
) -> None:
    """Explain a layer with its own numbers, a term, a finding's code, or a layer kind.

    Indices after a layer, as 2,3,1, are one output: the NumPy line that makes it. A FIGURE such
    as 4.12G, 25.6M or 98MB: which tools print it of the net, and why. Without arguments it lists
    the terms.
    """
    if not words and given.net is None:
        refuse_others("the list of terms")
        out.show("explain", lookup.terms())
        return
    page = None if given.net else _page(words)
    if page is not None:
        refuse_others(f"{plain(' '.join(words))}, a page without a net's numbers")
        if out.format == "text" and out.file is None and sys.stdout.isatty():
            from convcalc.report.explain.markdown import page_markdown

            out.write(page_markdown(page, out.palette()))
        else:
            out.show("explain", page)
        return
    if given.net is None and words[0] != "counting" and not study.is_spec(words[0]):
        raise failed(study.unknown(words))
    if words[:1] == ("counting",) and len(words) > 1 - (given.net is not None):
        if counted_as is not None:
            raise click.UsageError("--as does not go with counting, which shows all conventions")
        _counting(words[1:], given, settings, out)
        return
    chosen = conventions(counted_as, given.trusted, out)
    specs, rest = ((), words) if given.net is not None else (words[:1], words[1:])
    if rest and rest[0][:1].isascii() and rest[0][:1].isdigit():
        outcome = study_case(one_case(specs, given, settings, out))
        if rest[0] not in (step.name for step in outcome.network.steps):
            _figure(outcome, " ".join(rest), chosen, out)
            return
    found = _layer(words, given, settings, chosen, out)
    remark([found.outcome], out)
    out.show("explain", found.explanation)
    refuse_errors(found.outcome)


def _page(words: tuple[str, ...]) -> lookup.Page | None:
    """The page that the words name together; a file of that name comes first."""
    return None if os.path.exists(words[0]) else study.page(" ".join(words))


def _figure(outcome: Outcome, text: str, chosen: "tuple[Convention, ...]", out: Output) -> None:
    """The reverse question: who prints this figure of the net."""
    from convcalc.study.counts import answered

    found = answered(outcome, text, chosen or None)
    remark([outcome], out)
    out.show("explain FIGURE", found)
    refuse_errors(outcome)


def _counting(specs: tuple[str, ...], given: SpecOptions, settings: Settings, out: Output) -> None:
    """What tools count on a net, a line a kind."""
    refuse_all(settings, "what tools count of one image")
    outcome = study_case(one_case(specs, given, settings, out))
    analysis = outcome.sized()
    remark([outcome], out)
    out.show("explain counting", analysis)
    refuse_errors(outcome)


def _layer(
    words: tuple[str, ...],
    given: SpecOptions,
    settings: Settings,
    chosen: "tuple[Convention, ...]",
    out: Output,
) -> study.Explained:
    specs, layers = ((), words) if given.net is not None else (words[:1], words[1:])
    position = None
    if len(layers) == 2:
        from convcalc.explain.position import parse_position

        position = parse_position(layers[1])
        layers = layers[:1] if position is not None else layers
    if len(layers) > 1:
        raise click.UsageError(f"one layer at a time, got {', '.join(map(plain, layers))}")
    layer = layers[0] if layers else None
    return study.explain(one_case(specs, given, settings, out), layer, chosen, position)
