"""`explain`: the arithmetic of a layer, or the page of a term, a kind or a code."""

from typing import NamedTuple

from convcalc.explain import lookup
from convcalc.explain.record import Explanation
from convcalc.study.errors import NetError
from convcalc.study.outcome import Case, Outcome, study


class Explained(NamedTuple):
    """A layer with its own numbers."""

    outcome: Outcome
    explanation: Explanation


def explain(case: Case, layer: str | None) -> Explained:
    """A layer's arithmetic. Errors elsewhere in the net do not stop it.

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
        return Explained(outcome, explain_layer(outcome.analysis, find(network, layer)))
    except NoLayerError as error:
        raise outcome.refusal(str(error)) from error


def page(words: str) -> lookup.Page | None:
    """The page of a term, a code or a layer kind; ``codes`` and ``rules`` list those."""
    if words in {"codes", "rules"}:
        return lookup.codes(rules_only=words == "rules")
    from convcalc.explain.kind import kind  # the layers are needed for their pages alone

    return lookup.code(words) or kind(words) or lookup.term(words)
