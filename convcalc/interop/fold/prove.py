"""Holding a written file against the flat graph, layer by layer, names apart."""

from collections import Counter
from collections.abc import Hashable

from convcalc.findings import Severity
from convcalc.interop.flat import Flat
from convcalc.network.alike import numbered, passes
from convcalc.network.record import Network
from convcalc.spec.load import load
from convcalc.tree.decode import Limits


def proved(text: str, flat: Flat, limits: Limits = Limits()) -> str:  # noqa: B008
    """'' where a spec is the flat graph, layer by layer; else what differs."""
    return fault(read_back(text, limits), flat)


def read_back(text: str, limits: Limits = Limits()) -> Network:  # noqa: B008
    """The network of a written file."""
    return load("written.yaml", text.encode(), limits=limits)


def fault(network: Network, flat: Flat) -> str:
    """'' where a network has no error and is the flat graph; else what is wrong."""
    errors = [f for f in network.findings if f.severity is Severity.ERROR]
    if errors:
        return f"the written file has an error: {errors[0].message}"
    return difference(network, flat)


def difference(network: Network, flat: Flat) -> str:
    """'' where a network is the flat graph; else the first layer that it lacks or has too many."""
    known: dict[Hashable, int] = {}
    own, other = numbered(network.steps, known), numbered(flat.items, known)
    here = Counter(n for n, step in zip(own, network.steps, strict=True) if not passes(step))
    there = Counter(n for n, item in zip(other, flat.items, strict=True) if not passes(item))
    missing, extra = there - here, here - there
    if missing:
        at = other.index(next(iter(missing)))
        return f"{flat.items[at].name} is not there as it was"
    if extra:
        at = own.index(next(iter(extra)))
        return f"{network.steps[at].name} was not there"
    ends = {own[i] for i in network.outputs} ^ {other[i] for i in flat.outputs}
    if ends:
        return "the outputs differ"
    returned = dict.fromkeys(own[i] for i in network.returned)
    if list(returned) != list(dict.fromkeys(other[i] for i in flat.outputs)):
        return "the outputs are in another order"
    return ""
