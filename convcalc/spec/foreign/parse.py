"""The arguments of a layer that is written as a call, ``Conv2d(3, 32, 3)``: parsed, never run.

Imported only where something is wrong.
"""

import ast
import re
from typing import Any

from convcalc import dialects
from convcalc.shapes import LARGEST_SIZE

LONGEST = 300  #: letters of a call that is read
_SIGNS = re.compile(r"[\w\s.,=()\[\]'\"*/-]*\Z", re.ASCII)
_NUMBER_AND_WORD = re.compile(r"(?<!\w)[0-9][0-9.]*(?:if|in|is|or|and|else|not|for)")
VOLUMES = frozenset({"x", "input", "inputs", "net", "out", "h"})  #: what a function calls them

Arguments = tuple[list[Any], dict[str, Any]]  #: by place and by name


def arguments_of(call: str, function: bool = False) -> Arguments | None:
    """The arguments by place and by name; None where one is not a number, text or list of them.

    The first may be a name, None then: channels, or the volume that a `function` reads.
    """
    call += ")" * (call.count("(") - call.count(")"))
    if len(call) > LONGEST or not _SIGNS.match(call) or _NUMBER_AND_WORD.search(call):
        return None
    try:
        tree = ast.parse(call, mode="eval").body
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Call) and _is_applied(tree):
            tree = tree.func
        if not isinstance(tree, ast.Call) or any(word.arg is None for word in tree.keywords):
            return None
        if not isinstance(tree.func, ast.Name | ast.Attribute):
            return None
        # the channels that arrive may be a variable of the program
        first = [arg for arg in tree.args[:1] if isinstance(arg, ast.Name)]
        if first and not tree.args[1:] and first[0].id not in VOLUMES and not function:
            return None
        places = [None] * len(first) + [_literal(arg) for arg in tree.args[len(first) :]]
        named = [word for word in tree.keywords if not _is_of_training(word)]
        if len({word.arg for word in named}) < len(named):
            return None
        return places, {str(word.arg): _literal(word.value) for word in named}
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None


def _is_applied(call: ast.Call) -> bool:
    """Whether a call has one volume alone, as ``(x)`` behind ``Conv2D(8, 3)`` has."""
    places = call.args
    return len(places) == 1 and isinstance(places[0], ast.Name) and not call.keywords


def _is_of_training(word: ast.keyword) -> bool:
    """``training=self.training`` and ``kernel_regularizer=l2(1e-4)``, which no spec says."""
    made = not isinstance(word.value, ast.Constant)
    return word.arg == "training" or (made and str(word.arg).endswith(dialects.OF_TRAINING))


def _literal(node: ast.expr) -> Any:
    """A number, text, True, False, None or list of them, as `ast.literal_eval` has it.

    That makes four functions for each value, which stay until they are collected.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        items = map(_literal, node.elts)
        return tuple(items) if isinstance(node, ast.Tuple) else list(items)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
        if owner == "ResizeMethod":  # TensorFlow's own names of its texts
            return node.attr.lower()
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _literal(node.operand)
        if type(value) in (int, float):
            return -value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.FloorDiv):
        left, right = _literal(node.left), _literal(node.right)
        if type(left) is type(right) is int and max(abs(left), abs(right)) <= LARGEST_SIZE:
            return left * right if isinstance(node.op, ast.Mult) else left // (right or 1)
    raise ValueError
