"""Layers that a number in a call or a variable adds or leaves out, where a `when:` reads it."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from convcalc.fix.moved import Moved, back
from convcalc.network.record import Network
from convcalc.quantity import counted
from convcalc.spec.edit import Editor, entry_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Node
from convcalc.tree.reader import read

_NAMED = 3  #: layers that are named of those that come or go

#: layers by where their kinds and the calls around them are in the text
_Placed = dict[tuple[int, ...], list[int]]


def turned(now: Network, moves: Sequence[Moved], then: Network) -> list[str]:
    """What the conditions of a file add to its net by a repair and what they leave out, in words.

    Args:
        now: the net before the repair.
        moves: the edits of the repair, each of the text that those before it made.
        then: the net that it makes.
    """
    conditional = _conditional(now)
    if not conditional:
        return []
    before = _placed(now, lambda at: at)
    after = _placed(then, lambda at: back(moves, at))
    come, gone = list[int](), list[int]()
    for places in before.keys() | after.keys():
        if any(bisect_right(conditional, at) % 2 for at in places):
            old, new = before.get(places, []), after.get(places, [])
            come += new[len(old) :]
            gone += old[len(new) :]
    return [*_told("adds", then, come), *_told("leaves out", now, gone)]


def _conditional(network: Network) -> list[int]:
    """Where the entries with a `when:` start and end in the text, those inside of others left out.

    As many starts and ends are before a place outside of all.
    """
    editor, (root, _) = Editor(network.source), read(network.source, TRUSTED)
    entries = {id(entry): entry for entry in entry_of(root).values() if "when" in entry.entries}
    found: list[int] = []
    for start, end in sorted((editor.start(one), editor.end(one)) for one in entries.values()):
        if not found or start > found[-1]:
            found += [start, end]
    return found


def _placed(network: Network, was: Callable[[int], int]) -> _Placed:
    """The layers of a net by where they were in the text before edits."""
    editor, found = Editor(network.source), _Placed()
    known: dict[int, int] = {}  # by the id of a mark: many layers share one
    for index, step in enumerate(network.steps):
        marks = [m for m in (step.place.kind, *step.place.calls) if isinstance(m, Node)]
        for mark in marks:
            if id(mark) not in known:
                known[id(mark)] = was(editor.start(mark))
        found.setdefault(tuple(known[id(mark)] for mark in marks), []).append(index)
    return found


def _told(what: str, network: Network, layers: list[int]) -> list[str]:
    """Which layers conditions add or leave out."""
    names = [network.steps[index].name for index in sorted(layers)]
    more = [counted(len(names) - _NAMED, "more layer")] if len(names) > _NAMED else []
    return [f"`when:` {what} {', '.join([*names[:_NAMED], *more])}"] if names else []
