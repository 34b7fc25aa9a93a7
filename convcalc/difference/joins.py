"""Sums and products of several volumes: one join of all, or joins of two, one after the other.

A spec says `add` of three volumes; PyTorch, and a file made of its code, add two at a time. Both
compute the same, so nets are compared with the joins of two as one where the other net has it so.
Only joins that run right behind one another are: with other layers between them they hold other
volumes meanwhile.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.layers import BY_NAME
from convcalc.layers.merge import TwoAtATime
from convcalc.network.alike import passes
from convcalc.network.computed import computed
from convcalc.network.record import Network, Step

#: By the last join of a chain those before it.
Chains = Mapping[int, Collection[int]]


def written_otherwise(before: Network, after: Network) -> tuple[Chains, Chains]:
    """The chains of two nets that the other one has, too, but in one join or grouped otherwise."""
    found = _chains(before), _chains(after)
    if not any(found):
        return found
    known: dict[Hashable, int] = {}
    nets = before, after
    own = [computed(net, known).numbers for net in nets]
    whole = [computed(joined(net, of), known).numbers for net, of in zip(nets, found, strict=True)]
    of_own, of_whole = [{*numbers} for numbers in own], [{*numbers} for numbers in whole]

    def kept(net: int, other: int) -> Chains:
        return {
            last: inner
            for last, inner in found[net].items()
            if whole[net][last] in of_whole[other] and own[net][last] not in of_own[other]
        }

    return kept(0, 1), kept(1, 0)


def as_one(analysis: Analysis, chains: Chains) -> Analysis:
    """The analysis of the net with each chain as one join, row by row."""
    if not chains:
        return analysis
    found = analyze(joined(analysis.network, chains), analysis.settings)
    return found._replace(rows=[*found.rows])


def names_of(analysis: Analysis, last: int, chains: Chains) -> tuple[str, ...]:
    """The joins of a chain, or the one that is none, by their names."""
    return tuple(analysis.network.steps[i].name for i in (*sorted(chains.get(last, ())), last))


def joined(network: Network, chains: Chains) -> Network:
    """The network with each chain as one join; the joins before it give on what they read."""
    if not chains:
        return network
    steps = [*network.steps]
    for last, inner in chains.items():
        reads: list[int] = []
        waiting, layer = [last], steps[last].layer
        while waiting:
            index = waiting.pop()
            if index != last and index not in inner:
                reads.append(index)
                continue
            waiting.extend(reversed(network.steps[index].inputs))
            if not reads:
                layer = network.steps[index].layer  # the first: what it overwrites is overwritten
        steps[last] = steps[last]._replace(layer=layer, inputs=tuple(reads))
        for index in inner:
            steps[index] = _given_on(network.steps, index)
    # what its program allocates is said of joins that are no more
    return network._replace(steps=tuple(steps), run=None)


def _chains(network: Network) -> dict[int, set[int]]:
    """The joins that directly follow joins of their kind whose results they alone read."""
    steps = network.steps
    found: dict[int, set[int]] = {}
    times_read: list[int] = []
    at = len(steps) - 1
    while at > 0:
        last, at = at, at - 1
        step = steps[last]
        if not isinstance(step.layer, TwoAtATime) or len(step.inputs) < 2:
            continue
        inner: set[int] = set()
        read = {*step.inputs}
        while at > 0:
            before = steps[at]
            if isinstance(before.layer, TwoAtATime) and at in read:
                times_read = times_read or network.times_read()
                if times_read[at] > 1 or not _continues(steps, before, step):
                    break
                inner.add(at)
                read.update(before.inputs)
            elif not passes(before):
                break
            at -= 1
        if inner:
            found[last] = inner
    return found


def _continues(steps: Sequence[Step], join: Step, last: Step) -> bool:
    """Whether a join can be a part of the one that reads it."""
    return (
        join.kind == last.kind
        and join.output == last.output
        and join.checkpoint == last.checkpoint
        and len(join.inputs) > 1
        and _same_shape(steps, join) is not None
    )


def _same_shape(steps: Sequence[Step], join: Step) -> int | None:
    """What a join reads that has the shape of its output: no gate."""
    return next((i for i in join.inputs if steps[i].output == join.output), None)


def _given_on(steps: Sequence[Step], index: int) -> Step:
    """An identity in the place of a join."""
    step = steps[index]
    source = _same_shape(steps, step)
    assert source is not None
    identity = BY_NAME["identity"]()
    return step._replace(kind=identity.kind, layer=identity, inputs=(source,))
