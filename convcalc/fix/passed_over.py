"""A merge that reads a branch before its last layer, which nothing else reads."""

from collections.abc import Iterator

from convcalc.fix.record import Change
from convcalc.network.branching import unread_behind
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Scalar, Sequence


def passed_over(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """The name of that layer in the `from` of the merge: FPNs add what was upsampled."""
    step = network.steps[index]
    entry = entry_of(root).get(kind_of(step).start)
    given = entry.get("from") if entry is not None else None
    found = unread_behind(network.steps, step, step.inputs)
    if found is None or step.place.calls or not isinstance(given, Sequence):
        return
    words = [item.text for item in given.items if isinstance(item, Scalar)]
    place, at = found
    if len(words) != len(step.inputs) or at in network.outputs:
        return
    item, name = given.items[place], network.steps[at].name
    new = [*words[:place], name, *words[place + 1 :]]
    yield Change(
        layer=step.name,
        option="from",
        before=f"[{', '.join(words)}]",
        after=f"[{', '.join(new)}]",
        line=network.source.line_of(editor.start(kind_of(step))),
        effect=f"nothing else reads {name}",
        edits=(Edit(editor.start(item), editor.end(item), name),),
        rank=(0, 0, 0),
        completes=True,
    )
