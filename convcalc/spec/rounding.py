"""What a spec's top says of remainders: one word, or one for convs and one for pools."""

from convcalc.findings import plain
from convcalc.layers.base import Roundings
from convcalc.network.remarks import Remarks
from convcalc.tree.nodes import Mapping, Node, Scalar
from convcalc.window import Rounding

#: other words for them
_MEANT = {"down": Rounding.FLOOR, "up": Rounding.CEIL, "ceiling": Rounding.CEIL}


def roundings(node: Node, remarks: Remarks) -> Roundings:
    """The file's rounding; a wrong word is reported."""
    if not isinstance(node, Mapping):
        both = _rounding(node, remarks)
        return Roundings(both, both)
    chosen = {}
    for word, (key, value) in node.entries.items():
        if word in {"conv", "pool"}:
            chosen[word] = _rounding(value, remarks)
            continue
        close = remarks.suggest.nearest(word, ("conv", "pool"))
        help = (f"did you mean `{close}`?",) if close else ()
        help = (*help, "`rounding: {conv: floor, pool: ceil}`")
        text = f"rounding is for conv and pool, not {plain(word)!r}"
        remarks.error("CC010", text, key, "unknown", help)
    return Roundings(**chosen)


def _rounding(node: Node, remarks: Remarks) -> Rounding:
    """One rounding word."""
    if isinstance(node, Scalar) and node.text in tuple(Rounding):
        return Rounding(node.text)
    word = node.text if isinstance(node, Scalar) else "a list"
    close = _MEANT.get(word.lower()) or remarks.suggest.nearest(word, tuple(Rounding))
    help = (f"did you mean `{close}`?",) if close else ()
    text = f"rounding: expected exact, floor or ceil, got {plain(word)!r}"
    remarks.error("CC014", text, node, "", help)
    return Rounding.FLOOR  # lenient for the rest: this finding is enough
