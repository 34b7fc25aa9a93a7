"""A tensor of an ONNX file: its shape, and the numbers of a small one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.read.stated_sizes import checked_shape
from convcalc.interop.trace.tensors import Number
from convcalc.shapes import Shape

MOST_KEPT = 4096
#: of all tensors and attributes of a file together: as objects they take 30 times their bytes
_MOST_OF_ALL = 2**22
#: letters of a name that are kept
LONGEST = 200

#: data types of TensorProto that hold floats
FLOATS = frozenset({1, 10, 11, 16, 17, 18, 19, 20})
#: those whose numbers are read, as numpy calls them
NUMBERS: Mapping[int, str] = {
    **{1: "float32", 10: "float16", 11: "float64", 16: "bfloat16", 9: "bool"},
    **{2: "uint8", 3: "int8", 4: "uint16", 5: "int16"},
    **{6: "int32", 7: "int64", 12: "uint32", 13: "uint64"},
}
_EXTERNAL = 1
_BOOL = 9
#: what a number may be in a field that is wider than its type: tools cut others off, or do not
_ENDS: Mapping[int, tuple[int, int]] = {
    **{_BOOL: (0, 1), 2: (0, 2**8 - 1), 3: (-(2**7), 2**7 - 1)},
    **{4: (0, 2**16 - 1), 5: (-(2**15), 2**15 - 1), 12: (0, 2**32 - 1)},
    **{10: (0, 2**16 - 1), 16: (0, 2**16 - 1)},
}


class Array(NamedTuple):
    """A tensor of the file: its shape, and its numbers where they are few and present."""

    name: str
    shape: Shape
    kind: int
    value: tuple[Number, ...] | None

    @property
    def dtype(self) -> str:
        """What numpy calls its type; '' where its numbers are not read."""
        return NUMBERS.get(self.kind, "")


class Kept:
    """What is left of the numbers that are kept of a file."""

    def __init__(self) -> None:
        self.left = _MOST_OF_ALL

    def takes(self, count: int) -> bool:
        """Whether so many more may be kept; if they may, they are taken off."""
        if count > self.left:
            return False
        self.left -= count
        return True


def text_of(value: Any) -> str:
    """Text of the file: what is no UTF-8 comes as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def array_of(tensor: Any, kept: Kept) -> Array:
    """A tensor as `onnx` has it.

    Args:
        tensor: the tensor.
        kept: the numbers that may be kept; those of a tensor beyond are not known.

    Raises:
        UnreadableError: its sizes are none.
    """
    shape = checked_shape(tensor.dims, f"tensor {plain(text_of(tensor.name)[:LONGEST])}")
    count = 1
    for dim in shape:
        count *= dim
    value = None
    if count <= MOST_KEPT and tensor.data_location != _EXTERNAL and kept.takes(count):
        value = _numbers(tensor, count)
    return Array(text_of(tensor.name), shape, tensor.data_type, value)


def stored(tensor: Any) -> Any:
    """The array of a tensor that is not external; None where its bytes are not what it says."""
    from onnx import numpy_helper

    try:
        return numpy_helper.to_array(tensor)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return None


def _numbers(tensor: Any, count: int) -> tuple[Number, ...] | None:
    """The numbers of a small tensor; None where they are absent or of a type without use here."""
    dtype = NUMBERS.get(tensor.data_type, "")
    if not dtype or not _is_of_its_type(tensor):
        return None
    array = stored(tensor)
    if array is None or array.size != count:
        return None
    found = array.reshape(-1).tolist()
    return tuple(float(x) if "float" in dtype else int(x) for x in found)


def _is_of_its_type(tensor: Any) -> bool:
    """Whether the numbers of a small tensor are those of its type: of no bool that is 256."""
    kind = tensor.data_type
    if kind not in _ENDS:
        return True
    least, most = _ENDS[kind]
    raw = tensor.raw_data if kind == _BOOL else b""
    fields = (raw, tensor.int32_data, tensor.uint64_data)
    return all(least <= number <= most for field in fields for number in field)
