"""Layers of two graphs that compute the same, however a file and a spec write them."""

from collections.abc import Hashable, Sequence

from convcalc.layers.traits import Family
from convcalc.network.alike import face
from convcalc.network.record import Step
from convcalc.shapes import elements

#: options that decide how a layer is kept in memory, or that the sizes and windows say
_ASIDE = frozenset({"in_place", "rounding", "pad", "kernel", "stride", "dilation", "bias"})


def paired(left: Sequence[Step], right: Sequence[Step]) -> dict[int, int]:
    """Which layers are the same and read the same; then, in order, what is of one kind and size.

    Of several that are equal in all of that, those with one name are paired, the rest in order.

    Args:
        left: layers, each after what it reads.
        right: another graph's.

    Returns:
        For each layer of the left that has one its layer on the right.
    """
    known: dict[Hashable, int] = {}
    pairs: dict[int, int] = {}
    first, second = _numbers(left, known), _numbers(right, known)
    there: dict[int, list[int]] = {}
    for j, number in enumerate(second):
        if _computes(right, j):
            there.setdefault(number, []).append(j)
    for named in (True, False):
        for i, number in enumerate(first):
            equal = there.get(number, [])
            if i in pairs or not _computes(left, i):
                continue
            wanted = [j for j in equal if not named or right[j].name == left[i].name]
            if wanted:
                pairs[i] = wanted[0]
                equal.remove(wanted[0])
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = {}
    for j, step in enumerate(right):
        if j not in taken and _computes(right, j):
            waiting.setdefault(_said(step), []).append(j)
    for i, step in enumerate(left):
        rest = waiting.get(_said(step))
        if i not in pairs and rest and _computes(left, i):
            pairs[i] = rest.pop(0)
    return pairs


def _computes(steps: Sequence[Step], index: int) -> bool:
    return steps[index].layer is not None and not _passes(steps, index)


def _passes(steps: Sequence[Step], index: int) -> bool:
    """Whether a layer gives its input's numbers on in inference, perhaps in a row."""
    step = steps[index]
    layer, output = step.layer, step.output
    if layer is None or output is None:
        return False
    if layer.is_view:
        return len(output) == 1 or output == steps[step.inputs[0]].output
    return layer.identity_in_inference


def _numbers(steps: Sequence[Step], known: dict[Hashable, int]) -> list[int]:
    """A number for each layer: equal where all that it is made from is equal."""
    found: list[int] = []
    for index, step in enumerate(steps):
        reads = tuple(found[i] for i in step.inputs)
        if _passes(steps, index):
            found.append(reads[0])
            continue
        owner = None if step.shares is None else found[step.shares]
        found.append(known.setdefault((_said(step), reads, owner), len(known)))
    return found


def _said(step: Step) -> Hashable:
    """What a layer is, apart from what it reads: its kind, windows, options, number of outputs."""
    size = elements(step.output or ())
    if step.layer is None:
        return (step.kind, size)
    values = zip(step.layer.options(), face(step.layer), strict=True)
    options = tuple(value for option, value in values if option.key not in _ASIDE)
    if step.layer.family is Family.POOL and _reads_all(step):
        return (step.kind.removeprefix("global_").removeprefix("adaptive_"), size)
    return (step.kind, step.size.windows, options, size)


def _reads_all(step: Step) -> bool:
    """Whether a pool makes one number of a whole channel, by its kind, its size or its window."""
    if any(dim != 1 for dim in (step.output or (0,))[:-1]):
        return False
    return all(
        window.kernel == window.size and not window.begin and not window.end
        for window in step.size.windows
    )
