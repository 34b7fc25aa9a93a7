"""A part of a flat graph: what one layer is made from (`--until`), what the outputs need."""

from convcalc.interop.flat import Flat, UnreadableError


def cut(flat: Flat, name: str) -> Flat:
    """The part of a flat graph that a layer needs, ending there.

    Raises:
        UnreadableError: it has no such layer.
    """
    found = [i for i, item in enumerate(flat.items) if name in {item.name, item.node}]
    if not found:
        raise UnreadableError(f"there is no layer {name!r} to end at")
    return pruned(flat._replace(outputs=(found[-1],)))


def pruned(flat: Flat) -> Flat:
    """A flat graph without the layers that no output needs; its last layer is an output."""
    needed: set[int] = {i for i, item in enumerate(flat.items) if item.layer is None}
    waiting = list(flat.outputs)
    while waiting:
        at = waiting.pop()
        if at not in needed:
            needed.add(at)
            waiting.extend(flat.items[at].inputs)
    kept = sorted(needed)
    place = {old: new for new, old in enumerate(kept)}
    items = tuple(
        flat.items[i]._replace(
            inputs=tuple(place[j] for j in flat.items[i].inputs),
            shares=None if flat.items[i].shares is None else place.get(flat.items[i].shares or 0),
        )
        for i in kept
    )
    faults = tuple((place[i], fault) for i, fault in flat.faults if i in place)
    outputs = tuple(sorted(place[i] for i in set(flat.outputs)))
    return flat._replace(items=items, outputs=outputs, faults=faults)
