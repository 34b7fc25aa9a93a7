"""`explain`: the arithmetic of a layer, or the page of a term, a kind or a code."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.explain import lookup
from convcalc.explain.record import Explanation
from convcalc.study.errors import NetError
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class Explained(NamedTuple):
    """A layer with its own numbers."""

    outcome: Outcome
    explanation: Explanation


def explain(case: Case, layer: str | None, conventions: "tuple[Convention, ...]" = ()) -> Explained:
    """A layer's arithmetic, and what conventions count of it. Errors elsewhere do not stop it.

    Raises:
        NetError: no layer could be read.
        RequestError: no layer, or none of that name.
        LoadError: there is nothing to read.
    """
    from convcalc.explain.layer import NoLayerError, explain_layer, find, listed

    outcome = study(case)
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
        return Explained(outcome, found)
    except NoLayerError as error:
        raise outcome.refusal(str(error)) from error


def page(words: str) -> lookup.Page | None:
    """The page of a term, a code or a layer kind; ``codes`` and ``rules`` list those."""
    if words in {"codes", "rules"}:
        return lookup.codes(rules_only=words == "rules")
    from convcalc.explain.kind import kind  # the layers are needed for their pages alone

    return lookup.code(words) or kind(words) or lookup.term(words)
