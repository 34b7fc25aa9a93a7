"""The condition of a shortcut's projection, where it asks for the stride and not for the depth.

A shortcut is projected where the stride or the depth changes (He et al. 2015, section 3.3): with
``when: =stride != 1`` alone the first stage has none, where the stem makes other channels.
"""

import re
from collections.abc import Iterator

from convcalc.fix.branches import flow
from convcalc.fix.left_out import origin
from convcalc.fix.left_out_bodies import in_brackets
from convcalc.fix.record import Change
from convcalc.fix.scopes import numbers_as_arguments
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: a comparison of arguments, in one line
_COMPARED = re.compile(r"=(?=.*(?:[<>]|[!=]=))[\w ()=!<>+*/-]+")
_ANY = re.compile(r"\b(?:and|or|if|not)\b")


def widened(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """``=stride != 1 or in_channels != filters`` where the projection was left out by its `when`.

    What follows the projection under the same words goes with it: behind it `in_channels` is
    another number.
    """
    step = network.steps[index]
    entry = entry_of(root).get(kind_of(step).start)
    wanted = {(network.steps[at].output or (0,))[-1] for at in step.inputs}
    origins = [origin(network, at) for at in step.inputs]
    short = (network.steps[min(origins)].output or (0,))[-1]
    if step.kind != "add" or entry is None or not step.place.calls or len(wanted) != 2:
        return
    (depth,) = wanted - {short}
    for place, at in enumerate(origins):
        if at != min(origins):
            continue
        named = _named(network, root, entry, index, place)
        branch = named or _branch(entry, place, len(origins))
        for items, group in _conditional(branch) if branch is not None else ():
            try:
                filters = filters_of(group[0])
                word = filters or next(iter(numbers_as_arguments(network, step, depth)), "")
                yield _change(network, editor, index, items, group, word or str(depth))
            except CannotEditError:
                continue


def _branch(entry: Mapping, place: int, branches: int) -> Node | None:
    """A branch of a merge that holds its branches."""
    add = entry.get("add")
    within = add.get("branches") if isinstance(add, Mapping) else None
    nodes: list[Node] = []
    if isinstance(within, Mapping):
        nodes = [value for _, value in within.entries.values()]
    elif isinstance(within, Sequence):
        nodes = [*within.items]
    return nodes[place] if len(nodes) == branches else None


def _named(network: Network, root: Mapping, entry: Mapping, index: int, place: int) -> Node | None:
    """The layers of a shortcut that a merge in a block reads by a name, which `repeat` has.

    A layer that is left out has no name; a `repeat` of none has that of what it reads.
    """
    given, call = entry.get("from"), network.steps[index].place.calls[0]
    blocks = root.get("blocks")
    block = blocks.get(getattr(call, "text", "")) if isinstance(blocks, Mapping) else None
    layers = block.get("layers") if isinstance(block, Mapping) else block
    if not isinstance(given, Sequence) or not isinstance(layers, Sequence):
        return None
    words = [getattr(item, "text", "") for item in given.items]
    for item in layers.items:
        name = item.get("name") if isinstance(item, Mapping) else None
        if name is not None and words[place : place + 1] == [getattr(name, "text", "")]:
            repeat = item.get("repeat") if isinstance(item, Mapping) else None
            return repeat.get("layers") if isinstance(repeat, Mapping) else None
    return None


def _conditional(branch: Node) -> Iterator[tuple[Sequence | None, list[Mapping]]]:
    """The first layers with a condition in a branch, those behind them under the same words."""
    items = [*branch.items] if isinstance(branch, Sequence) else [branch]
    group = list[Mapping]()
    for item in items:
        if not isinstance(item, Mapping) or not condition_of(item):
            return
        if group and condition_of(item) != condition_of(group[0]):
            return
        group.append(item)
    if group:
        yield (branch if isinstance(branch, Sequence) else None), group


def condition_of(entry: Mapping) -> str:
    """The condition of an entry where it compares arguments; '' for others."""
    node = entry.get("when")
    text = node.text if isinstance(node, Scalar) and node.plain else ""
    return text if _COMPARED.fullmatch(text) and IN_CHANNELS not in text else ""


def filters_of(entry: Mapping) -> str:
    """How many filters the last conv of an entry has, as it is written; '' where it has no key."""
    options = entry.get("conv")
    repeat = entry.get("repeat")
    layers = repeat.get("layers") if isinstance(repeat, Mapping) else None
    if isinstance(layers, Sequence):
        found = [filters_of(item) for item in layers.items if isinstance(item, Mapping)]
        return next(filter(None, reversed(found)), "")
    filters = options.get("filters") if isinstance(options, Mapping) else None
    text = filters.text if isinstance(filters, Scalar) else ""
    return text if "," not in text else ""


def with_channels(condition: str, depth: str) -> str:
    """A condition that is met too where other channels arrive than are made."""
    formula = depth.removeprefix("=").strip()
    formula = f"({formula})" if _ANY.search(formula) else formula
    first = f"=({condition[1:].strip()})" if " if " in condition else condition
    return f"{first} or {IN_CHANNELS} != {formula}"


def _change(
    network: Network,
    editor: Editor,
    index: int,
    items: Sequence | None,
    group: list[Mapping],
    depth: str,
) -> Change:
    """The condition with the channels; several entries under it become one.

    Raises:
        CannotEditError: the layout of the file does not allow it.
    """
    step, (_, now) = network.steps[index], group[0].entries["when"]
    before = condition_of(group[0])
    after = with_channels(before, depth)
    edits = [Edit(editor.inside(now), editor.end(now), after)]
    if len(group) > 1:
        edits = [_as_one(editor, items, group, after)]
    return Change(
        layer=step.name,
        option="when",
        before=before,
        after=after,
        line=network.source.line_of(editor.start(now)),
        effect="",
        edits=tuple(edits),
        rank=(),
        learns=True,
        inserts=True,
    )


def _as_one(editor: Editor, items: Sequence | None, group: list[Mapping], when: str) -> Edit:
    """Entries under one condition as one, which is asked for what arrives at the first.

    Raises:
        CannotEditError: their lines cannot be in brackets.
    """
    parts = [in_brackets(editor, item, frozenset({"when"})) for item in group]
    texts = [part if part[:1] == "{" else flow(part) for part in parts]
    if items is None or not all(parts):
        raise CannotEditError("its lines cannot be in brackets")
    start, end = editor.start(group[0]), editor.end(group[-1])
    repeat = f"repeat: {{times: 1, layers: [{', '.join(texts)}]}}"
    if editor.is_flow(items):
        return Edit(start, end, f"{{{repeat}, when: {when}}}")
    column = start - (editor.text.rfind("\n", 0, start) + 1)
    if editor.is_flow(group[0]):
        return Edit(start, end, f"{{{repeat}, when: {when}}}")
    return Edit(start, end, f"{repeat}{editor.newline()}{' ' * column}when: {when}")
