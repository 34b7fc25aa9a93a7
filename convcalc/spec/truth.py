"""Words for yes and no, as files of other tools have them: ``relu: on``, ``bias: None``.

Imported only where something is wrong.
"""

from convcalc.layers.option import Value
from convcalc.tree.nodes import Node, Scalar

#: what a flag is
FLAGS = ("true", "false")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_NOTHING = ("none", "null", "~")


def truth(node: Node) -> bool | None:
    """Whether a word says that something is there, in YAML 1.1's words too; None for no such word.

    >>> truth(Scalar("True", 0)), truth(Scalar("off", 0)), truth(Scalar("2", 0))
    (True, False, None)
    """
    word = node.text.lower() if isinstance(node, Scalar) else ""
    return {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(word)


def absent(node: Node) -> bool:
    """Whether a value says that something is not there."""
    return truth(node) is False or (isinstance(node, Scalar) and node.text.lower() in _NOTHING)


def flag(value: Value) -> tuple[str, ...]:
    """What a flag is that other languages write as 1, ``None`` or a word in quotes."""
    word = str(value).lower() if value is not None else ""
    if value == 1 or word in _YES:
        return ("did you mean `true`?",)
    return ("did you mean `false`?",) if value == 0 or word in (*_NO, *_NOTHING) else ()
