"""Which layers of two nets are wired otherwise: they read other layers, or share other weights.

Sizes need not change with that: two layers whose inputs changed places have the numbers they had.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence

from convcalc.layers.traits import Places
from convcalc.network.computed import NetComputed
from convcalc.network.record import Network, Step

#: kinds whose inputs may come in any order
_ANY_ORDER = frozenset({"add", "multiply", "maximum", "average"})

#: what concats may read through concats in all
_MOST_JOINED = 200_000

#: where no layer of the other net corresponds
_ELSEWHERE = -1


def rewired(
    before: Network,
    after: Network,
    pairs: Mapping[int, int],
    work: tuple[NetComputed, NetComputed],
) -> dict[int, str]:
    """The layers of the net before that are wired otherwise in the net after, and how, in words.

    A layer that reads one that is new, or read one that is gone, is not named for that.

    Args:
        before: a net.
        after: the net it became.
        pairs: for its layers those that correspond after it.
        work: what the layers of either net compute.
    """
    back = {j: i for i, j in pairs.items()}
    # one that passes its input on in one net alone is a layer that changed, and is there in both
    skipped = (
        {i for i in work[0].passing if pairs.get(i) is None or pairs[i] in work[1].passing},
        {j for j in work[1].passing if back.get(j) is None or back[j] in work[0].passing},
    )
    shown = _reads(before, skipped[0]), _reads(after, skipped[1])
    old, new = _unjoined(before, shown[0]), _unjoined(after, shown[1])
    known: dict[Hashable, int] = {}
    made = (
        _onward(before, old, work[0].numbers, skipped[0], known),
        _onward(after, new, work[1].numbers, skipped[1], known),
    )
    if Counter(made[0]) == Counter(made[1]):  # by what each is made from and what is made of it
        return _moved(before, after, (old[-1], new[-1]), {}, work)
    del made, known  # of long nets they are large
    same = {
        i
        for i, j in pairs.items()
        if work[0].numbers[i] == work[1].numbers[j]
        and (i in work[0].passing) == (j in work[1].passing)
    }
    whole = len(same) == len(before.steps) == len(after.steps)
    found: dict[int, str] = {}
    owners = before.owners(), after.owners()
    for i, j in pairs.items():
        # layers of one number read the same, if by other twins; it is those that differ then
        if i in same and not whole:
            continue
        first, second = before.steps[i], after.steps[j]
        if i not in skipped[0] and _others(first, old[i], new[j], pairs, back):
            texts = (_named(before, shown[0][i]), _named(after, shown[1][j]))
            found[i] = f"reads {' -> '.join(texts)}"
        elif first.shares is not None and second.shares is not None:
            own = owners[0][i], owners[1][j]
            if _others(first, own[:1], own[1:], pairs, back):
                texts = (before.steps[own[0]].name, after.steps[own[1]].name)
                found[i] = f"weights of {' -> '.join(texts)}"
    moved = _moved(before, after, (old[-1], new[-1]), pairs, work)
    return found | moved | _outputs(old[-1], new[-1], pairs, back)


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


def _reads(network: Network, passing: Collection[int]) -> list[tuple[int, ...]]:
    """What each layer reads: the layer itself where one that passes it on is between.

    At the end, as if one more layer read them, the outputs of the net in their order.
    """
    real: list[int] = []
    found: list[tuple[int, ...]] = []
    for index, step in enumerate(network.steps):
        real.append(real[step.inputs[0]] if index in passing else index)
        found.append(tuple(real[i] for i in step.inputs))
    return [*found, tuple(dict.fromkeys(real[i] for i in network.returned))]


def _unjoined(network: Network, reads: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The same, with what a concat reads of another concat in the place of that one.

    A concat onto a concat is one of all that they read. Of very many as they are.
    """
    steps, found = network.steps, [*reads]
    joins = [
        step.layer is not None and step.layer.places is Places.JOINED for step in network.steps
    ]
    room = _MOST_JOINED
    for index in range(len(steps)):
        if joins[index] and any(joins[i] for i in reads[index]):
            room -= sum(len(found[i]) if joins[i] else 1 for i in reads[index])
            if room < 0:
                return reads
            found[index] = tuple(
                one for i in reads[index] for one in (found[i] if joins[i] else (i,))
            )
    return found


def _onward(
    network: Network,
    reads: Sequence[tuple[int, ...]],
    numbers: Sequence[int],
    passing: Collection[int],
    known: dict[Hashable, int],
) -> list[int]:
    """A number for each layer: equal where it is the same, and so is all that reads it."""
    uses: dict[int, list[tuple[Hashable, ...]]] = {}  # of those that are to come
    for place, index in enumerate(reads[-1]):
        uses[index] = [("output", place)]
    found: list[int] = []
    owners = network.owners()
    for index in range(len(network.steps) - 1, -1, -1):
        step = network.steps[index]
        if index in passing:
            continue
        if step.shares is not None:
            uses.setdefault(owners[index], []).append(("weights", numbers[index]))
        own = uses.pop(index, [])
        said: tuple[Hashable, ...] = (
            (numbers[index], *own[0])
            if len(own) == 1
            else (numbers[index], tuple(sorted(map(repr, own))))
        )
        number = known.setdefault(said, len(known))
        found.append(number)
        for place, source in enumerate(reads[index]):
            at = 0 if step.kind in _ANY_ORDER else place
            uses.setdefault(source, []).append((number, at))
    return found


def _outputs(
    old: Sequence[int], new: Sequence[int], pairs: Mapping[int, int], back: Mapping[int, int]
) -> dict[int, str]:
    """The layers that have become outputs of the net, or are none any more."""
    if any(i not in pairs for i in old) or any(j not in back for j in new):
        return {}  # a layer that came or went is an output: that is said already
    there = {pairs[i] for i in old}
    words = dict.fromkeys(there - {*new}, "no output any more")
    words |= dict.fromkeys({*new} - there, "an output now")
    return {back[j]: words[j] for j in words}


def _moved(
    before: Network,
    after: Network,
    outputs: tuple[Sequence[int], Sequence[int]],
    pairs: Mapping[int, int],
    work: tuple[NetComputed, NetComputed],
) -> dict[int, str]:
    """The outputs that have another place among those of the net: code that takes them apart.

    Of outputs that compute the same the name says which is which.
    """
    old, new = outputs
    names = {after.steps[j].name: j for j in new}
    places = {j: place for place, j in enumerate(new)}
    found: dict[int, str] = {}
    for place, i in enumerate(old if len(old) == len(new) else ()):
        j = names.get(before.steps[i].name, _ELSEWHERE)
        if j == _ELSEWHERE or work[0].numbers[i] != work[1].numbers[j]:
            j = pairs.get(i, _ELSEWHERE)
        if places.get(j, place) != place:
            found[i] = f"output {place + 1} -> {places[j] + 1}"
    return found


def _named(network: Network, reads: Collection[int]) -> str:
    return ", ".join(network.steps[i].name for i in reads)
