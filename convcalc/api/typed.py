"""Arguments of another type than a function's signature says: refused with the argument's name.

Unrefused they fail deep inside, where nobody knows which argument it was, or do not fail: a number
in the place of a file's name is an open file of the process.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import (
    Any,
    ForwardRef,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    Unpack,
    get_args,
    get_origin,
)

from convcalc.analysis.settings import Settings
from convcalc.api.words import called, in_python
from convcalc.findings import brief
from convcalc.quantity import own, parse_bytes, parse_count, whole
from convcalc.study.errors import RequestError

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_HAS_MORE = 4  #: in a code's flags: it takes ``*args``


def typed(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The function, which raises a TypeError that names an argument of a wrong type.

    Its other errors name arguments too, where the command line's would name options.

    The types are those of its signature; those of ``**options`` are looked at where they are read.
    """
    code = function.__code__
    hints = function.__annotations__
    names = code.co_varnames[: code.co_argcount]
    rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][:1]
    options = _options(function)
    named = {*names, *rest, *code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]}

    unused = {*Settings._fields, "foreach"} - named - {*options}

    @wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        idle = next((name for name in kwargs if options and name in unused), "")
        if idle:
            raise RequestError(f"{idle} changes nothing in {function.__name__}: leave it out")
        for name in kwargs.keys() - named - options.keys():
            if hint := called(function.__name__, name):
                raise TypeError(f"{function.__name__} takes no {name!r}: {hint}")
        places = [*names, *[rest[0]] * len(args)] if code.co_flags & _HAS_MORE else names
        taken = [_taken(name, value) for name, value in zip(places, args, strict=False)]
        taken += args[len(taken) :]  # too many, as the call itself says
        try:
            return function(*taken, **{name: _taken(name, kwargs[name]) for name in kwargs})
        except RequestError as error:
            known = {*named, *options}
            error.args = tuple(in_python(a, known) if type(a) is str else a for a in error.args)
            raise

    def _taken(name: str, given: object) -> Any:
        """The argument with Python's own numbers."""
        hint = hints.get(name, Any) if name in named else options.get(name, Any)
        value = _whole(own(given), hint)
        if name in named and not _fits(value, hint):
            wrong = _wrong_entry(name, value, hint)
            wrong = wrong or f"{name}: expected {_words(hint)}, got {_got(given)}"
            instead = _in_one_row(name, given, function.__name__)
            instead = instead or _instead(name, value, function.__name__, name in names)
            raise TypeError(wrong + instead)
        return value

    return checked


def _options(function: Callable[..., object]) -> dict[str, Any]:
    """The types of what a function takes as ``**options``, by name."""
    hints: Mapping[str, Any] = function.__annotations__
    for hint in hints.values():
        if get_origin(hint) is Unpack:
            found: dict[str, Any] = get_args(hint)[0].__annotations__
            return found
    return {}


def _whole(value: Any, hint: Any) -> Any:
    """A value whose numbers are integers where only those fit: a size of 8e9 bytes."""
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    if isinstance(value, float):
        return whole(value) if int in kinds and float not in kinds else value
    if type(value) in {list, tuple}:
        inner = {get_origin(kind): get_args(kind)[0] for kind in kinds if get_args(kind)}
        items = [inner[kind] for kind in (tuple, Sequence) if kind in inner]
        made = tuple if tuple in inner and Sequence not in inner else type(value)
        return made(_whole(one, Union[*items]) for one in value) if items else value
    if type(value) is dict:
        tables = [get_args(kind)[1] for kind in kinds if get_origin(kind) is Mapping]
        return {k: _whole(one, Union[*tables]) for k, one in value.items()} if tables else value
    return value


def _wrong_entry(name: str, value: object, hint: Any) -> str:
    """What is wrong with one entry of a table that itself is of the type; '' for no such."""
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    tables = [get_args(kind) for kind in kinds if get_origin(kind) is Mapping]
    if not isinstance(value, Mapping) or not tables:
        return ""
    for key, one in value.items():
        of_key, of_value = tables[0]
        if not _fits(key, of_key):
            return f"{name}: expected keys of {_words(of_key)}, got {_got(key)}"
        if not _fits(one, of_value):
            number = _number(one) if of_value is int else None
            write = "" if number is None else f": write {number:_}"
            return f"{name}: {brief(str(key))}: expected {_words(of_value)}, got {_got(one)}{write}"
    return ""


def _got(value: object) -> str:
    """What was given: a number itself, a type by its name, of everything else its type."""
    if isinstance(value, type):
        return f"the type {value.__name__}"
    return f"{own(value)}" if isinstance(value, float) else _type(value)


def _number(value: object) -> int | None:
    """The number that a text such as ``"5M"`` or ``"8GiB"`` says; None for all else."""
    if not isinstance(value, str):
        return None
    count = parse_count(value)
    return parse_bytes(value) if count is None else count


def _in_one_row(name: str, given: object, function: str) -> str:
    """What to write for an array of several axes where numbers are wanted, or a net is."""
    nested = isinstance(given, (list, tuple)) and any(
        isinstance(row, (list, tuple)) for row in given
    )
    if name in {"array", "weights"} and function == "verify":  # it reads them from files alone
        if not isinstance(given, (list, tuple)) and not hasattr(given, "ravel"):
            return ""
        saved = f"numpy.save('x.npy', {name})" if name == "array" else "numpy.savez('x.npz', ...)"
        return f": write {saved} and {name}='x.{'npy' if name == 'array' else 'npz'}'"
    if name in {"array", "weights"} and (nested or hasattr(given, "ravel")):
        return f": write its numbers in one row, {name}=numpy.ravel({name}).tolist()"
    if name in {"net", "spec"} and hasattr(given, "ravel"):
        numbers = ", and numbers as array=numpy.ravel(x).tolist()" if function == "demo" else ""
        return f": give a net{numbers}"
    return ""


def _instead(name: str, value: object, function: str, single: bool) -> str:
    """What to write in the place of nets that are given as something else; '' for all else."""
    from convcalc.network.build import Builder  # where something is wrong

    built = [value, *value] if isinstance(value, (list, tuple)) else [value]
    if any(type(one) is Builder for one in built):
        return ": a Builder's network is what its `.build()` gives"
    if name not in {"net", "nets", "spec"} or isinstance(value, str):
        return ""
    if isinstance(value, dict):
        return ": write its text, json.dumps(net, indent=1)"
    if isinstance(value, (bytes, bytearray)):
        return f": write {function}(text.decode())"
    if isinstance(value, (list, tuple, set)):
        each = f"[{function}(net) for net in nets]" if single else f"{function}(*nets)"
        return f": write {each}"
    return ""


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
