"""The channels that leave a block, by the words of programs: the argument that is meant by them.

Imported only where something is wrong.
"""

import re

from convcalc.spec.blocks import Block
from convcalc.spec.formula_ways import ARRIVING
from convcalc.spec.unused import mentioned
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: what programs call the channels that leave, without what joins the parts
_LEAVING = frozenset({
    *("outchannels", "outputchannels", "channelsout", "cout", "chout", "outch", "outc", "outchs"),
    *("outfilters", "outplanes", "outdim", "oup", "nout", "numoutput", "numchannels", "nchannels"),
    *("numfilters", "nfilters", "nbfilters"),
})  # fmt: skip
#: what an argument that nothing uses yet may be called besides
_ARGUMENT = _LEAVING | {"filters", "out", "planes", "channels", "width", "c"}
_NAME = re.compile(r"=\s*([A-Za-z_]\w*)\s*\Z", re.ASCII)
_JOINED = frozenset({"concat", "cat", "concatenate"})  #: more channels leave than a conv makes


def is_leaving(name: str) -> bool:
    """Whether a program calls the channels that leave by this name.

    >>> is_leaving("out_channels"), is_leaving("in_channels"), is_leaving("mid_channels")
    (True, False, False)
    """
    return _folded(name) in _LEAVING


def argument(block: Block, idle: tuple[str, ...]) -> str:
    """The argument that gives the filters of a block's convs; '' where none does or several do.

    Of a bottleneck, whose last conv has `=4*width`, it is none. Where no conv names one, it may be
    an argument of `idle`, which nothing uses.
    """
    if block.layers is None:
        return ""
    words, _ = mentioned([block.layers])
    if words & _JOINED:
        return ""
    texts = _filters(block.layers)
    alone = {match[1] for text in texts if (match := _NAME.match(text))} & block.args.keys()
    alone = {name for name in alone if name.lower() not in ARRIVING}
    alone |= {name for name in idle if _folded(name) in (_LEAVING if alone else _ARGUMENT)}
    named = {name for name in alone if is_leaving(name)}
    found = named if len(alone) > 1 else alone
    if len(found) != 1:
        return ""
    (name,) = found
    used = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    return "" if any(used.search(text) and not _NAME.match(text) for text in texts) else name


def _folded(name: str) -> str:
    return name.lower().replace("_", "")


def _filters(layers: Node) -> set[str]:
    """The formulas of all options `filters` in some layers."""
    found: set[str] = set()
    seen: set[int] = set()  # aliases put one node in many places
    waiting = [layers]
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, Scalar):
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            _, value = node.entries.get("filters", (None, None))
            if isinstance(value, Scalar) and value.text[:1] == "=":
                found.add(value.text)
            waiting.extend(value for _, value in node.entries.values())
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
    return found
