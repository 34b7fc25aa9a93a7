"""The chomp of a temporal convolutional network: a crop of one side, ``chomp: 2``, ``Chomp1d(2)``.

A causal conv is padded on both sides by what its window reaches back, and what that adds at the end
is cut again. Imported only where something is wrong.
"""

import re

from convcalc.dialects import folded
from convcalc.shapes import Shape
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Mapping, Node, Scalar

_CHOMP = re.compile(r"chomp(?:1d|layer)?")
_CALL = re.compile(r"([\w.]+)\((?:\s*\w+\s*=)?\s*([0-9]{1,9})\s*\)\s*")
_WORD = re.compile(r"([A-Za-z_]+(?:1d)?)[-_]?([0-9]{1,9})?")


def help(word: str, value: Node | None, shape: Shape | None) -> tuple[str, ...]:
    """What to type for a chomp where `shape` arrives; () for any other entry."""
    match = _CALL.fullmatch(word[:100]) or _WORD.fullmatch(word[:100])
    if match is None or not _CHOMP.fullmatch(folded(match[1])):
        return ()
    number = match[2] or _number(value)
    line = shape is not None and len(shape) == 2
    if not number:
        sample = "`crop: {sides: [0, 2]}` cuts 2 positions at the end"
        return (f"a chomp is a crop of one side: {sample}, as many as the padding before it",)
    if not line:
        return ("a chomp is a crop of one side, of a volume `[top, bottom, left, right]`: "
                f"`crop: {{sides: [0, 0, 0, {number}]}}` cuts the right",)  # fmt: skip
    entry = f"crop: {{sides: [0, {number}]}}"
    if value is None:
        return (f"did you mean `{entry}`?",)
    return (f"write `{entry}` in place of `{word}`",)


def _number(value: Node | None) -> str:
    """The one number of a value, alone or as its only option; '' where it is none."""
    if isinstance(value, Mapping) and len(value.entries) == 1:
        ((_, value),) = value.entries.values()
    if not isinstance(value, Scalar):
        return ""
    return text if re.fullmatch("[0-9]{1,9}", text := text_of(value)) else ""
