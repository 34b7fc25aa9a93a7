"""References to layers that are not there: what may be meant, and which are defined later.

Imported only where something is wrong.
"""

from collections.abc import Mapping

from convcalc.findings import brief, plain
from convcalc.layers import BY_NAME
from convcalc.network.graph import is_name
from convcalc.network.record import INPUT
from convcalc.spec import by_word
from convcalc.spec.legal_names import legal
from convcalc.spec.names import Frame, Names
from convcalc.spec.passed import layers_names
from convcalc.spec.values import Bound, is_passed
from convcalc.suggest import nearest
from convcalc.tree.nodes import Node, Passed

_RECENT = 1000  #: doubled names that are looked through
_LISTED = 12  #: arguments of a block, whose order a help has
_HALF = 0.5  #: of two letters one: p4 may be the other p5


def report(
    names: Names,
    frame: Frame,
    reference: str,
    node: Node,
    calls: tuple[Node, ...],
    repeated: bool = False,
    made: bool = False,
    listed: bool | None = None,
    scope: Mapping[str, object] | None = None,
    own: Mapping[str, object] | None = None,
) -> None:
    """Report a reference to a layer that is not there (yet).

    `made` is whether the steps of the entry that refers to it are there already, `listed`
    whether the reference is one of a list, `scope` has the values of arguments and variables where
    it is written, `own` where it is used.
    """
    if _follows(names, frame, reference):
        return
    name, findings = plain(reference), names.remarks.findings
    back = names.graph.counted_back(reference)
    if back is not None:
        help = names.by_number(frame, back, repeated, isinstance(node, Passed))
    elif is_passed(reference, scope or {}):
        help = (f"did you mean `={name}`?",)
    elif names.remarks.helps:
        word = getattr(calls[0], "text", "") if calls and not isinstance(node, Passed) else ""
        block = names.blocks.get(word)
        help = _legal(names, frame, reference)
        help = help or by_word.help(names, frame, reference, repeated, scope, block)
        help = help or _of_doubled(names, reference)
        help = help or _within(names, frame, reference, node, calls)
        help = help or names.graph.known(reference, _scope(frame, node, calls).prefix)
    else:
        help = ()
    if reference.isdecimal():
        help = ("layers are read by name, not by number", *(_exchanged(names, frame, own) or help))
    if "," in reference or listed is not None:
        from convcalc.spec import by_number

        help = (
            by_number.listed(
                reference,
                names.names.__contains__,
                lambda number: names.counted(frame, number, repeated),
                bool(listed),
            )
            or help
        )
    before = len(findings)
    text = f"no layer {name!r}"
    names.remarks.error("CC017", text, node, "unknown here", help, calls=calls)
    if len(findings) > before:
        names.pending.append((before, frame, reference, -1 if made else len(names.steps)))


def _exchanged(names: Names, frame: Frame, own: Mapping[str, object] | None) -> tuple[str, ...]:
    """The order of a block's arguments, where another of them is the name of a layer."""
    block = own.block if isinstance(own, Bound) else None
    if own is None or block is None or frame.parent is None or len(block.args) > _LISTED:
        return ()
    for argument in block.args:
        word = own[argument]
        found = names.find(frame.parent, word) if isinstance(word, str) else None
        if found is not None and not layers_names(block.layers, [argument]):
            order = f"{block.name} takes {', '.join(block.args)} in this order"
            return (f"{order}: `{plain(str(word))}` is a layer's name",)
    return ()


def _legal(names: Names, frame: Frame, reference: str) -> tuple[str, ...]:
    """The layer that is called so, but for letters that no name has; () for none."""
    if is_name(reference):
        return ()
    found = legal(reference)
    return (f"did you mean `{found}`?",) if found and names.find(frame, found) is not None else ()


def _of_doubled(names: Names, reference: str) -> tuple[str, ...]:
    """That a layer may have another's name: its own is missing then; () where none may."""
    close = nearest(reference, names.doubled[:_RECENT], _HALF)
    text = f"two layers are called {plain(close)!r}: one may be {plain(reference)}"
    return (text,) if close else ()


def _within(
    names: Names, frame: Frame, reference: str, node: Node, calls: tuple[Node, ...]
) -> tuple[str, ...]:
    """The help for a reference that is like a name inside the blocks around it."""
    scope: Frame | None = _scope(frame, node, calls)
    while scope is not None and scope.prefix:
        prefix = scope.prefix
        own = (name.removeprefix(prefix) for name in names.names if name.startswith(prefix))
        close = names.remarks.suggest.nearest(reference, own)
        if close:
            return (f"did you mean `{close}`?",)
        scope = scope.parent
    return ()


def _scope(frame: Frame, node: Node, calls: tuple[Node, ...]) -> Frame:
    """The scope in which a reference is written: a call around this one may give it."""
    for _ in range(len(calls) - len(node.calls) if isinstance(node, Passed) else 0):
        frame = frame.parent or frame
    return frame


def _follows(names: Names, frame: Frame, reference: str) -> bool:
    """Whether a layer may be missing only because an entry above is wrong itself."""
    scope: Frame | None = frame
    while scope is not None and names.uncertain:
        if f"{scope.prefix}{reference}" in names.uncertain:
            return True
        scope = scope.parent
    head = reference.rpartition(".")[0]
    while head:
        index = names.find(frame, head)
        if index is not None:
            return names.steps[index].layer is None and names.steps[index].kind != INPUT
        head = head.rpartition(".")[0]
    kind = reference.rstrip("0123456789")
    number = reference.removeprefix(kind)[:9]
    most = frame.counters.get(kind, 0) + names.unread
    return bool(names.unread and number and kind in BY_NAME) and int(number) <= most


def settle(names: Names) -> None:
    """Tell unknown layers from those further down, once the names of all are known."""
    for index, frame, reference, above in names.pending:
        found = names.find(frame, reference)
        if found is not None or reference in frame.reserved:
            name = plain(reference)
            findings, help = names.remarks.findings, ("a layer can only read layers above it",)
            what = f"{name!r} is defined later"
            line = names.steps[found].place.line if found is not None else None
            if line and line > (findings[index].line or 0):  # not above, in a block
                what += f" (line {line})"
            if found == above:
                what = f"{name!r} is this layer itself"
            left_out = names.left_out.get(f"{frame.prefix}{reference}")
            if found is None and left_out:
                what, help = f"{name!r} is left out: its {left_out[0]}", (left_out[1],)
            findings[index] = findings[index]._replace(message=brief(what), help=help)
    names.pending.clear()
