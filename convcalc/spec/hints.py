"""What to type instead: help for entries and options that say what is meant, but not as a spec does.

Imported only where something is wrong.
"""

from collections.abc import Iterable
from typing import Any

from convcalc.findings import plain
from convcalc.layers.base import Layer
from convcalc.layers.option import Option, RejectedError, Value
from convcalc.spec.scalars import AmbiguousError, resolve
from convcalc.spec.tree import Node, Scalar, Sequence


def bare_value(kind: str, options: tuple[Option[Any], ...], node: Node) -> tuple[str, ...]:
    """``- dropout: 0.5``: the option that takes the value, the required ones asked first."""
    spaced = missing_space(node.text) if isinstance(node, Scalar) else ()
    if spaced or not options:
        return spaced or (f"`- {kind}`",)
    value, got = _value(node), _text(node)

    def rank(option: Option[Any]) -> tuple[bool, bool]:
        return value not in getattr(option, "words", ()), not option.required

    for option in sorted(options, key=rank):
        if _accepts(option, value):
            return (f"write `{kind}: {{{option.key}: {got}}}`",)
    return (f"{kind} takes {', '.join(option.key for option in options)}",)


def _value(node: Node) -> Value:
    if isinstance(node, Sequence):
        return tuple(_value(item) for item in node.items)
    text = node.text if isinstance(node, Scalar) else ""
    if text[:1] == "=":
        return 1  # what a formula makes is a number
    try:
        return resolve(text)
    except AmbiguousError:
        return text


def _text(node: Node) -> str:
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_text, node.items))}]"
    return plain(node.text) if isinstance(node, Scalar) else "..."


def _accepts(option: Option[Any], value: Value) -> bool:
    try:
        option.accept(value)
    except RejectedError:
        return False
    return True


def missing(kind: type[Layer], names: list[str], others: bool) -> tuple[str, ...]:
    """Required options that are not there, beside others or alone."""
    sample = ", ".join(f"{name}: {'3' if name == 'kernel' else '64'}" for name in names)
    if others:
        return (f"add `{sample}`",)
    short = {"conv": ", or in short `conv3-64`", "fc": ", or in short `fc-10`"}.get(kind.kind, "")
    if kind.kind.endswith("_pool") and "kernel" in names:
        short = ", or in short `pool2`"
    return (f"write `{kind.kind}: {{{sample}}}`{short}",)


def missing_space(word: str) -> tuple[str, ...]:
    """``conv:{filters`` and ``filters:64``, which YAML reads as one word."""
    name, colon, rest = word.partition(":")
    if not colon or not rest or not name.isidentifier():
        return ()
    if rest[0] in "{[":
        return (f"a space after `{name}:`",)
    return (f"a space after the colon: `{name}: {plain(rest)}`",)
