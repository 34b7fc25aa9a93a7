"""An entry with keys that go beside a kind, and no kind: ``- name: p3`` above ``- conv3-256``.

Imported only where something is wrong.
"""

from collections.abc import Sequence as Items

from convcalc.findings import brief, plain
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar

_USUAL = ("an entry is `- relu`, `- conv: {...}`, or a block call",)
_LONGEST = 60  #: letters of a word that a help repeats
_MOST = 6  #: keys of such an entry that are taken into another


def help(items: Items[Node], place: int) -> tuple[str, ...]:
    """What to do with the keys of an entry of a list: whose they are, where that is certain.

    Where the list begins with such an entry each is above its layer; where it ends with one, below.
    """
    node = items[place] if place < len(items) else None
    if not isinstance(node, Mapping) or not _is_headless(node) or len(node.entries) > _MOST:
        return _USUAL
    sides = {"below": items[place + 1 : place + 2], "above": items[max(0, place - 1) : place]}
    layers = {side: _layer(one, node) for side, found in sides.items() for one in found}
    layers = {side: word for side, word in layers.items() if word}
    if len(layers) > 1:
        first, last = _is_headless(items[0]), _is_headless(items[-1])
        kept = "below" if first else "above"
        layers = {kept: layers[kept]} if first != last else layers
    keys = ", ".join(
        f"`{key}: {brief(text_of(value), _LONGEST)}`" for key, (_, value) in node.entries.items()
    )
    if len(layers) == 1:
        ((side, word),) = layers.items()
        return (f"take it into the entry {side}: `- {word}:`, and {keys} below it",)
    if layers:
        either = f"`{layers['above']}` above or `{layers['below']}` below"
        return (f"{keys} goes into the entry of its layer, {either}, on a line of its own",)
    return _USUAL


def _layer(item: Node, keys: Mapping) -> str:
    """The word of an entry that may have these keys; '' where it has one, or is several layers."""
    if isinstance(item, Scalar):
        word = item.text
        return plain(word) if len(word) < _LONGEST and not set(" =*[]{}").intersection(word) else ""
    if not isinstance(item, Mapping) or not item.entries.keys().isdisjoint(keys.entries):
        return ""
    return plain(next((word for word in item.entries if word not in BESIDE), "")[:_LONGEST])


def _is_headless(item: Node) -> bool:
    return isinstance(item, Mapping) and bool(item.entries) and item.entries.keys() <= {*BESIDE}
