"""Lines of a program that apply layers: ``x = F.relu(self.conv1(x))``, ``Add()([x, y])``.

Imported only where something is wrong.
"""

import re

from convcalc.dialects import Known, kind
from convcalc.findings import brief
from convcalc.layers import MERGES
from convcalc.shapes import Shape
from convcalc.spec.foreign.asked import tool

_CALL = re.compile(r"(?:\w+\s*=\s*)?((?:\w+\.)*)(\w+)\s*\((.*)", re.S)
_OWN = re.compile(r"\bself\.([A-Za-z_]\w*)\s*\(")
_INNER = re.compile(r"\w\s*\([^()]*\)")
_ONE = re.compile(r"\s*\w+\s*\)\s*;?\Z", re.ASCII)
_LISTED = re.compile(r"[(\[]\s*((?:[A-Za-z_]\w*\s*,\s*)+[A-Za-z_]\w*)\s*,?\s*[)\]]")
_PLAIN = re.compile(r"\s*((?:[A-Za-z_]\w*\s*,\s*)+[A-Za-z_]\w*)\s*\)")


#: a mean or a maximum over some axes: ``x.mean([2, 3])``, ``tf.reduce_max(x, axis=(1, 2))``
_REDUCED = re.compile(
    r"(?:\w+\s*=\s*)?((?:\w+\.)*)(?:reduce_)?(mean|a?max)\(\s*(?:[A-Za-z]\w*\s*,\s*)?"
    r"(?:(?:dim|axis|axes)\s*=\s*)?[\[(]\s*(-?\d)\s*,\s*(-?\d)\s*,?\s*[\])]\s*"
    r"(?:,\s*keep_?dims?\s*=\s*(?:True|False)\s*)?\)\s*;?\Z"
)
_IMAGE = 3  #: sizes of a volume that has two axes of places
_PLACES = {"keras": ({1, 2}, {-3, -2}), "": ({2, 3}, {-2, -1})}  #: height and width of a batch


def _reduced(call: str) -> tuple[str, ...]:
    """Help for a mean or a maximum over two axes, which is a global pool; () for other calls."""
    match = _REDUCED.match(call)
    if match is None:
        return ()
    module, word, *axes = match.groups()
    kind = "global_avg_pool" if word == "mean" else "global_max_pool"
    keras = tool(f"{module}{word}") == "keras"
    if {*map(int, axes)} in _PLACES["keras" if keras else ""]:
        return (f"did you mean `{kind}`?",)
    return (f"`{kind}` is over height and width: axes {' and '.join(axes)} may be others",)


def help(call: str, known: Known, shape: Shape | None = None) -> tuple[str, ...]:
    """What to type for a call of layers on volumes; () for one that makes a layer.

    >>> from convcalc.spec.foreign.asked import KINDS
    >>> help("torch.cat([a, b], dim=1)", KINDS)
    ('a merge reads layers by their names: `concat:` and on its own line below it `from: [a, b]`',)
    """
    match = _CALL.match(call[:_LONGEST].strip())
    if match is None:
        return ()
    module, word, inside = match.groups()
    if told := _reduced(call[:_LONGEST].strip()):
        return told if shape is None or len(shape) == _IMAGE else ()
    meant = kind(word, known)
    if meant in MERGES:
        names = _LISTED.search(inside) or _PLAIN.match(inside)
        if not names and word.islower() and "cat" not in word:
            return ()  # torch.sum(x, dim=1)
        read = ", ".join(re.split(r"\s*,\s*", names[1])) if names else "a, b"
        line = f"`{meant}:` and on its own line below it `from: [{brief(read)}]`"
        return (f"a merge reads layers by their names: {line}",)
    own = [brief(name) for name in _OWN.findall(call[:_LONGEST])]
    if (word.islower() or module == "self.") and _INNER.search(inside):
        first = f" (`self.{own[-1]}` first)" if own else ""
        return (f"calls within calls are layers, each above the one that it is within{first}",)
    if module == "self." and not _ONE.match(inside):
        return (f"the layers that self.{brief(word)} makes stand here, each an entry, or a block",)
    if own and module == "self.":
        stem = kind(own[0].rstrip("_0123456789"), known)
        sample = f"`- {_SAMPLES.get(stem, stem) or 'conv3-64'}:`, and `name: {own[0]}` below it"
        return (f"the layer that the class makes as self.{own[0]} stands here: such as {sample}",)
    return ()


_SAMPLES = {"conv": "conv3-64", "fc": "fc-10", "max_pool": "pool2", "avg_pool": "avgpool2"}
_SUM = re.compile(r"(\w+)\s*(?:([+*])=|=\s*(\w+)\s*([+*]))\s*(\w+)\s*;?\Z", re.ASCII)
_NO_LAYER = re.compile(r"return\b|(?:if|for|else|elif|def|class)\b.*:|\w+\s*=\s*\w+\s*\Z", re.ASCII)


def statement(text: str) -> tuple[str, ...]:
    """Help for a line of a program that calls nothing; () for others.

    >>> statement("return x + 1")
    ('this line of a program makes no layer: leave it out',)
    """
    text = text[:_LONGEST].strip()
    if match := _SUM.match(text):
        first, sign, second = match[3] or match[1], match[2] or match[4], match[5]
        if not (first[0].isdigit() or second[0].isdigit()):
            what, meant = ("sum", "add") if sign == "+" else ("product", "multiply")
            line = (
                f"`{meant}:` and on its own line below it `from: [{brief(f'{first}, {second}')}]`"
            )
            return (f"a {what} reads layers by their names: {line}",)
    if _NO_LAYER.match(text) and not text.startswith("="):
        return ("this line of a program makes no layer: leave it out",)
    return ()


_LONGEST = 300
