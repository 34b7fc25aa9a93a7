"""Changes that make the inputs of a merge fit each other: padded convs, or a layer before it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.fix.frameworks import half_padded
from convcalc.fix.record import Change
from convcalc.layers.projection import projection
from convcalc.network.merge_repairs import is_unpadded
from convcalc.network.record import Network
from convcalc.shapes import Shape, written
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_NAMED = 3  #: layers that a change names
_MOST = 200  #: layers that are padded at once


class Joined(NamedTuple):
    """A layer that is put between an input of a merge and the merge."""

    place: int
    """Which of the inputs."""
    layer: str
    """The layer as an entry has it: ``crop: {like: up}``, ``conv1-64s2:``."""
    suffix: str
    """What is put behind the input's name for it."""


def size_changes(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """For a merge of volumes that do not fit: its unpadded convs padded, or a layer before it.

    U-Nets pad by half of the window, or crop the border that is left over. Sizes of which one is a
    multiple of the other were pooled: they are enlarged again, or projected where they are added
    up (He et al. 2015, section 3.3). A vector becomes a gate again.
    """
    step = network.steps[index]
    shapes = [network.steps[i].output or () for i in step.inputs]
    if () in shapes:
        return
    sizes = [shape[:-1] for shape in shapes]
    try:
        if step.kind == "multiply" and () in sizes:
            yield from _inserted(network, editor, root, index, _gates(shapes))
        if len({len(size) for size in sizes}) > 1:
            return
        if len(set(sizes)) == 1:
            convs = _projected(network, index, shapes)
            yield from _inserted(network, editor, root, index, convs, deeper=True)
            return
        yield from _padded(network, index)
        for joined in _fitted(network, index, shapes):
            yield from _inserted(network, editor, root, index, joined)
    except CannotEditError:
        return


def _gates(shapes: list[Shape]) -> list[Joined]:
    """The spatial axes that a vector with a number for each channel has lost."""
    volume = max(shapes, key=len)
    gate = written((*[1] * (len(volume) - 1), volume[-1]))
    return [
        Joined(place, f"reshape: {{shape: {gate}}}", "gate")
        for place, shape in enumerate(shapes)
        if shape == volume[-1:]
    ]


def _projected(network: Network, index: int, shapes: list[Shape]) -> list[Joined]:
    """The 1x1 conv that an identity has to become where the layers after it change the depth."""
    step = network.steps[index]
    inputs = dict(zip(step.inputs, shapes, strict=True))
    first = min(inputs)
    wanted = {shape for at, shape in inputs.items() if at != first}
    after = all(first in network.ancestors(at) for at in inputs)
    if step.kind != "add" or len(wanted) != 1 or not after:
        return []
    (shape,) = wanted
    conv = projection(inputs[first], shape, network.roundings)
    places = [place for place, at in enumerate(step.inputs) if at == first]
    return [_conv(place, conv) for place in places if conv]


def _conv(place: int, conv: str) -> Joined:
    """A projection as an entry: a short form has the colon that its keys ask for."""
    return Joined(place, conv if ": " in conv else f"{conv}:", "projected")


def _fitted(network: Network, index: int, shapes: list[Shape]) -> Iterator[list[Joined]]:
    """What brings volumes of several sizes to one: all larger ones, or all smaller ones."""
    sizes = [shape[:-1] for shape in shapes]
    least = tuple(map(min, *sizes))
    small = next((i for i, size in enumerate(sizes) if size == least), None)
    if small is None:
        return
    larger = [place for place, size in enumerate(sizes) if size != least]
    times = {a / b for place in larger for a, b in zip(sizes[place], least, strict=True)}
    if max(times) < 2:
        yield [Joined(place, f"crop: {{like: {{{small}}}}}", "cropped") for place in larger]
        return
    (ratio, *others) = times
    if others or ratio % 1:
        return
    if network.steps[index].kind == "add":
        convs = [projection(shapes[place], shapes[small], network.roundings) for place in larger]
        if all(convs):
            yield [*map(_conv, larger, convs)]
    yield [
        Joined(place, f"upsample: {{scale: {int(ratio)}}}", "upsampled")
        for place, size in enumerate(sizes)
        if size == least
    ]


def _padded(network: Network, index: int) -> Iterator[Change]:
    """Half of the window around every conv in the branches that has no padding.

    First those of stride 1 alone, which it leaves as large as what they read.
    """
    pasts = [network.ancestors(i) for i in network.steps[index].inputs]
    common = set.intersection(*pasts)
    fork = network.ancestors(max(common)) if common else set()
    unpadded = [at for at in sorted(set.union(*pasts) - fork) if is_unpadded(network.steps[at])]
    alike = [at for at in unpadded if set(getattr(network.steps[at].layer, "stride", ())) == {1}]
    for places in (alike, unpadded) if 0 < len(alike) < len(unpadded) else (unpadded,):
        changes = [change for at in places if (change := half_padded(network, at)) is not None]
        if changes and len(changes) <= _MOST:
            yield _together(changes)


def _together(changes: list[Change]) -> Change:
    """The paddings of several layers as one change."""
    names = list(dict.fromkeys(change.layer for change in changes))
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    values = {change.after for change in changes}
    return changes[0]._replace(
        layer=", ".join([*names[:_NAMED], *more]),
        after=values.pop() if len(values) == 1 else "half of the window",
        edits=tuple(dict.fromkeys(edit for change in changes for edit in change.edits)),
        rank=(0, 0, len(changes)),
    )


def _inserted(
    network: Network,
    editor: Editor,
    root: Mapping,
    index: int,
    joined: list[Joined],
    deeper: bool = False,
) -> Iterator[Change]:
    """Layers more before a merge whose inputs are named in a list; `deeper` ones that learn."""
    step = network.steps[index]
    kind = kind_of(step)
    entry = entry_of(root).get(kind.start)
    given = entry.get("from") if entry is not None else None
    if entry is None or not isinstance(given, Sequence) or len(given.items) != len(step.inputs):
        return
    words = [item.text for item in given.items if isinstance(item, Scalar)]
    if not joined or len(words) != len(step.inputs):
        return
    edits: list[Edit] = []
    layers: list[tuple[str, ...]] = []
    new = list(words)
    for one in joined:
        item: Node = given.items[one.place]
        word = words[one.place]
        new[one.place] = f"{re.sub('[^A-Za-z0-9_]+', '_', word).strip('_')}_{one.suffix}"
        edits.append(Edit(editor.start(item), editor.end(item), new[one.place]))
        layer = re.sub("[{]([0-9]+)[}]", lambda match: words[int(match[1])], one.layer)
        if "=" in layer:
            return  # a layer that an argument names is not `like` another
        layers.append((layer, f"from: {word}", f"name: {new[one.place]}"))
    if len(set(new)) < len(new) or any(s.name in set(new) - set(words) for s in network.steps):
        return
    edits.append(_before(editor, entry, layers))
    line = network.source.text.count("\n", 0, editor.start(kind)) + 1
    before, after = (f"[{', '.join(names)}]" for names in (words, new))
    effect = f"`{layers[0][0].removesuffix(':')}` before it"
    yield Change(
        layer=step.name,
        option="from",
        before=before,
        after=after,
        line=line,
        effect=effect,
        edits=tuple(edits),
        rank=(int(deeper), 1, len(layers)),
        learns=deeper,
    )


def _before(editor: Editor, entry: Mapping, layers: list[tuple[str, ...]]) -> Edit:
    """Entries more before one in a list.

    Raises:
        CannotEditError: the list is written in a way of its own.
    """
    start = editor.start(entry)
    line = editor.text[editor.text.rfind("\n", 0, start) + 1 : start]
    if not re.fullmatch(r" *- +", line):
        if editor.is_flow(entry):
            flow = (f"{{{', '.join((f'{layer} ' if layer[-1] == ':' else layer, *keys))}}}, "
                    for layer, *keys in layers)  # fmt: skip
            return Edit(start, start, "".join(flow))
        raise CannotEditError("it does not begin its line")
    inner = editor.newline() + " " * len(line)
    text = "".join(f"{inner.join(keys)}{editor.newline()}{line}" for keys in layers)
    return Edit(start, start, text)
