"""Changes that give the inputs of a merge one spatial size: padded convs, or a crop before it."""

import re
from collections.abc import Iterator

from convcalc.fix.frameworks import half_padded
from convcalc.fix.record import Change
from convcalc.network.merge_repairs import is_unpadded
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Scalar, Sequence

_NAMED = 3  #: layers that a change names
_MOST = 200  #: layers that are padded at once


def size_changes(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """For a merge of volumes of other sizes: its unpadded convs padded, the larger one cropped.

    Both are what U-Nets do: later ones pad by half of the window, the first one crops.
    """
    step = network.steps[index]
    sizes = [(network.steps[i].output or ())[:-1] for i in step.inputs]
    if () in sizes or len({len(size) for size in sizes}) > 1 or len(set(sizes)) == 1:
        return
    yield from _padded(network, index)
    try:
        yield from _cropped(network, editor, root, index)
    except CannotEditError:
        return


def _padded(network: Network, index: int) -> Iterator[Change]:
    """Half of the window around every conv of stride 1 in the branches that has no padding."""
    pasts = [network.ancestors(i) for i in network.steps[index].inputs]
    common = set.intersection(*pasts)
    fork = network.ancestors(max(common)) if common else set()
    changes: list[Change] = []
    for at in sorted(set.union(*pasts) - fork):
        change = half_padded(network, at) if is_unpadded(network.steps[at]) else None
        if change is not None:
            changes.append(change)
    if not changes or len(changes) > _MOST:
        return
    names = list(dict.fromkeys(change.layer for change in changes))
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    values = {change.after for change in changes}
    yield changes[0]._replace(
        layer=", ".join([*names[:_NAMED], *more]),
        after=values.pop() if len(values) == 1 else "half of the window",
        edits=tuple(dict.fromkeys(edit for change in changes for edit in change.edits)),
        rank=(0, 0, len(changes)),
    )


def _cropped(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """A crop to the smallest input before a merge whose inputs are named in a list."""
    step = network.steps[index]
    kind = kind_of(step)
    entry = entry_of(root).get(kind.start)
    given = entry.get("from") if entry is not None else None
    if entry is None or not isinstance(given, Sequence) or len(given.items) != len(step.inputs):
        return
    words = [item.text for item in given.items if isinstance(item, Scalar)]
    shapes = [network.steps[i].output or () for i in step.inputs]
    least = tuple(map(min, *(shape[:-1] for shape in shapes)))
    small = next((i for i, shape in enumerate(shapes) if shape[:-1] == least), None)
    if small is None or len(words) != len(shapes) or words[small][:1] == "=":
        return
    edits: list[Edit] = []
    layers: list[tuple[tuple[str, str], ...]] = []
    new = list(words)
    for place, (item, word, shape) in enumerate(zip(given.items, words, shapes, strict=True)):
        if shape[:-1] == least:
            continue
        new[place] = f"{re.sub('[^A-Za-z0-9_]+', '_', word).strip('_')}_cropped"
        edits.append(Edit(editor.start(item), editor.end(item), new[place]))
        layers.append((("crop", f"{{like: {words[small]}}}"), ("from", word), ("name", new[place])))
    if len(set(new)) < len(new) or any(s.name in set(new) - set(words) for s in network.steps):
        return
    edits.append(_before(editor, entry, layers))
    line = network.source.text.count("\n", 0, editor.start(kind)) + 1
    before, after = (f"[{', '.join(names)}]" for names in (words, new))
    effect = f"`crop: {{like: {words[small]}}}` before it"
    yield Change(step.name, "from", before, after, line, effect, tuple(edits), (0, 1, len(layers)))


def _before(editor: Editor, entry: Mapping, layers: list[tuple[tuple[str, str], ...]]) -> Edit:
    """Entries more before one in a list.

    Raises:
        CannotEditError: the list is written in a way of its own.
    """
    start = editor.start(entry)
    line = editor.text[editor.text.rfind("\n", 0, start) + 1 : start]
    if not re.fullmatch(r" *- +", line):
        if editor.is_flow(entry):
            flow = (", ".join(f"{key}: {value}" for key, value in keys) for keys in layers)
            return Edit(start, start, "".join(f"{{{keys}}}, " for keys in flow))
        raise CannotEditError("it does not begin its line")
    inner = editor.newline() + " " * len(line)
    text = "".join(
        inner.join(f"{key}: {value}" for key, value in keys) + editor.newline() + line
        for keys in layers
    )
    return Edit(start, start, text)
