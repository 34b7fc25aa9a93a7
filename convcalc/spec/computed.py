"""Values that compute, without the equals sign that a formula starts with: ``74*55``, ``8*ngf``.

Imported only where something is wrong.
"""

import re

from convcalc.layers.option import Value
from convcalc.tree.nodes import Node, Scalar, Sequence

_OPERAND = r"(?:[A-Za-z_]\w{0,40}|[0-9]{1,12})"
_COMPUTED = re.compile(rf"{_OPERAND}(?: *(?:\*|\+|//) *{_OPERAND}){{1,8}}")
_NUMBER = re.compile(r"(?<!\w)[0-9]+(?!\w)")


def formula(text: str) -> str:
    """The formula that a text is without its sign; '' for other texts.

    >>> formula("74*55"), formula("8*ngf"), formula("conv+bn"), formula("3x3")
    ('=74*55', '=8*ngf', '', '')
    """
    text = text.strip()
    computed = len(text) < 200 and _COMPUTED.fullmatch(text) and _NUMBER.search(text)
    return f"={text}" if computed else ""


def signed(node: Node) -> Node:
    """A value with the sign of each formula that it has, alone or in a list."""
    if isinstance(node, Scalar) and node.plain:
        made = formula(node.text)
        return Scalar(made, node.start) if made else node
    if isinstance(node, Sequence) and any(signed(item) is not item for item in node.items):
        listed = Sequence(node.start)
        listed.items = [signed(item) for item in node.items]
        return listed
    return node


def in_list(value: Value) -> tuple[str, ...]:
    """Help for ``[4, 4, 8*ngf]``, a list with a formula that has no sign; () for other values."""
    if not isinstance(value, tuple):
        return ()
    made = [formula(item) if isinstance(item, str) else "" for item in value]
    known = all(sign or type(item) is int for sign, item in zip(made, value, strict=True))
    if not known or not any(made) or len(made) > 8:
        return ()
    listed = ", ".join(sign or str(item) for sign, item in zip(made, value, strict=True))
    return (f"did you mean `[{listed}]`?", "a formula starts with =")
