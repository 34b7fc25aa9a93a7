"""Layers that a merge reads, written where its options go: ``- concat: a, b``.

Imported only where something is wrong.
"""

import re

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.graph import is_name
from convcalc.spec.as_text import entry_text, text_of
from convcalc.spec.by_number import Above, Named
from convcalc.spec.flat_branches import equal_calls
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import truth
from convcalc.tree.nodes import Node, Scalar, Sequence

#: what stands between layers where a merge is written as a term; a minus may be in a name
_SIGNS = {
    "add": r"\+",
    "concat": r"\+",
    "multiply": r"\*",
    "subtract": r"(?<=\s)-(?=\s)",
}
_BETWEEN = r"\s*[,;&{}]\s*|\s+and\s+|\s+"
_NUMBER = re.compile(r"-?[0-9]+\Z")
_LONGEST = 1000


def names_in(text: str, kind: str = "") -> list[str]:
    """The names of one text, ``a, b``, ``(a b)`` or, for an `add`, ``a + b``; one for others.

    >>> names_in("(up1, conv2)"), names_in("a + b", "add"), names_in("a + b", "multiply")
    (['up1', 'conv2'], ['a', 'b'], ['a + b'])
    """
    bare = text.strip()
    if len(bare) > _LONGEST or (bare[:1] == "=" and "," not in bare):
        return [text]
    for first, last in ("()", "[]"):
        if bare[:1] == first and bare[-1:] == last:
            bare = bare[1:-1].strip()
    sign = _SIGNS.get(kind)
    between = rf"\s*{sign}\s*|{_BETWEEN}" if sign else _BETWEEN
    parts = [part for part in re.split(between, bare) if part]
    if not parts or not all((is_name(p) and p != "-") or p[:1] == "=" for p in parts):
        return [text]
    return parts


def in_from(text: str) -> list[str]:
    """The names of a `from` that is no list, whichever merge has it: ``(a b)``, ``a - b``."""
    return max((names_in(text, kind) for kind in _SIGNS), key=len)


def of_merge(kind: str, node: Node, above: Above, named: Named) -> tuple[str, ...]:
    """``- concat: [d3]``: names that belong to `from`, with the layer above where one is alone.

    `above` gives the name of the layer that the entry reads, `named` that of a number.
    """
    items = node.items if isinstance(node, Sequence) else [node]
    texts = [item.text for item in items if isinstance(item, Scalar)]
    names = [name for text in texts for name in names_in(text, kind)]
    layers = [word in BY_NAME or expand(word) is not None for word in names]
    branches = [*map(text_of, items)] if isinstance(node, Sequence) else names
    commas = isinstance(node, Sequence) or any("," in text for text in texts)
    if commas and len(branches) > 1 and all(layers) and "..." not in ", ".join(branches):
        return (f"did you mean `{{branches: [{', '.join(branches)}]}}`?",)
    if kind == "add" and isinstance(node, Sequence) and (told := _entries(node)):
        return told
    if not names or truth(node) is not None or any(layers) or len(texts) < len(items):
        return (f"`{kind}: {{branches: [...]}}`",)
    if any(" " in name and name[:1] != "=" for name in names):
        return (f"`from: [a, b]` on its own line below `{kind}:` names the layers that it reads",)
    if not all(map(named, filter(_NUMBER.match, names))):
        rule = "layers are read by name: write a `name:` beside each of them"
        return (f"{rule}, and here `from: [one, other]` below `{kind}:`",)
    return _read(kind, [named(n) if _NUMBER.match(n) else plain(n) for n in names], above())


def _entries(node: Sequence) -> tuple[str, ...]:
    """Entries in a list below an `add`: one branch beside its shortcut, or branches each alone."""
    listed = [entry_text(item) for item in node.items]
    if len(listed) < 2 or not all(": " in text or expand(text) for text in listed):
        return ()
    row = ", ".join(listed)
    if equal_calls(node):
        return (f"did you mean `{{branches: [[{row}], []]}}`?",)
    return (
        f"one after the other, beside the shortcut: `add: {{branches: [[{row}], []]}}`",
        f"each a branch of its own: `add: {{branches: [{row}]}}`",
    )


def _read(kind: str, names: list[str], above: str) -> tuple[str, ...]:
    """The `from` of a merge of these layers, and that with the one above, '' without a name."""
    if len(names) == 1 and not above:
        also = f"`from: [that name, {names[0]}]`"
        return (f"give the layer above a `name:`, and write {also} beside `{kind}:`",)
    both = names if above in names else [above, *names]
    if len(names) == 1:
        names = both
    help = f"write `from: [{', '.join(names)}]` on its own line below `{kind}:`"
    if above and names != both:
        return help, f"or `from: [{', '.join(both)}]`, to read the layer above it too"
    return (help,)
