"""Which layers of two nets are wired otherwise: they read other layers, or share other weights.

Sizes need not change with that: two layers whose inputs changed places have the numbers they had.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence

from convcalc.network.alike import passes
from convcalc.network.record import Network, Step

#: kinds whose inputs may come in any order
_ANY_ORDER = frozenset({"add", "multiply", "maximum", "average"})

#: where no layer of the other net corresponds
_ELSEWHERE = -1


def rewired(
    before: Network,
    after: Network,
    pairs: Mapping[int, int],
    numbers: tuple[Sequence[Hashable], Sequence[Hashable]],
) -> dict[int, str]:
    """The layers of the net before that are wired otherwise in the net after, and how, in words.

    A layer that reads one that is new, or read one that is gone, is not named for that.

    Args:
        before: a net.
        after: the net it became.
        pairs: for its layers those that correspond after it.
        numbers: of either net, equal for the same layers that read the same things.
    """
    old, new = _reads(before), _reads(after)
    if _alike(before, after, old, new, numbers):
        return {}
    back = {j: i for i, j in pairs.items()}
    same = {i for i, j in pairs.items() if numbers[0][i] == numbers[1][j]}
    whole = len(same) == len(before.steps) == len(after.steps)
    found: dict[int, str] = {}
    for i, j in pairs.items():
        # layers of one number read the same, if by other twins; it is those that differ then
        if i in same and not whole:
            continue
        first, second = before.steps[i], after.steps[j]
        if not passes(first) and _others(first, old[i], new[j], pairs, back):
            texts = (_named(before, old[i]), _named(after, new[j]))
            found[i] = f"reads {' -> '.join(texts)}"
        elif first.shares is not None and second.shares is not None:
            owners = before.owner(i), after.owner(j)
            if _others(first, owners[:1], owners[1:], pairs, back):
                texts = (before.steps[owners[0]].name, after.steps[owners[1]].name)
                found[i] = f"weights of {' -> '.join(texts)}"
    return found | _outputs(before, after, pairs, back)


def _others(
    step: Step,
    old: Sequence[int],
    new: Sequence[int],
    pairs: Mapping[int, int],
    back: Mapping[int, int],
) -> bool:
    """Whether layers that both nets have are read, but not the same ones."""
    if len(old) != len(new):
        return True
    there = [pairs.get(i, _ELSEWHERE) for i in old]
    if step.kind in _ANY_ORDER:
        gone, come = Counter(there) - Counter(new), Counter(new) - Counter(there)
        return any(j != _ELSEWHERE for j in gone) and any(j in back for j in come)
    return any(j != k and j != _ELSEWHERE and k in back for j, k in zip(there, new, strict=True))


def _reads(network: Network) -> list[tuple[int, ...]]:
    """What each layer reads or takes its size from: the layer itself where an identity is between.

    At the end, as if one more layer read them, the outputs of the net.
    """
    real: list[int] = []
    found: list[tuple[int, ...]] = []
    for index, step in enumerate(network.steps):
        real.append(real[step.inputs[0]] if passes(step) else index)
        also = () if step.like is None else (step.like,)
        found.append(tuple(real[i] for i in (*step.inputs, *also)))
    return [*found, tuple(sorted({real[i] for i in network.outputs}))]


def _alike(
    before: Network,
    after: Network,
    old: Sequence[tuple[int, ...]],
    new: Sequence[tuple[int, ...]],
    numbers: tuple[Sequence[Hashable], Sequence[Hashable]],
) -> bool:
    """Whether both are one graph by what each layer is made from and by what is made of it."""
    known: dict[Hashable, int] = {}
    first = _onward(before, old, numbers[0], known)
    return Counter(first) == Counter(_onward(after, new, numbers[1], known))


def _onward(
    network: Network,
    reads: Sequence[tuple[int, ...]],
    numbers: Sequence[Hashable],
    known: dict[Hashable, int],
) -> list[int]:
    """A number for each layer: equal where it is the same, and so is all that reads it."""
    uses: list[list[Hashable]] = [[] for _ in network.steps]
    for index in reads[-1]:
        uses[index].append("output")
    found: list[int] = []
    for index in range(len(network.steps) - 1, -1, -1):
        step = network.steps[index]
        if passes(step):
            continue
        if step.shares is not None:
            uses[network.owner(index)].append(("weights", numbers[index]))
        said = (numbers[index], tuple(sorted(map(repr, uses[index]))))
        number = known.setdefault(said, len(known))
        found.append(number)
        for place, source in enumerate(reads[index]):
            uses[source].append((number, 0 if step.kind in _ANY_ORDER else place))
    return found


def _outputs(
    before: Network, after: Network, pairs: Mapping[int, int], back: Mapping[int, int]
) -> dict[int, str]:
    """The layers that have become outputs of the net, or are none any more."""
    old, new = _reads(before)[-1], _reads(after)[-1]
    if any(i not in pairs for i in old) or any(j not in back for j in new):
        return {}  # a layer that came or went is an output: that is said already
    there = {pairs[i] for i in old}
    words = dict.fromkeys(there - {*new}, "no output any more")
    words |= dict.fromkeys({*new} - there, "an output now")
    return {back[j]: words[j] for j in words}


def _named(network: Network, reads: Collection[int]) -> str:
    return ", ".join(network.steps[i].name for i in reads)
