"""Skips of a U-Net without blocks that come from wrong levels of its encoder: all are put right."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.fix.exchanged import calls_ends
from convcalc.fix.record import Change
from convcalc.fix.resizing import Resizing
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor, entry_of, kind_of
from convcalc.tree.nodes import Mapping, Scalar, Sequence

_MOST = 12  #: merges of a decoder
_NAMED = 3  #: of them that a change names


class _Skip(NamedTuple):
    """What a merge of the decoder reads besides the volume that was enlarged."""

    merge: int
    word: Scalar
    source: int


def levelled(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """The skips of a decoder in the order of the encoder's levels, the deepest first.

    A level ends where the encoder steps down. All skips that are at a level come as long before
    its end: what lies so at a level that none of them names is the one that is missing.
    """
    resizing = Resizing(network, root)
    skips = _skips(network, root, resizing)
    if not skips or index not in {skip.merge for skip in skips}:
        return
    levels = _levels(network, resizing, skips[0])
    offsets = {at: offset for own in levels for offset, at in enumerate(own)}
    behind = {offsets[skip.source] for skip in skips if skip.source in offsets}
    if len(levels) < len(skips) or len(behind) != 1:
        return
    (offset,) = behind
    wanted = [own[offset] if offset < len(own) else None for own in levels][: len(skips)]
    wrong = [(skip, at) for skip, at in zip(skips, wanted, strict=True) if skip.source != at]
    if None in wanted or not wrong:
        return
    steps = network.steps
    names = [steps[skip.merge].name for skip, _ in wrong]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    calls = {at: name for name, at in calls_ends(network).items()}
    new = [calls.get(at, steps[at].name) for _, at in wrong if at is not None]
    edits = [
        Edit(editor.start(skip.word), editor.end(skip.word), name)
        for (skip, _), name in zip(wrong, new, strict=True)
    ]
    yield Change(
        layer=", ".join([*names[:_NAMED], *more]),
        option="from",
        before=", ".join(skip.word.text for skip, _ in wrong),
        after=", ".join(new),
        line=network.source.line_of(edits[0].start),
        effect=f"{'each ' * (len(names) > 1)}reads the level of the encoder that has its size",
        edits=tuple(edits),
        rank=(0, 0, -2),
        completes=True,
    )


def _skips(network: Network, root: Mapping, resizing: Resizing) -> list[_Skip]:
    """What the merges of a decoder read besides; () where it is not one, written without blocks."""
    entries, found, last = entry_of(root), list[_Skip](), 0
    for index, step in enumerate(network.steps):
        if len(step.inputs) < 2:
            continue
        entry = entries.get(kind_of(step).start)
        given = entry.get("from") if entry is not None else None
        words = given.items if isinstance(given, Sequence) else ()
        risen = [_is_enlarged(network, resizing, end, last) for end in step.inputs]
        if step.place.calls or len(words) != 2 or len(step.inputs) != 2 or sum(risen) != 1:
            return []
        word, source = words[risen.index(False)], step.inputs[risen.index(False)]
        if not isinstance(word, Scalar) or len(found) == _MOST:
            return []
        found.append(_Skip(index, word, source))
        last = index
    return found if len({id(skip.word) for skip in found}) == len(found) else []


def _is_enlarged(network: Network, resizing: Resizing, end: int, last: int) -> bool:
    """Whether a volume was made larger, once, and not smaller since the last merge of a decoder."""
    times, steps = 0, network.steps
    while end > last and len(steps[end].inputs) == 1:
        if resizing.steps_down(steps[end]):
            return False
        times += resizing.enlarges(steps[end])
        if times and not last:
            return True  # what comes before is the encoder
        (end,) = steps[end].inputs
    return times == 1 and end == last


def _levels(network: Network, resizing: Resizing, first: _Skip) -> list[list[int]]:
    """The levels of the encoder, the deepest first, and of each its layers, the last of them first.

    There are none where it has merges of its own.
    """
    steps, levels, rising = network.steps, list[list[int]](), True
    (at,) = {*steps[first.merge].inputs} - {first.source}
    while len(steps[at].inputs) == 1:
        if rising:
            rising = not resizing.enlarges(steps[at])
        elif resizing.steps_down(steps[at]):
            levels.append([])
        (at,) = steps[at].inputs
        if levels:
            levels[-1].append(at)
    return levels if not steps[at].inputs else []
