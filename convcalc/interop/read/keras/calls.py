"""What a call of a Keras layer is given: other layers' outputs, and values."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.returned import within

_MOST_ARGUMENTS = 10_000


class Ref(NamedTuple):
    """An output of a call of a layer."""

    layer: str
    call: int
    output: int


#: the name of an argument, '' where it has none, and what is given for it
Value = tuple[str, Any]


class Call(NamedTuple):
    """What one call of a layer is given."""

    reads: tuple[Ref, ...]
    values: tuple[Value, ...]
    """What else it is given, in order: all but None and whether it is in training."""
    value_first: bool
    """A value comes before the first reference, as in `1 - x`."""
    keys: tuple[str, ...] | None
    """The keys under which it is given its volumes, sorted; None where it is no dictionary."""
    old: bool
    """Written by Keras 2, which counts the calls of a nested model from 1."""

    def said(self) -> str:
        """The first of the values as a message says it."""
        key, value = self.values[0]
        return plain(f"{key} = {value}" if key else str(value))[:60]


#: of a layer in a Sequential model, which is given the output of the one before
IN_TURN = Call((), (), False, None, False)


def call_of(node: Any) -> Call:
    """A call: Keras 3's tensors among the arguments, or Keras 2's nested lists.

    Raises:
        UnreadableError: a reference is none, or there are too many arguments.
    """
    found: list[Ref] = []
    values: list[Value] = []
    value_first = False
    waiting: list[Value] = [("", node)]
    steps = 0
    while waiting:
        key, value = waiting.pop()
        steps += 1
        if steps > _MOST_ARGUMENTS:
            raise UnreadableError("a call of a layer has too many arguments")
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            inner = value.get("config")
            found.append(_ref(inner.get("keras_history") if isinstance(inner, dict) else None))
        elif value is node and isinstance(value, dict):
            more = value.get("kwargs")
            waiting += list(more.items())[::-1] if isinstance(more, dict) else _within("", more)
            waiting += _within("", value.get("args"))
        elif isinstance(value, list) and value is not node and any(map(_is_slice, value)):
            values.append((key, value))  # whole: an axis that is added is None among them
        elif isinstance(value, list) and _is_old(value):
            found.append(_ref(value[:3]))
            waiting += _within(key, value[3:])
        elif isinstance(value, list) or (isinstance(value, dict) and "class_name" not in value):
            waiting += _within(key, value)
        elif value is not None and not (key == "training" and isinstance(value, bool)):
            value_first = value_first or not found
            values.append((key, value))
    return Call(tuple(found), tuple(values), value_first, _keys(node), isinstance(node, list))


def _within(key: str, value: Any) -> list[Value]:
    """The parts of a value, the first last; a dictionary's by their keys, as in Keras."""
    if isinstance(value, dict):
        return sorted(value.items(), key=lambda pair: pair[0], reverse=True)
    return [(key, part) for part in value][::-1] if isinstance(value, list) else [(key, value)]


def _is_slice(value: Any) -> bool:
    return isinstance(value, dict) and value.get("class_name") in {"__slice__", "__ellipsis__"}


def _is_old(value: list[Any]) -> bool:
    """[name, call, output] and perhaps further arguments, as Keras 2 writes a reference."""
    fits = len(value) in {3, 4} and isinstance(value[0], str)
    return fits and type(value[1]) is int and type(value[2]) is int


def _keys(node: Any) -> tuple[str, ...] | None:
    args = node.get("args") if isinstance(node, dict) else None
    first = args[0] if isinstance(args, list) and args else None
    return keys_of(None if isinstance(first, dict) and "class_name" in first else first)


def keys_of(value: Any) -> tuple[str, ...] | None:
    """The keys of a dictionary, sorted; None of anything else."""
    return tuple(sorted(value)) if isinstance(value, dict) else None


def refs_of(value: Any) -> tuple[Ref, ...]:
    """The references in [name, call, output], or in lists and dictionaries of such.

    Raises:
        UnreadableError: there is something else among them.
    """
    return tuple(ref for _, ref in _refs(value))


def named_refs_of(value: Any) -> tuple[tuple[str, Ref], ...]:
    """The same with the keys of the dictionaries around each; '' where it is in none.

    Raises:
        UnreadableError: there is something else among them.
    """
    return tuple(_refs(value))


def _refs(value: Any) -> Iterator[tuple[str, Ref]]:
    waiting = [] if value is None else [("", value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(within(path, key), part) for key, part in _within("", value)]
        elif isinstance(value, list) and not _begins_with_a_name(value):
            last = len(value) - 1
            for i, (_, part) in enumerate(_within("", value)):
                waiting.append((within(path, str(last - i)) if path else "", part))
        else:
            yield path, _ref(value)


def _begins_with_a_name(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], str)


def _ref(entry: Any) -> Ref:
    fits = isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    if not fits or type(entry[1]) is not int or type(entry[2]) is not int:
        raise UnreadableError("a reference to a layer is not [name, call, output]")
    return Ref(entry[0], entry[1], entry[2])
