"""Fields of a node of an exported program."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import Scope
from convcalc.interop.read.stated_sizes import checked_shape, checked_size
from convcalc.shapes import Shape


def integer_of(stated: Any) -> Any:
    """The integer of a field, or that of its example where it is open; None where it has none."""
    found = stated.get("as_int")
    return (stated["as_expr"].get("hint") or {}).get("as_int") if found is None else found


def size_of(stated: Any) -> int:
    """A size of a tensor; one that is open without an example counts as 1.

    Raises:
        UnreadableError: it is no size.
    """
    return checked_size(_example(stated))


def shape_of(stated: Sequence[Any], what: str) -> Shape:
    """The sizes of a tensor, those that are open too.

    Args:
        stated: the field of each.
        what: the tensor, for messages.

    Raises:
        UnreadableError: it can have no such sizes.
    """
    return checked_shape([*map(_example, stated)], what)


def _example(stated: Any) -> Any:
    found = integer_of(stated)
    return 1 if found is None else found


#: the sorts of arguments that are tensors, or may hold some
TENSORS = frozenset(
    (
        "as_tensor",
        "as_tensors",
        "as_optional_tensor",
        "as_optional_tensors",
        "as_nested_tensors",
        "as_string_to_argument",
    )
)


def arguments_of(inputs: Sequence[Any], named: bool) -> dict[str, Any]:
    """The arguments of a call as the file has them, each after its sort.

    Args:
        inputs: the field of each.
        named: whether PyTorch passes them by their names, as those of ATen; what higher-order
            operators and Python's own are given counts by its place, and may have no name.
    """
    if named:
        return {entry["name"]: entry["arg"] for entry in inputs}
    return {f"{i} {entry['name']}": entry["arg"] for i, entry in enumerate(inputs)}


def tensors_of(argument: Mapping[str, Any]) -> Iterator[str]:
    """The names of the tensors of an argument, whatever holds them."""
    waiting: list[Any] = [argument]
    while waiting:
        held = waiting.pop()
        if isinstance(held, list):
            waiting += reversed(held)
        elif "name" in held:  # an entry of a list
            yield str(held["name"])
        else:
            ((sort, value),) = held.items()
            if sort == "as_string_to_argument":
                waiting += reversed(value.values())
            elif sort in TENSORS:
                waiting.append(value)


def outputs_of(outputs: Any) -> list[str]:
    """The names of a call's outputs."""
    names: list[str] = []
    for output in outputs:
        if "as_tensor" in output:
            names.append(str(output["as_tensor"]["name"]))
        elif "as_tensors" in output:
            names += [str(entry["name"]) for entry in output["as_tensors"]]
    return names


def scopes_of(stack: str) -> tuple[Scope, ...]:
    """``key,path,class`` of every module, outermost first, joined with semicolons."""
    found = []
    for part in str(stack)[:20_000].split(";"):
        fields = part.split(",")
        if len(fields) == 3 and fields[1]:
            found.append(Scope(plain(fields[1][:200]), plain(fields[2].rpartition(".")[2][:80])))
    return tuple(found)
