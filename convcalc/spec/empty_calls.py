"""Block calls of which no layer is left: what was meant, mostly, is that a part of them is."""

from convcalc.findings import Severity, plain
from convcalc.network.remarks import Remarks
from convcalc.spec.blocks import Block, Full, Tried
from convcalc.spec.unused import mentioned
from convcalc.spec.values import Scope
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_LEAVE_OUT = ("when", "times")


def report(tried: list[Tried], full: Full, variables: Scope, remarks: Remarks) -> None:
    """Warn of calls that make no layer, but for those that are switched off on purpose.

    `full`: where calls within calls made layers; the same call may make none elsewhere.
    """
    for block, given, at, calls in tried:
        entries = block.layers.items if isinstance(block.layers, Sequence) else []
        if not entries or any(map(_is_argument, entries)):
            continue
        keys = [
            (word, entry.entries[word][1])
            for entry in entries
            if isinstance(entry, Mapping)
            for word in _LEAVE_OUT
            if word in entry.entries
        ]
        read = mentioned([node for _, node in keys])[1]
        whole = _whole(entries[0])
        if not (read - block.args.keys()).isdisjoint(variables):
            continue
        if not whole:  # an add that is left out is a mistake wherever its branches are none
            passed = mentioned(_values(block, given, read))[1]
            if not passed.isdisjoint(variables) or (
                calls and (passed or (at.start, at.end) in full)
            ):
                continue
        words = [word for word in _LEAVE_OUT if any(key == word for key, _ in keys)]
        what = "its only entry" if len(entries) == 1 else "all"
        why = f"`{words[0]}` leaves out {what}" if words else "the calls in it make none"
        if len(words) > 1:
            why = f"`when` and `times` leave out {what}"
        related = tuple(("not met" if word == "when" else "0", node) for word, node in keys[:1])
        help = (*whole, "`ignore: [CC127]` beside the call, where nothing is meant")
        text = f"{block.name} makes no layer here: {why}"
        warning = Severity.WARNING
        remarks.error("CC127", text, at, "no layer", help, related, calls, severity=warning)


def _values(block: Block, given: Node | None, names: set[str]) -> list[Node]:
    """What a call gives for some of the arguments, as it is written."""
    if isinstance(given, Mapping):
        return [value for name, (_, value) in given.entries.items() if name in names]
    values = given.items if isinstance(given, Sequence) else [given] if given else []
    return [value for name, value in zip(block.args, values, strict=False) if name in names]


def _is_argument(entry: Node) -> bool:
    """Whether an entry is layers that the call gives."""
    return isinstance(entry, Scalar) and entry.text[:1] == "="


def _whole(entry: Node) -> tuple[str, ...]:
    """How the main branch stays where an add of it and of the identity is left out."""
    add = entry.get("add") if isinstance(entry, Mapping) else None
    when = entry.get("when") if isinstance(entry, Mapping) else None
    branches = add.get("branches") if isinstance(add, Mapping) else None
    if isinstance(branches, Mapping):
        named = [(f"of {plain(word)}", branch) for word, (_, branch) in branches.entries.items()]
    elif isinstance(branches, Sequence):
        named = [(f"of branch {i}", branch) for i, branch in enumerate(branches.items, 1)]
    else:
        return ()
    main = [word for word, branch in named if not _is_identity(branch)]
    if len(main) != 1 or len(named) != 2 or not isinstance(when, Scalar):
        return ()
    condition = plain(when.text.removeprefix("=").strip())
    return (
        "an add that is left out takes all its branches along: below it "
        f"`- repeat: {{times: 1, layers: [...]}}` with the layers {main[0]} and "
        f"`when: =not ({condition})`",
    )


def _is_identity(branch: Node) -> bool:
    """Whether a branch passes on what it reads."""
    if isinstance(branch, Sequence):
        return all(map(_is_identity, branch.items))
    return isinstance(branch, Scalar) and branch.text == "identity"
