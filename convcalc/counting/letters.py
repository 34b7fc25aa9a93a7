"""Formulas in the letters that tables have room for: ``2*inputs + 6*channels`` as ``2i+6c``."""

from convcalc import formula
from convcalc.counting.record import UNKNOWN

LETTERS = {
    "macs": "M",
    "bias": "b",
    "inputs": "i",
    "outputs": "o",
    "params": "p",
    "window": "k",
    "channels": "c",
    "positions": "n",
    "stride": "s",
    "groups": "g",
}

#: What the letters mean, for the foot of a table.
MEANING = (
    "M multiply-accumulates, b outputs with a bias, i and o elements in and out, p parameters, "
    "k the window's area, c channels in, n positions out, s the stride's area, g groups; "
    "- nothing, ? unknown"
)

_LOST = "rounding_loss"  #: below 1 an output: too little for a table of letters

_TIGHT = {"+": 1, "-": 1, "*": 2, "//": 2}


def lettered(text: str) -> str:
    """A formula in letters; what has no letter keeps its name.

    >>> lettered("=2*inputs + 6*channels"), lettered("=outputs*window"), lettered("=0")
    ('2i+6c', 'ok', '-')
    >>> lettered("unknown"), lettered("=(operands - 1)*outputs"), lettered("=inputs//batch")
    ('?', 'o', 'i')
    >>> lettered("=inputs//batch + inputs"), lettered("=inputs + outputs - rounding_loss")
    ('2i', 'i+o')
    """
    if text == UNKNOWN:
        return "?"
    if text == "=0":
        return "-"
    return _written(_for_one_image(formula.parse(text)))[0]


def _for_one_image(tree: formula.Tree) -> formula.Tree:
    """The formula for one image and two operands, where it says no more than that."""
    if isinstance(tree, formula.Name):
        return {"batch": 1, "operands": 2}.get(tree.text, tree)
    if not isinstance(tree, formula.Call):
        return tree
    parts = tuple(map(_for_one_image, tree.operands))
    if tree.operator == "-" and isinstance(parts[1], formula.Name) and parts[1].text == _LOST:
        return parts[0]
    if tree.operator == "-" and all(isinstance(part, int) for part in parts):
        return parts[0] - parts[1]  # type: ignore[operator]
    if tree.operator in {"*", "//"} and parts[1] == 1:
        return parts[0]
    if tree.operator == "*" and parts[0] == 1:
        return parts[1]
    if tree.operator == "+" and _written(parts[0]) == _written(parts[1]):
        return formula.Call("*", (2, parts[0]), tree.offset)
    return tree._replace(operands=parts)


def _written(tree: formula.Tree) -> tuple[str, int]:
    """A text and how tightly it binds."""
    if isinstance(tree, formula.Name):
        return LETTERS.get(tree.text, tree.text), 3
    if not isinstance(tree, formula.Call):
        return str(tree), 3
    operands = [_written(part) for part in tree.operands]
    if tree.operator not in _TIGHT:
        if tree.operator in {"min", "max", "round"}:
            return f"{tree.operator}({', '.join(text for text, _ in operands)})", 3
        return tree.operator.join(text for text, _ in operands), 0
    tight = _TIGHT[tree.operator]
    left, right = (
        f"({text})" if bound < tight + side else text for side, (text, bound) in enumerate(operands)
    )
    if tree.operator == "*":
        joint = "" if len(left) + len(right) < 4 or left.isdigit() else "*"
        return f"{left}{joint}{right}", tight
    return f"{left}{'/' if tree.operator == '//' else tree.operator}{right}", tight
