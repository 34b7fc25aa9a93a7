"""What a net's outputs are called: as the source calls them, where a spec can have that name."""

from collections.abc import Iterable

from convcalc.interop.called import FlatNames, renamed
from convcalc.interop.flat import Flat, FlatItem
from convcalc.interop.names import few, one

#: letters of an output's name that are kept, of the keys of dictionaries inside each other the last
LONGEST = 200


def give_back(items: list[FlatItem], at: int, names: Iterable[str]) -> None:
    """Remember what the source calls an output; one of several names is the first."""
    for name in names:
        if name and not items[at].returned:
            items[at] = items[at]._replace(returned=name)


def within(path: str, key: str) -> str:
    """The name of a value inside of a dictionary or list: all keys from the outermost one on."""
    return f"{path}.{key[:LONGEST]}"[-LONGEST:] if path else key[:LONGEST]


def named(flat: Flat, folded: bool = False) -> Flat:
    """A graph whose layers are called as the source calls the outputs that they are.

    A layer that learns keeps its name, as its arrays are called by it (`verify --weights`, keys of
    an exported module). A folded spec has other names than the source, so that there all are free.
    A note says which outputs have other names here: taken ones, those with other characters.
    """
    outputs = [i for i in flat.outputs if flat.items[i].returned]
    if not outputs:
        return flat
    free = {i for i in outputs if flat.items[i].layer and (folded or not _learns(flat, i))}
    names = FlatNames()
    shared = {i for item in flat.items for i in (item.shares, item.like) if i is not None}
    for i, item in enumerate(flat.items):
        written = not folded or item.layer is None or i in shared or item.shares is not None
        if written and i not in free:
            names.taken[item.name] = 1
    called, others = [item.name for item in flat.items], []
    for i in outputs:
        returned = flat.items[i].returned
        if i in free:
            called[i] = names.give(returned, called[i])
        if called[i] != returned:
            others.append(f"{one(returned)} (here {called[i]})")
    note = f"outputs that are called otherwise in the source: {few(others)}"
    notes = (*flat.notes, note) if others and note not in flat.notes else flat.notes
    return flat._replace(items=renamed(flat.items, called), notes=notes)


def lists_outputs(flat: Flat) -> bool:
    """Whether a spec lists all outputs: they have names, or come in another order than layers."""
    given = any(flat.items[i].returned for i in flat.outputs)
    return given or list(flat.outputs) != sorted(flat.outputs)


def _learns(flat: Flat, at: int) -> bool:
    """Whether a layer has arrays, which its name is part of; one without a size counts as such."""
    item = flat.items[at]
    inputs = tuple(flat.items[i].output for i in item.inputs)
    if item.layer is None or not item.output or not all(inputs):
        return True
    return bool(item.layer.arrays(inputs, item.output))
