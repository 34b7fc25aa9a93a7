"""Layers that are read by numbers that count back, as PyTorch's, YOLO's and darknet's files do.

Imported only where something is wrong.
"""

import re
from collections.abc import Callable

from convcalc.dialects import folded
from convcalc.findings import plain
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: the name of the layer that a number means, '' where it has none or it is no such number
Named = Callable[[str], str]
#: the name of the layer that an entry reads without any; it is looked for among many
Above = Callable[[], str]

_RULE = "layers are read by name, not by number"
_NUMBER = re.compile(r"-[0-9]{1,7}\Z")


def alone(kind: str, node: Node, above: Above, named: Named) -> tuple[str, ...]:
    """Help for ``relu: -1``, of a kind that takes no such number; () for any other value.

    `above` gives the name of the layer that the entry reads without it.
    """
    if not isinstance(node, Scalar) or not _NUMBER.match(node.text):
        return ()
    name = named(node.text)
    if name and name == above():
        return (f"write `{kind}` in place of `{kind}: {node.text}`: it reads the layer above",)
    if name:
        return (f"{_RULE}: write `from: {name}` on its own line below `{kind}:`",)
    return (f"{_RULE}: write `from:` with its name on its own line below `{kind}:`",)


def of_darknet(word: str, value: Node | None, above: Above, named: Named) -> tuple[str, ...]:
    """Help for darknet's `shortcut` and `route` with numbers; () for any other entry."""
    kind, node = folded(word), value
    if kind not in {"shortcut", "route"}:
        return ()
    if isinstance(value, Mapping):
        node = value.get("from") or value.get("layers")
    items = node.items if isinstance(node, Sequence) else [node]
    texts = [item.text for item in items if isinstance(item, Scalar)]
    texts = [part.strip() for text in texts for part in text.split(",")]
    names = [named(text) for text in texts]
    if not names or not all(names):
        return ()
    if kind == "shortcut":
        names = [above(), *names]
        return (f"write `add:` and on its own line below it `from: [{', '.join(names)}]`",)
    if len(names) == 1:
        return (f"write `from: {names[0]}` beside the layer that reads it, and no `route`",)
    return (f"write `concat:` and on its own line below it `from: [{', '.join(names)}]`",)


def listed(
    reference: str, known: Callable[[str], bool], named: Named, within: bool = False
) -> tuple[str, ...]:
    """Help for several references in one text, ``"-1, conv1"``; () for any other reference.

    Those of `[conv1 conv2]` have no comma between them; they are `within` brackets.
    """
    if len(reference) > 200:
        return ()
    from convcalc.spec.listed_names import in_from

    found = in_from(reference)
    names = [part if known(part) else named(part) for part in found]
    if not all(names) or (len(names) < 2 and "," not in reference):
        return ()
    text = plain(", ".join(names))
    if "," in reference:
        return (f"a list needs brackets: did you mean `[{text}]`?",)
    return (f"commas are missing: did you mean `{text if within else f'[{text}]'}`?",)
