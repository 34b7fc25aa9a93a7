"""`explain`: the arithmetic of a layer, or the page of a term, a kind or a code."""

import os
from typing import TYPE_CHECKING, NamedTuple

from convcalc.explain import lookup
from convcalc.explain.record import Explanation
from convcalc.findings import plain
from convcalc.study.errors import NetError, RequestError
from convcalc.study.idle import refuse_all, refuse_without_effect
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class Explained(NamedTuple):
    """A layer with its own numbers."""

    outcome: Outcome
    explanation: Explanation


def explain(
    case: Case,
    layer: str | None,
    conventions: "tuple[Convention, ...]" = (),
    position: tuple[int, ...] | None = None,
) -> Explained:
    """A layer's arithmetic, and what conventions count of it. Errors elsewhere do not stop it.

    With a `position`, such as (2, 3, 1), only what makes this one output.

    Raises:
        NetError: no layer could be read.
        RequestError: no layer, or none of that name; a setting that does nothing here.
        LoadError: there is nothing to read.
    """
    from convcalc.explain.layer import NoLayerError, explain_layer, find, listed

    refuse_without_effect(case.settings, "explain")
    if position is not None:
        refuse_all(case.settings, "the line of one output")
        if conventions:
            raise RequestError("--as does not go with one output: conventions count whole layers")
    outcome = study(case).as_asked()
    network = outcome.network
    if outcome.without_layers:
        raise NetError(outcome)
    if layer is None:
        raise outcome.refusal(f"name a layer of it: {listed(network)}")
    try:
        index = find(network, layer)
        found = explain_layer(outcome.analysis, index)
        if conventions:
            from convcalc.explain.counts import counts_section

            counted = counts_section(outcome.analysis, index, conventions)
            found = found._replace(sections=(*found.sections, counted))
        if position is not None:
            from convcalc.explain.position import at_position

            one = at_position(outcome.analysis, index, position)
            found = found._replace(sections=(one,))
        return Explained(outcome, found)
    except NoLayerError as error:
        text = str(error)
        if page(layer) is not None:
            joint = " " if text.endswith("?") else "; "
            text += f"{joint}`convcalc explain {plain(layer)}` has its own page"
        raise outcome.refusal(text) from error


def page(words: str) -> lookup.Page | None:
    """The page of a term, a code, a kind, a short form or a key; ``codes`` and ``rules`` list."""
    if words in {"codes", "rules"}:
        return lookup.codes(rules_only=words == "rules")
    from convcalc.explain.kind import kind, of_another_tool  # which need the layers
    from convcalc.explain.spelled import key, short_form, with_key
    from convcalc.spec.foreign.asked import tool

    found = lookup.code(words) or kind(words)
    if found is None and words[:1].isupper() and tool(words.partition("(")[0]):
        found = of_another_tool(words)  # `Dense`, which is a word of a term too
    if found is None:
        term = lookup.term(words)
        found = with_key(term, words) if term else key(words) or short_form(words)
    return found or of_another_tool(words)


def unknown(words: tuple[str, ...]) -> str:
    """What to say of words that are no page, kind, code, net or file: the nearest of those."""
    from convcalc import zoo
    from convcalc.explain.phrase import phrase
    from convcalc.findings import CODES
    from convcalc.layers import BY_NAME
    from convcalc.study.nearby import file_meant

    asked = " ".join(words).lower()
    named = [name.lower() for one in lookup.terms() for name in (one.title, *one.also)]
    known = [*named, *BY_NAME, *CODES.values(), *(code.lower() for code in CODES)]
    close = phrase(words, [*known, *zoo.names()])
    close = close.upper() if close.upper() in CODES else close
    hint = f"did you mean {close}?" if close else "`convcalc explain` lists the terms"
    number = asked.split()[0].removeprefix("cc") if asked[:2] == "cc" else "-"
    if (
        number or "0"
    ).isdecimal():  # one number is as near as another, but for digits left out or too many
        code = f"CC{number[:3]:0>3}"
        known_code = f"did you mean {code}?" if code in CODES else ""
        hint = known_code or "`convcalc explain codes` lists the codes"
    file = file_meant(words[0])
    hint = f"did you mean {plain(file)}?" if file else hint
    return f"{plain(' '.join(words))!r} is not a term, code, kind, file or bundled net: {hint}"


def is_spec(word: str) -> bool:
    """Whether a word names a file or a net, or looks like a file's name."""
    from convcalc import zoo
    from convcalc.files import SPEC_ENDINGS

    looks = os.path.splitext(word)[1] in SPEC_ENDINGS or os.sep in word
    return word == "-" or looks or os.path.exists(word) or zoo.find(word) is not None
