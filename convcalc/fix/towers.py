"""The `from:` that the second of two towers lacks: it reads the first one, and an input is unused.

Nets of two inputs (colour and depth, two frames) take each through layers of its own and merge
them. An entry without `from:` reads the layer above, which is the end of the tower before.
"""

from collections.abc import Iterator

from convcalc.fix.record import Change
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Node, Scalar

CODE = "CC120"  #: an input or a layer that nothing reads
_LEAST = 2  #: layers of a tower without blocks
_INPUTS = 8  #: of a net, and of a merge
_MOST = 200_000  #: layers that are looked at, over all merges


def separate(network: Network, editor: Editor, root: Mapping, unread: Step) -> Iterator[Change]:
    """`from:` with an unread input at the first entry of each tower that reads one like it."""
    steps = network.steps
    if unread.kind != INPUT or sum(step.kind == INPUT for step in steps) > _INPUTS:
        return
    tried, left = set[int](), _MOST
    for merge, step in enumerate(steps):
        if not 1 < len({*step.inputs}) <= _INPUTS or step.place.calls:
            continue
        left -= 2 * len(step.inputs) ** 2 * merge  # what leads to each of two of its inputs
        if left < 0:
            return
        for end in sorted({*step.inputs}):
            for other in step.inputs:
                first = _first_behind(network, end, other)
                if first is None or first in tried or not _are_alike(network, end, first, other):
                    continue
                tried.add(first)
                try:
                    yield _reading(network, editor, root, steps[first], unread.name)
                except CannotEditError:
                    continue


def _first_behind(network: Network, end: int, other: int) -> int | None:
    """The layer with which a branch of a merge begins that goes on from another; None for none."""
    past = network.ancestors(other)
    if end == other or end not in past:
        return None
    begin = [at for at in past - network.ancestors(end) if end in network.steps[at].inputs]
    return begin[0] if len(begin) == 1 and network.steps[begin[0]].inputs == (end,) else None


def _are_alike(network: Network, end: int, first: int, other: int) -> bool:
    """Whether what leads to a layer from an input is what leads on from it: a block, or layers."""
    steps = network.steps
    before = sorted(network.ancestors(end))
    beyond = sorted(network.ancestors(other) - {*before})
    inside = [at for at in before if steps[at].kind != INPUT]
    if not inside or len(before) - len(inside) != 1:
        return False
    block, own = (_block(steps[at]) for at in (inside[0], first))
    if block or own:
        return block == own
    kinds, others = ([steps[at].kind for at in part] for part in (inside, beyond))
    return kinds == others and len(kinds) >= _LEAST


def _block(step: Step) -> str:
    """The block of the outermost call that a layer is in; '' for none."""
    return str(getattr(step.place.calls[-1], "text", "")) if step.place.calls else ""


def _reading(network: Network, editor: Editor, root: Mapping, step: Step, name: str) -> Change:
    """An entry with `from:`, which it lacks.

    Raises:
        CannotEditError: it has one, or its layout does not allow it.
    """
    at = step.place.calls[-1] if step.place.calls else kind_of(step)
    entry = entry_of(root).get(at.start) if isinstance(at, Node) else None
    edit: Edit
    if entry is not None:
        if "from" in entry.entries:
            raise CannotEditError("it says what it reads")
        edit = editor.added(entry, "from", name)
    elif isinstance(at, Scalar):
        edit = _keyed(editor, at, name)
    else:
        raise CannotEditError("it was not read from an entry")
    above = network.steps[step.inputs[0]]
    before = above.units[0] if above.units else above.name
    made = step.units[0] if step.units else step.name
    line = network.source.line_of(edit.start)
    return Change(made, "from", before, name, line, f"{made} reads {name}", (edit,), ())


def _keyed(editor: Editor, word: Scalar, name: str) -> Edit:
    """A word that is an entry of a list, with a key below it.

    Raises:
        CannotEditError: it does not stand alone in its line.
    """
    start, end = editor.start(word), editor.end(word)
    lead = editor.text[editor.text.rfind("\n", 0, start) + 1 : start]
    if lead.strip(" ") != "-" or editor.text[end : editor.line_end(end)].strip():
        raise CannotEditError("it does not stand alone in its line")
    return Edit(end, end, f":{editor.newline()}{' ' * len(lead)}from: {name}")
