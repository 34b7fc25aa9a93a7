"""Arguments of another type than a function's signature says: refused with the argument's name.

Unrefused they fail deep inside, where nobody knows which argument it was, or do not fail: a number
in the place of a file's name is an open file of the process.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, ParamSpec, TypeVar, Union, get_args, get_origin

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_HAS_MORE = 4  #: in a code's flags: it takes ``*args``


def typed(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, which raises a TypeError that names an argument of a wrong type.

    The types are those of its signature; those of ``**options`` are looked at where they are read.
    """
    code = function.__code__
    hints = function.__annotations__
    names = code.co_varnames[: code.co_argcount]
    rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][:1]
    own = {*names, *code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]}

    @wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        pairs = [*zip(names, args, strict=False)]
        if code.co_flags & _HAS_MORE:
            pairs += [(rest[0], value) for value in args[len(names) :]]
        pairs += [(name, value) for name, value in kwargs.items() if name in own]
        for name, value in pairs:
            hint = hints.get(name, Any)
            if not _fits(value, hint):
                raise TypeError(f"{name}: expected {_words(hint)}, got {_type(value)}")
        return function(*args, **kwargs)

    return checked


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is of an annotation's type; of one that cannot be asked for, True."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return any(_fits(value, part) for part in parts)
    if hint is Any:
        return True
    if hint is None or hint is NoneType:
        return value is None
    if origin is Literal:  # which word it is, the function says better
        return isinstance(value, tuple(map(type, parts)))
    if hint is bool:
        return isinstance(value, Integral) or _type(value).startswith("bool")  # NumPy's, too
    if hint in {int, float}:
        return isinstance(value, Integral if hint is int else Real) and not isinstance(value, bool)
    if origin is None:
        return isinstance(value, hint) if isinstance(hint, type) else True
    if not isinstance(origin, type) or not isinstance(value, origin):
        return not isinstance(origin, type)
    if isinstance(value, Mapping):
        return len(parts) != 2 or all(
            _fits(key, parts[0]) and _fits(one, parts[1]) for key, one in value.items()
        )
    if isinstance(value, range):
        return _fits(0, parts[0])  # all its items are integers, however many
    if isinstance(value, (list, tuple)):
        if origin is tuple and parts[1:] != (...,):
            return True
        return all(_fits(one, parts[0]) for one in value)
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        return isinstance(value, str) or str not in parts
    return True


def _words(hint: Any) -> str:
    """The types of an annotation, such as "str, int or None"."""
    found: list[str] = []
    for part in get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,):
        if isinstance(part, ForwardRef):
            found.append(part.__forward_arg__)
        elif part is NoneType:
            found.append("None")
        elif get_origin(part) is Literal:
            found.append("str")
        else:
            found.append(
                str(part).rpartition("collections.abc.")[2] if get_args(part) else part.__name__
            )
    *first, last = dict.fromkeys(found)
    return f"{', '.join(first)} or {last}" if first else last


def _type(value: object) -> str:
    return type(value).__name__
