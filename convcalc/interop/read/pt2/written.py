"""How torch.export writes a program: which field of a file is not as it does."""

from collections.abc import Callable
from typing import Any

from convcalc.findings import plain

#: what is wrong with a value, and where below it; '' where nothing is
Look = Callable[[Any, str], str]

_WORDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
}


def odd(root: Any) -> str:
    """The first field of a program that is not written as torch.export does, as a sentence.

    Only the fields that are read are looked at; where those hold, their values do not fit together.
    """
    return _PROGRAM(root, "") or "its fields do not fit together as torch.export writes them"


def _of(*kinds: type) -> Look:
    wanted = " or ".join(_WORDS[kind] for kind in kinds)

    def look(value: Any, at: str) -> str:
        if type(value) in kinds:
            return ""
        return f"{at or 'all of it'} is {_WORDS.get(type(value), 'a value')}, not {wanted}"

    return look


def _object(**fields: Look) -> Look:
    """An object with these keys; those whose name ends in `_` may be missing or null."""
    is_object = _of(dict)

    def look(value: Any, at: str) -> str:
        if wrong := is_object(value, at):
            return wrong
        for name, field in fields.items():
            key, given = name.rstrip("_"), value.get(name.rstrip("_"))
            if given is None and name[-1] == "_":
                continue
            if key not in value:
                return f"{at or 'all of it'} has no {key}"
            if wrong := field(given, f"{at}.{key}" if at else key):
                return wrong
        return ""

    return look


def _each(field: Look, kind: type = list) -> Look:
    """A list of alike values, or an object of them by name."""
    is_kind = _of(kind)

    def look(value: Any, at: str) -> str:
        if wrong := is_kind(value, at):
            return wrong
        named = value.items() if kind is dict else enumerate(value)
        found = (field(one, f"{at}[{plain(str(key)[:40])}]") for key, one in named)
        return next(filter(None, found), "")

    return look


def _tagged(others: Look | None = None, **sorts: Look) -> Look:
    """An object whose one key says what its value is."""
    is_object = _of(dict)

    def look(value: Any, at: str) -> str:
        if wrong := is_object(value, at):
            return wrong
        if len(value) != 1:
            return f"{at} has {len(value)} keys, not the one that says what it is"
        ((sort, inner),) = value.items()
        field = sorts.get(sort, others)
        return field(inner, f"{at}.{plain(str(sort)[:40])}") if field is not None else ""

    return look


def _number(value: Any, at: str) -> str:
    if isinstance(value, str) and value not in {"Infinity", "-Infinity", "NaN"}:
        return f"{at} is no number"
    return _of(int, float, str, bool)(value, at)


def _neither(one: str, other: str) -> Look:
    return lambda _, at: f"{at} is neither {one} nor {other}"


_NAMED = _object(name=_of(str))
_SIZE = _tagged(_neither("as_int", "as_expr"), as_int=_of(int), as_expr=_object(hint_=_of(dict)))
_COUNT = _tagged(_neither("as_int", "as_name"), as_int=_of(int), as_name=_of(str))
_ARGUMENT = _tagged(
    as_tensor=_NAMED,
    as_tensors=_each(_NAMED),
    as_optional_tensors=_each(_tagged(as_tensor=_NAMED)),
    as_ints=_of(list),
    as_bools=_of(list),
    as_floats=_each(_number),
    as_float=_number,
    as_sym_int=_COUNT,
    as_sym_ints=_each(_COUNT),
)
_NODE = _object(
    target=_of(str),
    metadata_=_object(nn_module_stack_=_of(str)),
    inputs=_each(_object(name=_of(str), arg=_ARGUMENT)),
    outputs=_each(_tagged(as_tensor=_NAMED, as_tensors=_each(_NAMED), as_sym_int=_COUNT)),
)
_PROGRAM = _object(
    schema_version=_object(major=_of(int), minor_=_of(int)),
    verifiers_=_of(list),
    graph_module=_object(
        signature=_object(
            input_specs=_each(
                _tagged(_object(arg_=_of(dict)), user_input=_object(arg=_ARGUMENT)),
            )
        ),
        graph=_object(
            tensor_values=_each(_object(sizes=_each(_SIZE)), dict),
            sym_int_values_=_of(dict),
            nodes=_each(_NODE),
            outputs=_each(_tagged(as_tensor=_NAMED)),
        ),
    ),
)
