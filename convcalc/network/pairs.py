"""Layers of two graphs that compute the same, however a file and a spec write them."""

from collections.abc import Hashable, Sequence

from convcalc.network.alike import face
from convcalc.network.record import Step
from convcalc.shapes import elements

#: what gives its input on, in inference
_SAME_NUMBERS = frozenset({"identity", "flatten", "dropout", "spatial_dropout", "drop_path"})

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
        if _computes(right[j]):
            there.setdefault(number, []).append(j)
    for named in (True, False):
        for i, number in enumerate(first):
            equal = there.get(number, [])
            if i in pairs or not _computes(left[i]):
                continue
            wanted = [j for j in equal if not named or right[j].name == left[i].name]
            if wanted:
                pairs[i] = wanted[0]
                equal.remove(wanted[0])
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = {}
    for j, step in enumerate(right):
        if j not in taken and _computes(step):
            waiting.setdefault(_said(step), []).append(j)
    for i, step in enumerate(left):
        rest = waiting.get(_said(step))
        if i not in pairs and rest and _computes(step):
            pairs[i] = rest.pop(0)
    return pairs


def _computes(step: Step) -> bool:
    return step.layer is not None and not _passes(step)


def _passes(step: Step) -> bool:
    """Whether a layer gives its input's numbers on, perhaps in a row."""
    if step.kind == "reshape":
        return len(step.output or ()) == 1
    return step.kind in _SAME_NUMBERS


def _numbers(steps: Sequence[Step], known: dict[Hashable, int]) -> list[int]:
    """A number for each layer: equal where all that it is made from is equal."""
    found: list[int] = []
    for step in steps:
        reads = tuple(found[i] for i in step.inputs)
        if _passes(step):
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
    kind, windows = step.kind, step.size.windows
    values = zip(step.layer.options(), face(step.layer), strict=True)
    options = tuple(value for option, value in values if option.key not in _ASIDE)
    if kind in {"avg_pool", "max_pool"} and len(windows) and _whole(step):
        return (f"global_{kind}", size)
    if kind.startswith("global_"):
        return (kind, size)
    if kind.startswith("adaptive_"):
        return (f"global_{kind.removeprefix('adaptive_')}" if _one(step) else kind, size)
    return (kind, windows, options, size)


def _one(step: Step) -> bool:
    return all(dim == 1 for dim in (step.output or (0,))[:-1])


def _whole(step: Step) -> bool:
    """Whether one window is the whole input, without padding."""
    return _one(step) and all(
        window.kernel == window.size and not window.begin and not window.end
        for window in step.size.windows
    )
