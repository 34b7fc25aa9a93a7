"""The parameters of a module that its forward pass never reads: heads of training, leftovers."""

from collections.abc import Iterable, Mapping
from typing import Any

from convcalc.interop.trace.tensors import Trace
from convcalc.shapes import Shape, elements

#: The parts of dotted names by those before them. Not each path as a text: a file names its
#: parameters as it likes, and the paths of one long name are the square of its length.
_Parts = dict[str, Any]


def unread(trace: Trace, entries: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """The parameters that no output is made from: their modules, and how many numbers they hold.

    Args:
        trace: the net as it was read, all of it.
        entries: where the archive keeps each array: parameters with two names are kept once.
    """
    learned = {name: shape for name, shape in trace.weights.items() if name not in trace.buffers}
    read = _read(trace)
    kept = {name: (_place(entries, name), shape) for name, shape in learned.items()}
    places = [kept[name] for name in learned if name in read]
    if len({place for place, _ in places}) > 1:  # without numbers all lie in one place
        learned = {n: s for n, s in learned.items() if n in read or kept[n] not in places}
    lost = {name: shape for name, shape in learned.items() if name not in read}
    names = _modules(lost, [name for name in learned if name in read])
    return tuple(names), sum(map(elements, lost.values()))


def _read(trace: Trace) -> set[str]:
    """The arrays that the outputs are made from."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = list(trace.outputs)
    while waiting:
        tensor = waiting.pop()
        found |= tensor.sources
        if tensor.maker is not None and id(tensor.maker) not in seen:
            seen.add(id(tensor.maker))
            waiting += [one for one in tensor.maker.inputs if one is not None]
    return found


def placed(entries: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Where each array lies; its own name where all lie in one place, as without numbers."""
    found = {name: _place(entries, name) for name in names}
    return found if len(set(found.values())) > 1 else {name: name for name in found}


def _place(entries: Mapping[str, Any], name: str) -> str:
    """The member of the archive that holds an array; its own name where none is said."""
    entry = entries.get(name)
    place = entry.get("path_name") if isinstance(entry, dict) else None
    return place if isinstance(place, str) else name


def _modules(lost: Mapping[str, Shape], read: list[str]) -> list[str]:
    """Names for them: the outermost modules of which nothing is read."""
    used: _Parts = {}
    for name in read:
        within = used
        for part in name.split("."):
            within = within.setdefault(part, {})
    return list(dict.fromkeys(_outermost(name, used) for name in lost))


def _outermost(name: str, used: _Parts) -> str:
    """``a``, ``a.b`` or ``a.b.weight``: the first that is no part of a name that is read."""
    parts = name.split(".")
    for end, part in enumerate(parts, 1):
        if part not in used:
            return ".".join(parts[:end])
        used = used[part]
    return name
