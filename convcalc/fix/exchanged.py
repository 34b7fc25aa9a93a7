"""A merge in a block whose calls have each other's layers: the skips of a U-Net in wrong order."""

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
    entries, names = entry_of(root), {one.name for one in network.steps}
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
