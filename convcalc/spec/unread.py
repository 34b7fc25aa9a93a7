"""Entries that cannot be read: the names that they, and the layers in them, may have.

Imported only where something is wrong.
"""

from convcalc.spec.context import Context, Entry, given_names
from convcalc.spec.steps import Steps
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence


def unread(steps: Steps, entry: Entry, context: Context, at: int, conditional: bool) -> int:
    """One broken layer in place of an entry and all that it holds; gives its step.

    What reads a layer in it is no second fault. Where it is `conditional`, by a `when` or `times`
    that has no value, it may be left out, and another layer may have its name.

    Raises:
        TooMuchWorkError: all such entries together hold too much.
    """
    names, prefix = steps.names, context.frame.prefix
    own = entry.beside.get("name")
    if conditional and isinstance(own, Scalar):
        names.uncertain.add(f"{prefix}{own.text}")
    if isinstance(entry.value, Mapping) and entry.kind not in steps.blocks:
        for _, value in entry.value.entries.values():
            words = _words(value)
            steps.remarks.spend(4 * words)
            names.unread += words
            within = given_names(value, context.variables)
            names.uncertain.update(f"{prefix}{name}" for name in within)
    return steps.broken(entry.kind, entry.at, context, at, entry.beside)


def _words(node: Node) -> int:
    """At most how many layers a list of entries makes once: each is a word at least."""
    found, waiting = 0, [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Sequence):
            waiting += current.items
        elif isinstance(current, Mapping):
            found += 1
            waiting += [value for _, value in current.entries.values()]
        elif isinstance(current, Scalar):
            found += len(current.text.split())
    return found
