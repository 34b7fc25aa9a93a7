"""Layers of two graphs that compute the same, however a file and a spec write them."""

from collections.abc import Hashable, Sequence

from convcalc.layers.computed import PASSES
from convcalc.network.computed import done
from convcalc.network.record import Step
from convcalc.shapes import elements


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
    for j in range(len(right)):
        if j not in taken and _computes(right, j):
            waiting.setdefault(_said(right, j), []).append(j)
    for i in range(len(left)):
        rest = waiting.get(_said(left, i))
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
    return layer.identity_in_inference or done(steps, index) == PASSES


def _numbers(steps: Sequence[Step], known: dict[Hashable, int]) -> list[int]:
    """A number for each layer: equal where all that it is made from is equal."""
    found: list[int] = []
    for index, step in enumerate(steps):
        reads = tuple(found[i] for i in step.inputs)
        if _passes(steps, index):
            found.append(reads[0])
            continue
        if step.layer is not None and step.layer.commutes:
            reads = tuple(sorted(reads))
        owner = None if step.shares is None else found[step.shares]
        found.append(known.setdefault((_said(steps, index), reads, owner), len(known)))
    return found


def _said(steps: Sequence[Step], index: int) -> Hashable:
    """What a layer is, apart from what it reads: what it computes, and the number of outputs.

    A bias is left aside: a norm that a file merged into a convolution gave it one.
    """
    layer, size = steps[index].layer, elements(steps[index].output or ())
    if layer is None:
        return (steps[index].kind, size)
    bare = layer.replace(bias=True) if layer.__dict__.get("bias") is False else layer
    return (done(steps, index, bare), size)
