"""A value alone where a kind's options were expected: ``- dropout: 0.5``."""

from typing import Any

from convcalc.layers import BY_NAME
from convcalc.layers.option import Option, RejectedError, Value
from convcalc.spec.hints import missing_space, text_of
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve


def is_only_taker(kind: str, key: str, text: str) -> bool:
    """Whether a value alone can mean one option of a kind only: the required one, or the only one.

    True and false may mean that the layer is there at all: ``batch_norm: true``.
    """
    options, value = BY_NAME[kind].options(), _value(Scalar(text, 0))
    if isinstance(value, bool):
        return False
    required = [option.key for option in options if option.required]
    takers = [option.key for option in options if _accepts(option, value)]
    return key in takers and [key] in (required, takers)


def bare_value(kind: str, options: tuple[Option[Any], ...], node: Node) -> tuple[str, ...]:
    """``- dropout: 0.5``: the option that takes the value, the required ones asked first."""
    spaced = missing_space(node.text) if isinstance(node, Scalar) else ()
    if BY_NAME[kind].merges:
        words = [item.text for item in node.items if isinstance(item, Scalar)] if (
            isinstance(node, Sequence)) else []  # fmt: skip
        if words and not any(word in BY_NAME or expand(word) for word in words):
            return (f"write `from: {text_of(node)}` on its own line below `{kind}:`",)
        return (f"`{kind}: {{branches: [...]}}`",)
    if spaced or not options:
        return spaced or (f"`- {kind}`",)
    value, got = _value(node), text_of(node)
    required = [option.key for option in options if option.required]
    if isinstance(node, Sequence) and required == ["filters", "kernel"] and len(node.items) == 2:
        filters, kernel = map(text_of, node.items)
        return (f"write `{kind}: {{filters: {filters}, kernel: {kernel}}}`",)

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


def _accepts(option: Option[Any], value: Value) -> bool:
    try:
        option.accept(value)
    except RejectedError:
        return False
    return True
