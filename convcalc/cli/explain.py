"""`convcalc explain`: the arithmetic of a layer, or the page of a term or code."""

import os  # not pathlib: it costs 4 ms of start-up
from typing import Any

import click

from convcalc.cli.faulty import faulty, without_layers
from convcalc.cli.output import failed, output_options, palette, write
from convcalc.cli.specs import chosen_settings, networks, settings_options, spec_options
from convcalc.explain import lookup
from convcalc.findings import plain

_ALIKE = 0.75  #: share of equal letters from which a word is taken for a slip of another
_LONGEST = 100  #: letters of a word that are compared


@click.command(
    "explain",
    epilog="""\b
Examples:
  convcalc explain alexnet conv1
  convcalc explain alexnet fc6 --batch 32 --optimizer adam
  convcalc explain --input 32x32x3 --net "conv5-6p0 pool2 fc-10" fc1
  convcalc explain receptive field
  convcalc explain CC103
  convcalc explain codes
  convcalc explain upsample
""",
)
@click.argument("words", nargs=-1, metavar="SPEC LAYER | TERM | CODE | KIND")
@spec_options
@settings_options
@output_options(("text", "json"))
def command(
    words: tuple[str, ...],
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> None:
    """Explain a layer with its own numbers, a term, a finding's code, or a layer kind.

    Without arguments it lists the terms.
    """
    from convcalc.report.explain import text as report

    if not words and options["net"] is None:
        text = report.contents_text(lookup.terms(), palette(color, output))
        write(text, output)
        return
    page = None if options["net"] else _page(words)
    if page is not None:
        if format_ == "json":
            text = report.page_json(page)
        else:
            text = report.page_text(page, palette(color, output))
    else:
        found = _layer(words, color, options)
        if format_ == "json":
            text = report.explanation_json(found)
        else:
            text = report.explanation_text(found, palette(color, output))
    if not quiet:
        write(text, output)


def _page(words: tuple[str, ...]) -> lookup.Page | None:
    """The page that the words name together; a file of that name comes first."""
    if os.path.exists(words[0]):
        return None
    joined = " ".join(words)
    if joined in {"codes", "rules"}:
        return lookup.codes(rules_only=joined == "rules")
    from convcalc.explain.kind import kind  # the layers are needed for their pages alone

    return lookup.code(joined) or kind(joined) or lookup.term(joined)


def _layer(words: tuple[str, ...], color: str, options: dict[str, Any]) -> Any:
    from convcalc.analysis.walk import analyze
    from convcalc.explain.layer import NoLayerError, explain_layer, find, listed

    specs, layers = ((), words) if options["net"] is not None else (words[:1], words[1:])
    if len(words) == 1 and specs and not _is_spec(words[0]):
        raise failed(_unknown(words[0]))
    if len(layers) > 1:
        raise click.UsageError(f"one layer at a time, got {', '.join(map(plain, layers))}")
    settings = chosen_settings(options)
    network = networks(specs, options)[0]
    if without_layers(network):
        raise faulty(network, color)
    if not layers:
        raise failed(f"name a layer of it: {listed(network)}")
    try:
        return explain_layer(analyze(network, settings), find(network, layers[0]))
    except NoLayerError as error:
        raise failed(str(error)) from error


def _is_spec(word: str) -> bool:
    from convcalc import zoo

    return word == "-" or os.path.exists(word) or zoo.find(word) is not None


def _unknown(word: str) -> str:
    """What a lone word may have meant: a term, a code or a bundled net."""
    from difflib import get_close_matches

    from convcalc import zoo
    from convcalc.findings import CODES
    from convcalc.layers import BY_NAME

    named = [name.lower() for page in lookup.terms() for name in (page.title, *page.also)]
    known = (*named, *BY_NAME, *CODES.values(), *zoo.names())
    close = get_close_matches(word[:_LONGEST].lower(), known, 1, _ALIKE)
    if not close:
        close = get_close_matches(word[:_LONGEST].upper(), CODES, 1, _ALIKE)
    hint = f"did you mean {close[0]}?" if close else "`convcalc explain` lists the terms"
    return f"{plain(word)!r} is no term, code, kind, file or bundled net: {hint}"
