"""Values that are text or a fraction where an option takes a number.

Imported only where something is wrong.
"""

import re

from convcalc.findings import plain
from convcalc.layers.option import Value
from convcalc.tree.nodes import Node, Scalar

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?\s*\Z")
_LIST = re.compile(r"\s*\[[0-9.,\s-]*\]\s*\Z")
#: words of other tools for a value, and those that are another thing of the same size
_WORDS = {"up": "ceil", "down": "floor", "linear": "bilinear"}
_ALIKE = dict.fromkeys(("bicubic", "area", "lanczos3", "lanczos5", "trilinear"), "bilinear")


def quoted(value: Value, node: Node) -> tuple[str, ...]:
    """``"32"`` and ``"[3, 3]"``, in quotes here or where a variable has them, and ``64.0``."""
    if isinstance(value, float) and value.is_integer() and isinstance(node, Scalar):
        return (f"did you mean `{int(value)}`?",) if node.text[:1] != "=" else ()
    if not isinstance(value, str) or not isinstance(node, Scalar):
        return ()
    if not _NUMBER.match(value) and not _LIST.match(value):
        return ()
    if node.text[:1] == "=":
        name = plain(node.text[1:].strip())
        return (f"{name} is text: remove the quotes where it is given, `{name}: {value.strip()}`",)
    if is_block(node):
        return (
            f"text of several lines is no number: write `{value.strip()}` on the line of its key",
        )
    return ("remove the quotes",)


_FRACTION = re.compile(r"\s*([0-9]{1,6})\s*/\s*([1-9][0-9]{0,5})\s*\Z")


def divided(value: Value) -> Value:
    """The number that a text such as ``1/2`` is; any other value as it is.

    >>> divided("1/2"), divided("4/2"), divided("w/2")
    (0.5, 2, 'w/2')
    """
    match = _FRACTION.match(value) if isinstance(value, str) else None
    if match is None:
        return value
    over, under = int(match[1]), int(match[2])
    return over / under if over % under else over // under


def is_block(node: Scalar) -> bool:
    """Whether a text is of several lines, as a block below ``>`` or ``|`` is, without quotes."""
    return node.span.end_line > node.span.line


def word(value: Value, words: tuple[str, ...]) -> tuple[str, ...]:
    """A word that another tool has for one of these."""
    given = str(value).lower()
    if (meant := _WORDS.get(given)) in words:
        return (f"did you mean `{meant}`?",)
    alike = _ALIKE.get(given)
    return (f"`{alike}` makes the same size, by other numbers",) if alike in words else ()
