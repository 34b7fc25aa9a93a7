"""The values of a model file: what YAML 1.1 makes of them, and what Ultralytics makes of words."""

import re

from convcalc.interop.flat import UnreadableError
from convcalc.shapes import LARGEST_SIZE
from convcalc.tree.nodes import Node, Scalar, Sequence

Value = int | float | bool | str | None | list["Value"]

#: The forms that PyYAML and `int` or `float` read alike: 010 and 1_000 stay words, as does 1e3.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][-+][0-9]{1,3})?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: Words that are values of Python where an argument of a row is one, in quotes too.
_PYTHON: dict[str, bool | None] = {"None": None, "True": True, "False": False}
CLASSES = "nc"  #: the one name of a row's arguments that is read


def value(node: Node | None) -> Value:
    """The value of a node: numbers, words and lists of them.

    Raises:
        UnreadableError: there is a mapping among them.
    """
    if isinstance(node, Sequence):
        return [value(item) for item in node.items]
    if node is None:
        return None
    if not isinstance(node, Scalar):
        raise UnreadableError(f"line {node.span.line}: a mapping where a number or a word belongs")
    text = node.text
    if not node.plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(text)


def _number(text: str) -> int | float | str:
    """A number, or the text where it is none that can be counted with."""
    found: int | float | None = None
    if _INTEGER.fullmatch(text):
        found = int(text)
    elif _FLOAT.fullmatch(text):
        found = float(text)
    return text if found is None or abs(found) > LARGEST_SIZE else found


def evaluated(given: Value, classes: Value) -> Value:
    """An argument of a row as Ultralytics evaluates it: `nc`, a number or a word in quotes.

    Other names of its own, as `c2`, stay words, which no argument takes.
    """
    if not isinstance(given, str):
        return given
    if given == CLASSES and classes is not None:
        return classes
    if given in _PYTHON:
        return _PYTHON[given]
    return int(given) if _INTEGER.fullmatch(given) else given
