"""A merge in a block whose calls name wrong layers: the skips of a U-Net in another order."""

from collections.abc import Iterator

from convcalc.fix.record import Change
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_MOST = 8  #: other calls of the block that are tried


def exchanged(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """The layer that the call of a merge is given, exchanged with that of another call."""
    step = network.steps[index]
    call = step.place.calls[0] if step.place.calls else None
    if not isinstance(call, Scalar):
        return
    entries, names = entry_of(root), {*_ends(network)}
    others: dict[int, Scalar] = {}
    for one in network.steps:
        other = one.place.calls[0] if one.place.calls else None
        if isinstance(other, Scalar) and other.text == call.text and other.start != call.start:
            others.setdefault(other.start, other)
    own = _layers(entries.get(call.start), call.text, names)
    for other in list(others.values())[:_MOST]:
        theirs = _layers(entries.get(other.start), call.text, names)
        for key, node in own.items():
            there = theirs.get(key)
            if there is None or there.text == node.text:
                continue
            edits = sorted(
                Edit(editor.start(at), editor.end(at), new.text)
                for at, new in ((node, there), (there, node))
            )
            line = network.source.line_of(editor.start(other))
            yield Change(
                layer=step.name,
                option=f"{call.text}: {key}" if isinstance(key, str) else call.text,
                before=node.text,
                after=there.text,
                line=network.source.line_of(editor.start(node)),
                effect=f"exchanged with line {line}",
                edits=tuple(edits),
                rank=(0, 0, 1),
                completes=True,
            )


def unread_instead(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """The one named layer of the size that is needed that no merge reads, in place of another.

    A skip that is given twice leaves its own unread, and so do skips that are all one level off.
    """
    entries, steps = entry_of(root), network.steps
    step, places = steps[index], _ends(network)
    call = step.place.calls[0] if step.place.calls else None
    if not isinstance(call, Scalar):
        return
    joined = {at for one in steps if len(one.inputs) > 1 for at in one.inputs}
    named = [e["name"][1] for m in entries.values() if "name" in (e := m.entries)]
    names = [node.text for node in named if isinstance(node, Scalar)]
    for key, node in _layers(entries.get(call.start), call.text, {*places}).items():
        others = {steps[at].output for at in step.inputs if at != places[node.text]}
        wanted = others.pop() if len(others) == 1 and places[node.text] in step.inputs else None
        axes = slice(None) if step.kind == "add" else slice(-1)
        fitting = [
            name
            for name in dict.fromkeys(names)
            if wanted and name in places and places[name] < index
            if places[name] not in joined
            if (steps[places[name]].output or ())[axes] == wanted[axes]
        ]
        if len(fitting) == 1:
            yield Change(
                layer=step.name,
                option=f"{call.text}: {key}" if isinstance(key, str) else call.text,
                before=node.text,
                after=fitting[0],
                line=network.source.line_of(editor.start(node)),
                effect=f"no merge reads {fitting[0]}",
                edits=(Edit(editor.start(node), editor.end(node), fitting[0]),),
                rank=(0, 0, -2),
                completes=True,
            )


def _ends(network: Network) -> dict[str, int]:
    """The layers by their names, and by those of the block calls that they are the last of."""
    return calls_ends(network) | {one.name: at for at, one in enumerate(network.steps)}


def calls_ends(network: Network) -> dict[str, int]:
    """The layer that each block call ends with, which is read by the name of the call."""
    return {one.units[0]: at for at, one in enumerate(network.steps) if one.units}


def _layers(entry: Mapping | None, block: str, names: set[str]) -> dict[str | int, Scalar]:
    """The arguments of a call that name layers, by name or by place."""
    given: Node | None = entry.get(block) if entry is not None else None
    found: list[tuple[str | int, Node]] = []
    if isinstance(given, Sequence):
        found = list(enumerate(given.items))
    elif isinstance(given, Mapping):
        found = [(key, node) for key, (_, node) in given.entries.items()]
    elif given is not None:
        found = [(0, given)]
    return {key: node for key, node in found if isinstance(node, Scalar) and node.text in names}
