"""Which layers are a merge's branches: those that make it, without what comes before they part."""

from typing import NamedTuple

from convcalc.network.record import Network


class Forked(NamedTuple):
    """Branches that part at a step: the last one that all of them come from."""

    fork: int
    own: dict[int, set[int]]
    """By the end of each branch, the steps that make it and not the fork."""


def forked(network: Network, index: int) -> Forked | None:
    """The branches of the merge at `index`; None where they have nothing in common."""
    pasts = _pasts(network, index)
    common = set.intersection(*pasts.values())
    if not common:
        return None
    past = network.ancestors(max(common))
    return Forked(max(common), {end: made - past for end, made in pasts.items()})


def apart(network: Network, index: int) -> dict[int, set[int]]:
    """By the end of each branch of the merge at `index`, its steps that another branch lacks."""
    pasts = _pasts(network, index)
    common = set.intersection(*pasts.values())
    return {end: made - common for end, made in pasts.items()}


def own_layers(network: Network, index: int) -> list[int]:
    """The steps that make an input of the merge at `index`, and not all of its inputs."""
    return sorted(set[int]().union(*apart(network, index).values()))


def behind_fork(network: Network, index: int) -> list[int]:
    """The steps that make the merge at `index` and not the last volume that all its inputs have."""
    found = forked(network, index)
    own = _pasts(network, index) if found is None else found.own
    return sorted(set[int]().union(*own.values()))


def _pasts(network: Network, index: int) -> dict[int, set[int]]:
    """By the end of each branch, all steps that it comes from."""
    ends = dict.fromkeys(network.steps[index].inputs)
    return {end: network.ancestors(end) for end in ends}
