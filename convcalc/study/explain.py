"""`explain`: the arithmetic of a layer, or the page of a term, a kind or a code."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.explain import lookup
from convcalc.explain.record import Explanation
from convcalc.findings import plain
from convcalc.study.errors import NetError
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
        RequestError: no layer, or none of that name.
        LoadError: there is nothing to read.
    """
    from convcalc.explain.layer import NoLayerError, explain_layer, find, listed

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
    """The page of a term, a code or a layer kind; ``codes`` and ``rules`` list those."""
    if words in {"codes", "rules"}:
        return lookup.codes(rules_only=words == "rules")
    from convcalc.explain.kind import kind  # the layers are needed for their pages alone

    return lookup.code(words) or kind(words) or lookup.term(words)


_LONGEST = 100  #: letters of a word that are compared
_ALIKE = 0.6  #: share of equal letters from which a page is named
_SURE = 0.8  #: and from which no page that shares a word is nearer
_STEM = 4  #: letters with which a word is begun


def _few_letters_apart(one: str, other: str) -> bool:
    """Whether words differ in a letter, longer ones in two or three, or one only goes on."""
    if (len(one) >= _STEM and other.startswith(one)) or sorted(one) == sorted(other):
        return True  # or two letters changed places
    before: list[int] = [*range(len(other) + 1)]
    for number, letter in enumerate(one, 1):  # Levenshtein's distance
        now = [number]
        for at, against in enumerate(other, 1):
            same = before[at - 1] + (letter != against)
            now.append(min(same, before[at] + 1, now[-1] + 1))
        before = now
    allowed = max(1, min(3, len(one) // 4))
    return before[-1] <= allowed


def unknown(words: tuple[str, ...]) -> str:
    """What to say of words that are no page, kind, code, net or file: the nearest of those."""
    from difflib import SequenceMatcher

    from convcalc import zoo
    from convcalc.findings import CODES
    from convcalc.layers import BY_NAME

    asked = " ".join(words)[:_LONGEST].lower()
    named = [name.lower() for one in lookup.terms() for name in (one.title, *one.also)]
    known = [*named, *BY_NAME, *CODES.values(), *(code.lower() for code in CODES)]
    known += zoo.names()
    parts = {word for word in asked.replace("-", " ").split() if len(word) > 2}

    def rank(name: str) -> tuple[bool, int, float]:
        shared = parts & set(name.replace("-", " ").replace("_", " ").split())
        alike = SequenceMatcher(None, asked, name).ratio()
        first = SequenceMatcher(None, words[0][:_LONGEST].lower(), name).ratio()
        return alike >= _SURE, len(shared), max(alike, first)

    close = max(known, key=rank)
    _, shared, alike = rank(close)
    begun = (asked, words[0][:_LONGEST].lower())
    near = shared or (alike >= _ALIKE and any(_few_letters_apart(one, close) for one in begun))
    close = close.upper() if close.upper() in CODES else close
    hint = f"did you mean {close}?" if near else "`convcalc explain` lists the terms"
    number = asked.split()[0].removeprefix("cc") if asked[:2] == "cc" else "-"
    if (
        number or "0"
    ).isdecimal():  # one number is as near as another, but for digits left out or too many
        code = f"CC{number[:3]:0>3}"
        known_code = f"did you mean {code}?" if code in CODES else ""
        hint = known_code or "`convcalc explain codes` lists the codes"
    return f"{plain(' '.join(words))!r} is not a term, code, kind, file or bundled net: {hint}"
