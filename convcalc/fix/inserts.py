"""Layers that are written between an input of a merge and the merge, in the file's own layout."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from convcalc.fix.branches import BranchEnds, conditional, free_name, is_numbered, keyed
from convcalc.fix.record import Change
from convcalc.network.record import INPUT, Network
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_MOST = 200  #: layers that are put before a merge at once


class Joined(NamedTuple):
    """A layer that is put between an input of a merge and the merge."""

    place: int
    """Which of the inputs."""
    layer: str
    """The layer as an entry has it: ``crop: {like: {0}}`` of input 0, ``conv1-64s2``."""
    suffix: str
    """What is put behind the input's name for it."""
    when: str = ""
    """The condition under which a call of its block needs it; '' for every call."""
    argument: bool = False
    """Whether it is what the call gives its block in place of an empty branch."""
    unnamed: str = ""
    """The same layer where the inputs have no names: ``crop: {size: [24, 24]}``."""
    norm: str = ""
    """The norm behind it, as the convs beside it have one; '' for none."""


def inserted(
    network: Network,
    editor: Editor,
    root: Mapping,
    index: int,
    joined: list[Joined],
    deeper: bool = False,
) -> Iterator[Change]:
    """Layers more before a merge, at the end of its branches or of its own; `deeper` ones learn."""
    entries = entry_of(root)
    kind = kind_of(network.steps[index])
    entry = entries.get(kind.start)
    given = entry.get("from") if entry is not None else None
    if not joined or len(joined) > _MOST or entry is None:
        return
    rank = (int(deeper), 1, len(joined))
    try:
        if isinstance(given, Sequence):
            change = _before_it(network, editor, entry, given, index, joined)
        else:
            change = BranchEnds(network, editor, root, entries, entry, index).longer(joined)
    except CannotEditError:
        return
    if change is not None:
        yield change._replace(rank=rank, learns=deeper, inserts=True)


def arriving(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """A name for what arrives at a block whose merge reads `input`: that is the whole net's."""
    step = network.steps[index]
    entry = entry_of(root).get(kind_of(step).start)
    given = entry.get("from") if entry is not None else None
    layers: Node | None = root
    for key in ("blocks", getattr(step.place.calls[0], "text", "") if step.place.calls else ""):
        layers = layers.get(key) if isinstance(layers, Mapping) else None
    layers = layers.get("layers") if isinstance(layers, Mapping) else None
    if not isinstance(given, Sequence) or not isinstance(layers, Sequence) or not layers.items:
        return
    words = [item.text for item in given.items if isinstance(item, Scalar)]
    if INPUT not in words or len(words) != len(step.inputs):
        return
    try:
        name = free_name(network, "start", words)
        edits = [lines_before(editor, layers.items[0], [("identity:", f"name: {name}")])]
    except CannotEditError:
        return
    new = [name if word == INPUT else word for word in words]
    for item, word in zip(given.items, words, strict=True):
        if word == INPUT:
            edits.append(Edit(editor.start(item), editor.end(item), name))
    yield _renamed(network, editor, index, words, new)._replace(
        effect=f"{name} is what arrives at the block", edits=tuple(edits)
    )


def _renamed(
    network: Network, editor: Editor, index: int, words: list[str], new: list[str]
) -> Change:
    """A merge that reads layers by other names, which are written before it."""
    step = network.steps[index]
    return Change(
        layer=step.name,
        option="from",
        before=f"[{', '.join(words)}]",
        after=f"[{', '.join(new)}]",
        line=network.source.line_of(editor.start(kind_of(step))),
        effect="",
        edits=(),
        rank=(0, 0, 0),
        inserts=True,
    )


def _before_it(
    network: Network,
    editor: Editor,
    entry: Mapping,
    given: Sequence,
    index: int,
    joined: list[Joined],
) -> Change | None:
    """Entries more before a merge whose inputs are named in a list."""
    step = network.steps[index]
    words = [item.text for item in given.items if isinstance(item, Scalar)]
    if len(words) != len(step.inputs) or any(one.argument for one in joined):
        return None
    if step.place.calls and any(words[one.place] == INPUT for one in joined):
        return None  # the net's, and each call reads it: what arrives at the block was meant
    edits: list[Edit] = []
    layers: list[tuple[str, ...]] = []
    new = list(words)
    beside = _condition(editor, entry, joined)
    for one in joined:
        item: Node = given.items[one.place]
        word = words[one.place]
        wanted = f"{re.sub('[^A-Za-z0-9_]+', '_', word).strip('_')}_{one.suffix}"
        new[one.place] = free_name(network, wanted, new)
        edits.append(Edit(editor.start(item), editor.end(item), new[one.place]))
        layer = re.sub("[{]([0-9]+)[}]", lambda match: words[int(match[1])], one.layer)
        if "like: =" in layer:
            return None  # a layer that an argument names is not `like` another
        if one.when:  # a name has to be known where its layer is left out, too
            parts = [(layer, "inside"), *((norm, "norm") for norm in [one.norm] if norm)]
            inner = [(part, _numbered(network, editor, part, f"{wanted}_{suffix}", new))
                     for part, suffix in parts]  # fmt: skip
            layer = f"repeat: {{times: 1, layers: [{conditional(inner, one.when)}]}}"
        named = f"name: {new[one.place]}"
        if one.norm and not one.when:
            own = _numbered(network, editor, layer, f"{wanted}_conv", new)
            named_conv = [f"name: {own}"] if own else []
            layers.append((keyed(layer), f"from: {word}", *named_conv, *beside))
            layers.append((keyed(one.norm), named, *beside))
        else:
            layers.append((keyed(layer), f"from: {word}", named, *beside))
    edits.append(lines_before(editor, entry, layers))
    shown = joined[0].layer if "{" not in joined[0].layer else layers[0][0]
    norm = f", `{joined[0].norm}`" if joined[0].norm and not joined[0].when else ""
    return _renamed(network, editor, index, words, new)._replace(
        effect=f"`{shown}`{norm} before it", edits=tuple(edits)
    )


def _condition(editor: Editor, entry: Mapping, joined: list[Joined]) -> list[str]:
    """The `when` of a merge, for what is put before it: without the merge nothing reads that.

    Raises:
        CannotEditError: the same words mean other channels there.
    """
    node = entry.get("when")
    if node is None:
        return []
    text = editor.written(node)
    if IN_CHANNELS in text and any(one.place or one.norm for one in joined):
        raise CannotEditError(f"{text} asks for the channels of another layer")
    return [f"when: {text}"]


def _numbered(network: Network, editor: Editor, layer: str, wanted: str, others: list[str]) -> str:
    """A name for a layer whose number the file may read another by; '' where it needs none."""
    return free_name(network, wanted, others) if is_numbered(editor.text, layer) else ""


def lines_before(editor: Editor, entry: Node, layers: list[tuple[str, ...]]) -> Edit:
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
