"""Words by which nets are described, and which are no layers: ``residual: [...]``, ``repeat 3:``.

Imported only where something is wrong.
"""

import re

from convcalc.findings import plain
from convcalc.network.graph import is_name
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Node, Scalar, Sequence

_RESIDUAL = re.compile(r"res(?:idual|net)?_?(?:block|unit|connection|layer)?|skip_?connection")
_REPEATED = re.compile(
    r"repeat(?:ed)?[ _]*[x*]?[ _]*([1-9][0-9]{0,5})|for \w{1,40} in range\(([1-9][0-9]{0,5})\)"
)
_SAVED = frozenset({"save", "store", "remember", "push", "tag", "label"})


def help(word: str, value: Node | None) -> tuple[str, ...]:
    """What to type for a sum around layers, a loop, or a name; () for other words."""
    word = word.lower()
    if again := _REPEATED.fullmatch(word):
        times = again[1] or again[2]
        inside = f"`repeat: {{times: {times}, layers: [...]}}`"
        return (f"layers that are repeated stand inside {inside}",)
    if isinstance(value, Scalar) and word in _SAVED and is_name(value.text):
        name = f"`name: {plain(value.text)}`"
        return (f"a layer's name is below it: `- relu:`, and {name} on the next line",)
    several = isinstance(value, Sequence) and len(value.items) > 1
    if _RESIDUAL.fullmatch(word) or (word == "skip" and several):
        body = text_of(value) if isinstance(value, Sequence) else "..."
        body = "[conv3-64, relu, conv3-64]" if "..." in body else body
        return (
            f"a sum of layers and their shortcut: `add: {{branches: {{body: {body}, skip: []}}}}`",
        )
    return ()
