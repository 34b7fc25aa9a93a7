"""Edits of an option that stands beside its kind, in its column: it goes among the kind's own."""

import re
from collections.abc import Callable

from convcalc.fix.pair_helps import OUT_OF_FORM, TAKEN_IN
from convcalc.spec.edit import Edit, Editor
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Mapping, Node, Scalar

#: the edits that take a key out of a mapping
Without = Callable[[Mapping, str], tuple[Edit, ...]]


def taken_in(
    help: str, editor: Editor, entry: Mapping, key: str, without: Without
) -> tuple[str, tuple[Edit, ...]] | None:
    """What is written for a key beside a kind that is an option of it; None for other keys.

    There are no edits where what the kind has is not certain, or the layout forbids them.
    """
    text = editor.written(entry.entries[key][1])
    if "\n" in text or "..." in help:
        return None
    found: tuple[Node, Node] | None = None
    edits: tuple[Edit, ...] = ()
    if form := OUT_OF_FORM.match(help):
        found = entry.entries.get(form[1])
        edits = _as_kind(editor, *found, form[2], form[3]) if found else ()
    elif (match := TAKEN_IN.match(help)) and match[2] is None:
        words = (w for w in entry.entries if w != key and expand(w) and match[1].startswith(w))
        found = entry.entries.get(next(words, ""))
        edits = (Edit(*_of(editor, found[0]), match[1]),) if found else ()
    elif match and match[1] != key:
        found = entry.entries.get(match[1])
        option = re.search(rf"(\w+): {re.escape(text)}\Z", match[2])
        edits = _among(editor, found[1], option[1], text, match[2]) if found and option else ()
    if found is None:
        return None
    left = without(entry, key)
    if left and editor.is_flow(entry) and form is None and editor.text[left[0].start - 1] == ":":
        left = (left[0]._replace(text=" "), *left[1:])  # `{a:}` is one word, `{a: }` has a key
    return help.split("`")[-2], (*edits, *left) if edits and left else ()


def _of(editor: Editor, node: Node) -> tuple[int, int]:
    return editor.start(node), editor.end(node)


def _as_kind(editor: Editor, at: Node, value: Node, kind: str, options: str) -> tuple[Edit, ...]:
    """A short form without options as its kind with options."""
    start, end = _of(editor, at)
    empty = isinstance(value, Scalar) and not value.text
    if not empty or editor.text[end : end + 1] != ":":
        return ()
    return Edit(start, end, kind), Edit(end + 1, end + 1, f" {options}")


def _among(
    editor: Editor, given: Node, option: str, text: str, all_options: str
) -> tuple[Edit, ...]:
    """One option more among those in braces, or in place of a value alone."""
    if isinstance(given, Mapping):
        closed = given.entries and editor.is_flow(given) and option not in given.entries
        return (editor.added(given, option, text),) if closed else ()
    start, end = _of(editor, given)
    if not {"\n", "#"}.isdisjoint(editor.text[start:end]):
        return ()
    return (Edit(start, end, f"{{{all_options}}}"),)
