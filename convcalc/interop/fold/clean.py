"""A flat graph in the form that people write: no flatten before fc, joins that build on joins."""

from convcalc.interop.flat import Flat, FlatItem

#: kinds that read all numbers in whatever shape they come
_READS_ALL = frozenset({"fc"})


def cleaned(flat: Flat) -> tuple[Flat, bool]:
    """The graph without needless layers, and whether joins were rewritten.

    A join of (a, b, c) where a join of (a, b) exists is written as a join of that and c: the same
    shapes, parameters and MACs, and the way a dense block is thought of.
    """
    items = list(flat.items)
    readers = readers_of(flat)
    kept = list(range(len(items)))
    instead: dict[int, int] = {}
    for i, item in enumerate(items):
        read_by = [items[j].kind for j in readers[i]]
        needless = item.kind == "flatten" and read_by and set(read_by) <= _READS_ALL
        if needless and i not in flat.outputs:
            instead[i] = item.inputs[0]
    rewritten = False
    joins: dict[tuple[int, ...], int] = {}
    for i, item in enumerate(items):
        inputs = tuple(_final(instead, j) for j in item.inputs)
        if item.kind == "concat":
            for length in range(len(inputs) - 1, 1, -1):
                first = joins.get(inputs[:length])
                if first is not None:
                    inputs = (first, *inputs[length:])
                    rewritten = True
                    break
            joins.setdefault(tuple(_final(instead, j) for j in item.inputs), i)
        items[i] = item._replace(inputs=inputs)
    kept = [i for i in kept if i not in instead]
    return _kept(flat, items, kept), rewritten


def _final(instead: dict[int, int], item: int) -> int:
    while item in instead:
        item = instead[item]
    return item


def _kept(flat: Flat, items: list[FlatItem], kept: list[int]) -> Flat:
    place = {old: new for new, old in enumerate(kept)}
    found = []
    for i in kept:
        item = items[i]
        shares = None if item.shares is None else place[item.shares]
        like = None if item.like is None else place[item.like]
        inputs = tuple(place[j] for j in item.inputs)
        found.append(item._replace(inputs=inputs, shares=shares, like=like))
    outputs = tuple(place[i] for i in flat.outputs)
    faults = tuple((place[i], fault) for i, fault in flat.faults if i in place)
    return flat._replace(items=tuple(found), outputs=outputs, faults=faults)


def readers_of(flat: Flat) -> list[list[int]]:
    """For each item the items that read it, once an input."""
    found: list[list[int]] = [[] for _ in flat.items]
    for i, item in enumerate(flat.items):
        for j in item.inputs:
            found[j].append(i)
    return found
