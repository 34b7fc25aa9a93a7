"""The safetensors format: 8 bytes of length, a header in JSON, then plain numbers."""

import json
from math import prod
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.backend.opened import MalformedError, Opened
from convcalc.shapes import LARGEST_SIZE

_DTYPES = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2"},
    **{"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"},
    **{"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1"},
}


class _Tensor(NamedTuple):
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


class Tensors:
    """The arrays of a .safetensors file by name.

    Raises:
        MalformedError: its header is no header, or says what the file is not.
    """

    def __init__(self, file: Opened) -> None:
        self._file = file
        length = int.from_bytes(file.read(8), "little")
        self._start = 8 + length
        if self._start > len(file):
            raise MalformedError("its header is longer than the file")
        try:
            header = json.loads(file.read(length), object_pairs_hook=_once)
        except MalformedError:
            raise
        except (ValueError, RecursionError) as error:
            raise MalformedError("its header is not JSON") from error
        if not isinstance(header, dict):
            raise MalformedError("its header names no arrays")
        header.pop("__metadata__", None)
        if not all(map(_is_name, header)):
            raise MalformedError("it names an array as no layer can be called")
        self._tensors = {name: self._tensor(entry) for name, entry in header.items()}
        self._refuse_gaps()
        self.shapes = {name: tensor.shape for name, tensor in self._tensors.items()}

    def _refuse_gaps(self) -> None:
        """The format wants all bytes to be of one array each: others would be read by nobody."""
        at = self._start
        for begin, end in sorted((one.begin, one.end) for one in self._tensors.values()):
            if begin != at:
                raise MalformedError(
                    "two of its arrays overlap" if begin < at else "there are bytes of no array"
                )
            at = end
        if at != len(self._file):
            raise MalformedError("there is more after its last number")

    def _tensor(self, entry: object) -> _Tensor:
        given = entry if isinstance(entry, dict) else {}
        dtype, shape, place = (given.get(key) for key in ("dtype", "shape", "data_offsets"))
        if not (isinstance(dtype, str) and _are_sizes(shape) and _are_sizes(place, 2)):
            raise MalformedError("an array of its header lacks a dtype, a shape or its place")
        begin, end = (self._start + offset for offset in place)
        wide = np.dtype(_DTYPES[dtype]).itemsize if dtype in _DTYPES else None
        if not self._start <= begin <= end <= len(self._file):
            raise MalformedError("an array lies outside of the file")
        if wide is not None and end - begin != prod(shape) * wide:
            raise MalformedError("an array's size is not what its shape makes")
        return _Tensor(dtype, tuple(shape), begin, end)

    def array(self, name: str) -> Array:
        """One array."""
        dtype, shape, begin, _ = self._tensors[name]
        if dtype not in _DTYPES:
            raise MalformedError(f"{dtype[:20]} numbers are not read; convert to F32")
        return self._file.numbers(_DTYPES[dtype], prod(shape), begin).reshape(shape)


def _is_name(name: str) -> bool:
    """Whether an .npz can hold an array of this name too: 65,535 bytes in UTF-8, with .npy."""
    try:
        return "\0" not in name and len(name.encode()) + len(".npy") < 2**16
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def _are_sizes(value: object, count: int | None = None) -> TypeGuard[list[int]]:
    """Whether a value of JSON is a list of `count` sizes or offsets, of a few by default."""
    return (
        isinstance(value, list)
        and (len(value) <= 8 if count is None else len(value) == count)
        and all(type(size) is int and 0 <= size <= LARGEST_SIZE**2 for size in value)
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("its header names an array twice")
    return found
