"""What a call of a Keras layer is given: other layers' outputs, and values."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.interop.flat import UnreadableError

_MOST_ARGUMENTS = 10_000


class Ref(NamedTuple):
    """An output of a call of a layer."""

    layer: str
    call: int
    output: int


class Call(NamedTuple):
    """What one call of a layer is given."""

    reads: tuple[Ref, ...]
    old: bool
    """Written by Keras 2, which counts the calls of a nested model from 1."""


def call_of(node: Any) -> Call:
    """A call: Keras 3's tensors among the arguments, or Keras 2's nested lists.

    Raises:
        UnreadableError: a reference is none, or there are too many arguments.
    """
    found: list[Ref] = []
    waiting = [node]
    steps = 0
    while waiting:
        value = waiting.pop()
        steps += 1
        if steps > _MOST_ARGUMENTS:
            raise UnreadableError("a call of a layer has too many arguments")
        if isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                inner = value.get("config")
                history = inner.get("keras_history") if isinstance(inner, dict) else None
                found.append(_ref(history))
            elif value is node or "args" in value:
                more, given = value.get("kwargs"), value.get("args")
                waiting += list(more.values())[::-1] if isinstance(more, dict) else []
                waiting += given[::-1] if isinstance(given, list) else []
        elif isinstance(value, list):
            old = len(value) in {3, 4} and isinstance(value[0], str)
            if old and type(value[1]) is int and type(value[2]) is int:
                found.append(_ref(value[:3]))
            else:
                waiting += value[::-1]
    return Call(tuple(found), isinstance(node, list))


def refs_of(value: Any) -> tuple[Ref, ...]:
    """The references in [name, call, output] or a list of such.

    Raises:
        UnreadableError: there is something else among them.
    """
    return tuple(_refs(value))


def _refs(value: Any) -> Iterator[Ref]:
    if not isinstance(value, list):
        return
    if len(value) == 3 and isinstance(value[0], str):
        value = [value]
    yield from map(_ref, value)


def _ref(entry: Any) -> Ref:
    fits = isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    if not fits or type(entry[1]) is not int or type(entry[2]) is not int:
        raise UnreadableError("a reference to a layer is not [name, call, output]")
    return Ref(entry[0], entry[1], entry[2])
