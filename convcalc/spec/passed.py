"""What to type for what a block call passes to the layers of its block.

Imported only where something is wrong.
"""

import re

from convcalc.layers import BY_NAME
from convcalc.layers.traits import Family
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: what Python, and Keras and darknet, say where a layer has no activation
_NO_ACTIVATION = frozenset({"none", "linear"})
#: an entry with options, which a help names
_ENTRY = re.compile(
    r"(?:.*: )?(?:write|did you mean) `((\w+): [{][^`]*[}])`[?]?(?: in place of .*)?"
)


def as_argument(word: str, help: tuple[str, ...], bare: bool) -> tuple[str, ...]:
    """The help for a word of a call that is put in place as a layer: one with options has braces.

    `bare`: the word is all of the call's value, where these would be its arguments.

    >>> as_argument("leaky", ("write `leaky_relu: {negative_slope: 0.1}`",), False)
    ('did you mean `{leaky_relu: {negative_slope: 0.1}}`?',)
    """
    start, end = "[" * bare, "]" * bare
    if word.lower() in _NO_ACTIVATION:
        return (f"did you mean `{start}[]{end}`?", "an argument that is no layer is an empty list")
    return tuple(_braced(line, start, end) for line in help)


def _braced(line: str, start: str, end: str) -> str:
    match = _ENTRY.fullmatch(line)
    if match is None:
        return line
    layer = BY_NAME.get(match[2])
    value = f"{start}{{{match[1]}}}{end}"
    if layer is not None and layer.family is Family.ACTIVATION:  # its size does not depend on it
        return f"did you mean `{value}`?"
    return f"as an argument it is `{value}`"


NAMING = frozenset({"from", "weights", "like"})  #: keys whose value names layers
_LOOKED_AT = 2_000  #: nodes of a block that are looked through


def layers_names(layers: Node | None, missing: list[str]) -> tuple[str, ...]:
    """That missing arguments are names of layers, where the layers of their block read them so."""
    names = naming(layers, missing)
    if not names:
        return ()
    one = len(names) == 1
    return (f"{' and '.join(names)} {'is the name of a layer' if one else 'are names of layers'}",)


def naming(layers: Node | None, names: list[str]) -> list[str]:
    """Which of these arguments name layers, as the layers of their block read them."""
    found: set[str] = set()
    waiting = [] if layers is None else [("", layers)]
    for _ in range(_LOOKED_AT):
        if not waiting:
            break
        key, node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [(word, value) for word, (_, value) in node.entries.items()]
        elif isinstance(node, Sequence):
            waiting += [(key, item) for item in node.items]
        elif isinstance(node, Scalar) and key in NAMING and node.text[:1] == "=":
            found.add(node.text[1:].strip())
    return [name for name in names if name in found]
