"""Layers that are read by the word that made them: ``from: conv3-8``, ``from: pool``.

Imported only where something is wrong.
"""

import re
from collections.abc import Mapping
from itertools import islice, takewhile

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.graph import is_given
from convcalc.network.record import Step
from convcalc.spec.blocks import Block
from convcalc.spec.names import Frame, Names
from convcalc.spec.shortforms import expand
from convcalc.spec.unused import mentioned

#: what programs call the volume that arrives at a block, or a layer on the way around it
_ARRIVES = frozenset(
    {"identity", "x", "in", "inp", "input_", "block_input", "skip", "residual", "shortcut"}
)
_RULE = "layers are read by name, not by kind or short form"
_SIGNS = re.compile("[-_.]")
_LONGEST = 200  #: letters of a name that is looked for with other signs
_RECENT = 200  #: layers that are looked through: a file may have very many helps
_LISTED = 3


def help(
    names: Names,
    frame: Frame,
    reference: str,
    repeated: bool,
    scope: Mapping[str, object] | None = None,
    block: Block | None = None,
) -> tuple[str, ...]:
    """What to type for the word of an entry above, or for a kind; () for any other reference.

    A word that one entry has means it; of several, and of a kind, the last are listed. `block` is
    the one in whose layers it is written.
    """
    if frame.parent is not None and reference in _ARRIVES:
        return _idle(block, scope or {}) or _arriving(names, frame, reference, scope or {})
    call, dot, own = reference.rpartition(".")
    prefix = _prefix(names, frame, call) if dot else ""
    found = _in_call(names, frame, call, prefix, own, repeated) if prefix else ()
    if found:
        return found
    form, kind = _kind(reference)
    steps = names.steps
    last = [*islice(reversed(range(len(steps))), _RECENT)]
    same = [at for at in last if word_of(steps[at]) == reference]
    meant = "" if same else _respelled(names, frame, reference, repeated)
    if meant:
        return (f"did you mean `{meant}`?",)
    alike = same or [at for at in last if steps[at].kind == kind]
    listed = [name for at in alike[:_LISTED] if (name := names.readable(frame, at, repeated))]
    rule = (_RULE,) * bool(form or same or not reference[-1:].isdigit())
    if not kind or not alike:
        return (*names.graph.known(reference), *rule) if form else ()
    if not listed and not rule:
        return ()
    if not listed:
        return (f"{_RULE}: write a `name:` beside that layer, and the name here",)
    if len(same) == 1:
        return (f"did you mean `{listed[0]}`?", *rule)
    more = " and others above them" if len(alike) > len(listed) else ""
    made = f"made by `{plain(reference)}`" if same else f"of kind {kind}"
    return (f"{made} here: {', '.join(reversed(listed))}{more}", *rule)


def _kind(word: str) -> tuple[bool, str]:
    """Whether a word is a short form, and of which kind it is; '' for none."""
    form = expand(word)
    bare = word.rstrip("0123456789").rstrip("_-")
    return bool(form), form[0] if form else dialects.kind(bare, BY_NAME)


def _respelled(names: Names, frame: Frame, reference: str, repeated: bool) -> str:
    """The layer whose name has other signs between its parts, as `conv4_3` of `conv4-3`."""

    def is_read(name: str) -> bool:
        found = names.find(frame, name)
        return found is not None and (not repeated or is_given(name, names.steps[found]))

    parts = [part for part in _SIGNS.split(reference[:_LONGEST]) if part]
    meant = [name for sign in "_-." if is_read(name := sign.join(parts))]
    return meant[0] if len(meant) == 1 else ""


def _prefix(names: Names, frame: Frame, call: str) -> str:
    """What the names of layers in a call begin with; '' where no call has that name."""
    found = names.find(frame, call)
    if found is None:
        return ""
    full = names.steps[found].name
    scope: Frame | None = frame
    while scope is not None:
        if full.startswith(f"{scope.prefix}{call}."):
            return f"{scope.prefix}{call}."
        scope = scope.parent
    return ""


def _in_call(
    names: Names, frame: Frame, call: str, prefix: str, word: str, repeated: bool
) -> tuple[str, ...]:
    """What to type for the word or the kind of a layer in one call; () for any other word."""
    steps, (form, kind) = names.steps, _kind(word)
    end = names.find(frame, call) or 0
    below = takewhile(lambda at: steps[at].name.startswith(prefix), range(end, -1, -1))
    within = [*islice(below, _RECENT)]
    same = [at for at in within if word_of(steps[at]) == word]
    alike = same or [at for at in within if kind and steps[at].kind == kind]
    head = prefix.removesuffix(f"{call}.")
    known = [(at, steps[at].name.removeprefix(head)) for at in alike]
    listed = [name for at, name in known if not repeated and names.find(frame, name) == at]
    if not listed:
        return ()
    rule = (_RULE,) * bool(form or same or not word[-1:].isdigit())
    if len(alike) == 1:
        return (f"did you mean `{listed[0]}`?", *rule)
    more = " and others above them" if len(alike) > _LISTED else ""
    made = f"made by `{plain(word)}`" if same else f"of kind {kind}"
    return (f"{made} in {plain(call)}: {', '.join(reversed(listed[:_LISTED]))}{more}", *rule)


def _idle(block: Block | None, scope: Mapping[str, object]) -> tuple[str, ...]:
    """The one argument of the block that nothing in it reads, if calls give it a layer's name."""
    if block is None or block.layers is None:
        return ()
    defaults = [default for _, default in block.args.values()]
    _, read = mentioned([block.layers, *defaults])
    idle = [name for name in block.args if name not in read]
    if len(idle) != 1 or not isinstance(scope.get(idle[0]), str):
        return ()
    return (f"did you mean `={plain(idle[0])}`?", f"nothing reads the argument {plain(idle[0])}")


def _arriving(
    names: Names, frame: Frame, word: str, scope: Mapping[str, object]
) -> tuple[str, ...]:
    """What may be meant: an argument, a layer, or what arrives. No edit.

    One that names what arrives leaves layers that were meant unread, in a net without error.
    """
    given = [plain(name) for name, value in scope.items() if isinstance(value, str)]
    inside = (name for name in names.names if name.startswith(frame.prefix))
    own = (name.removeprefix(frame.prefix) for name in islice(inside, _RECENT))
    near = names.remarks.suggest.nearest(word, own)
    meant = (f"did you mean `{plain(near)}`?",) if near else ()
    arguments = " or ".join(f"`={name}`" for name in given[:_LISTED])
    return (
        *meant,
        *((f"an argument is read as {arguments}",) if given else ()),
        f"a layer that is meant needs `name: {word}`; what arrives at the block has that name with "
        f"`- identity:` and `name: {word}` as its first layer",
    )


def word_of(step: Step) -> str:
    """The word of the entry that made a layer; '' where it comes from no text."""
    return getattr(step.place.kind, "text", "")
