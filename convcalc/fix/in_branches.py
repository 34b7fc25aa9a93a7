"""Which layers are a merge's branches: those that make it, without what comes before they part."""

from convcalc.network.record import Network


def own_layers(network: Network, index: int) -> list[int]:
    """The steps that make an input of the merge at `index`, and not all of its inputs."""
    pasts = [network.ancestors(at) for at in network.steps[index].inputs]
    common = set.intersection(*pasts)
    return sorted(set.union(*pasts) - common)


def behind_fork(network: Network, index: int) -> list[int]:
    """The steps that make the merge at `index` and not the last volume that all its inputs have."""
    pasts = [network.ancestors(at) for at in network.steps[index].inputs]
    common = set.intersection(*pasts)
    fork = network.ancestors(max(common)) if common else set()
    return sorted(set.union(*pasts) - fork)
