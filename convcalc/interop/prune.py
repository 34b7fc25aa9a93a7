"""A part of a flat graph: what one layer is made from (`--until`), what the outputs need."""

from convcalc.interop.flat import Flat, UnreadableError
from convcalc.interop.names import listed, one


def cut(flat: Flat, name: str) -> Flat:
    """The part of a flat graph that a layer needs, ending there.

    Raises:
        UnreadableError: it has no such layer.
    """
    found = [i for i, item in enumerate(flat.items) if name in {item.name, item.node}]
    if not found:
        raise UnreadableError(f"there is no layer {name!r} to end at")
    ends = flat._replace(outputs=(found[-1],))
    said = unneeded(ends, found[-1], beside(name))
    return pruned(ends._replace(notes=(*flat.notes, *said)))


def beside(name: str) -> str:
    """What to say of what comes before the node of `--until` and is not taken with it."""
    return f"left out, since {one(name)} needs nothing of what they make"


def pruned(flat: Flat) -> Flat:
    """A flat graph without the layers that no output needs; its last layer is an output."""
    kept = sorted(_needed(flat))
    place = {old: new for new, old in enumerate(kept)}
    heirs: dict[int, int] = {}
    items = []
    for i in kept:
        item = flat.items[i]
        shares = item.shares
        if shares is not None and shares not in place:  # the first that is left owns them now
            shares = heirs.setdefault(shares, i)
            shares = None if shares == i else shares
        inputs = tuple(place[j] for j in item.inputs)
        shares = None if shares is None else place[shares]
        like = None if item.like is None else place[item.like]
        items.append(item._replace(inputs=inputs, shares=shares, like=like))
    faults = tuple((place[i], fault) for i, fault in flat.faults if i in place)
    outputs = tuple(dict.fromkeys(place[i] for i in flat.outputs))
    return flat._replace(items=tuple(items), outputs=outputs, faults=faults)


def unneeded(
    flat: Flat, end: int | None = None, why: str = "left out, since no output needs what they make"
) -> tuple[str, ...]:
    """What to say of the layers that no output needs: their names, and what they would learn.

    Args:
        flat: the graph.
        end: the item from which on nothing is said.
        why: how to begin.
    """
    needed = _needed(flat)
    lost = [(i, item) for i, item in enumerate(flat.items[:end]) if i not in needed]
    if not lost:
        return ()
    owners = {item.shares for i, item in enumerate(flat.items) if i in needed}
    params = 0
    for i, item in lost:
        if item.layer is not None and item.output and item.shares is None and i not in owners:
            inputs = tuple(flat.items[j].output for j in item.inputs)
            params += item.layer.parameters(inputs, item.output).learned
    names = (item.node or item.name for _, item in lost)
    return (f"{why}: {listed(names, params)}",)


def _needed(flat: Flat) -> set[int]:
    """The inputs, and the items that the outputs are made from or take their size from."""
    needed: set[int] = {i for i, item in enumerate(flat.items) if item.layer is None}
    waiting = list(flat.outputs)
    while waiting:
        at = waiting.pop()
        if at not in needed:
            needed.add(at)
            item = flat.items[at]
            waiting.extend(item.inputs if item.like is None else (*item.inputs, item.like))
    return needed
