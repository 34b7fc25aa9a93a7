"""The attributes of an ONNX node: of each the one value that its type says."""

from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx.arrays import LONGEST, MOST_KEPT, Kept, array_of, text_of

#: what AttributeProto calls the value of each of its types
_FIELDS = {1: "f", 2: "i", 3: "s", 4: "t", 5: "g", 6: "floats", 7: "ints", 8: "strings"}
#: types whose values are not read: a node that has one is refused
_UNREAD = {
    9: "tensors",
    10: "graphs",
    11: "a sparse tensor",
    12: "sparse tensors",
    13: "a type",
    14: "types",
}
_VALUES = frozenset(_FIELDS.values())


class Subgraph(NamedTuple):
    """A graph inside a node, as `onnx` has it: taken apart only where it is entered."""

    proto: Any
    kept: Kept


class Unread(str):
    """What an attribute holds whose value is not read."""

    __slots__ = ()


def attribute_of(attribute: Any, node: str, kept: Kept) -> Any:
    """The value of an attribute; a graph inside one is not entered yet.

    Args:
        attribute: the attribute as `onnx` has it.
        node: what messages call its node.
        kept: the numbers that may be kept of the file.

    Raises:
        UnreadableError: it has no type, values of two, or very many numbers.
    """
    sort = attribute.type
    if sort in _UNREAD:
        return Unread(_UNREAD[sort])
    held = {field.name for field, _ in attribute.ListFields()} & _VALUES
    wrong = ""
    if sort not in _FIELDS or held - {_FIELDS[sort]}:
        wrong = "is not of the type that it states"
    elif (numbers := max(len(attribute.floats), len(attribute.ints))) > MOST_KEPT:
        wrong = f"has more than {MOST_KEPT:,} numbers"
    elif not kept.takes(numbers):
        wrong = "and those before it list more numbers than those of a net"
    if wrong:
        name = plain(text_of(attribute.name)[:LONGEST])
        raise UnreadableError(f"node {plain(node)}: attribute {name} {wrong}")
    match sort:
        case 1:
            return float(attribute.f)
        case 2:
            return int(attribute.i)
        case 3:
            return text_of(attribute.s[:LONGEST])
        case 4:
            return array_of(attribute.t, kept)
        case 5:
            return Subgraph(attribute.g, kept)
        case 6:
            return tuple(map(float, attribute.floats))
        case 7:
            return tuple(map(int, attribute.ints))
        case _:
            return tuple(map(text_of, attribute.strings[:64]))
