"""The .npy format (NEP 1): a line that says dtype, order and shape, then the numbers.

The line is Python, and numpy evaluates it as such. Here it is matched, part by part, since whoever
wrote it may have written anything.
"""

import re
from math import prod
from typing import NamedTuple, Protocol

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.backend.opened import MalformedError
from convcalc.shapes import LARGEST_SIZE

_LONGEST = 10_000  #: bytes of the line that are read
_PIECE = 2**20
_FIELD = r"\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|\([0-9L,\s]*\))\s*"
_HEADER = rf"\{{{_FIELD},{_FIELD},{_FIELD},?\s*\}}\s*\Z"
_NUMBERS = r"[<>=|]?([fiub](?:1|2|4|8|16))\Z"


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many."""


class Layout(NamedTuple):
    """What an .npy says of its numbers, and where they begin."""

    dtype: str
    shape: tuple[int, ...]
    fortran: bool
    start: int

    @property
    def bytes(self) -> int:
        """How many bytes the numbers take."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


def layout(file: Readable) -> Layout:
    """Read the line at the head of an .npy.

    Raises:
        MalformedError: it is no .npy, or one of something else than numbers.
    """
    head = file.read(8)
    if len(head) < 8 or head[:6] != b"\x93NUMPY":
        raise MalformedError("it is not an .npy array")
    wide = 2 if head[6] == 1 else 4
    length = int.from_bytes(file.read(wide), "little")
    if head[6] not in {1, 2, 3} or length > _LONGEST:
        raise MalformedError("its first line is not the header of an .npy file")
    text = file.read(length).decode("latin-1" if head[6] < 3 else "utf-8", "replace")
    match = re.match(_HEADER, text, re.A)
    fields = dict(zip(match.groups()[::2], match.groups()[1::2], strict=True)) if match else {}
    if len(fields) < 3 or fields["shape"][0] != "(" or fields["descr"][0] != "'":
        if re.search(r"'\|?O[0-9]*'", text):
            raise MalformedError(
                "it holds Python objects, which are never unpickled; save plain arrays"
            )
        raise MalformedError("its first line is not the header of an array of numbers")
    dtype = _dtype(fields["descr"][1:-1])
    sizes = [part.strip().rstrip("L") for part in fields["shape"][1:-1].split(",")]
    shape = tuple(_size(part) for part in sizes if part)
    if len(shape) > 8:
        raise MalformedError(f"it has {len(shape)} axes")
    return Layout(dtype, shape, fields["fortran_order"] == "True", 8 + wide + length)


def _dtype(text: str) -> str:
    if text.lstrip("|").startswith("O"):
        raise MalformedError(
            "it holds Python objects, which are never unpickled; save plain arrays"
        )
    if re.match(_NUMBERS, text):
        try:
            np.dtype(text)
        except TypeError:
            pass
        else:
            return text
    raise MalformedError(f"it holds {text[:20]}, not numbers")


def _size(text: str) -> int:
    if not text.isdigit() or len(text) > 10 or int(text) > LARGEST_SIZE:
        raise MalformedError("its shape is invalid")
    return int(text)


def numbers(file: Readable, said: Layout) -> Array:
    """The numbers after the line, exactly as many as it says.

    Raises:
        MalformedError: there are more or fewer.
    """
    found = np.empty(prod(said.shape), said.dtype)
    view = memoryview(found.view(np.uint8).data)
    at = 0
    while at < len(view):
        piece = file.read(min(_PIECE, len(view) - at))
        if not piece:
            raise MalformedError("it ends before its last number")
        view[at : at + len(piece)] = piece
        at += len(piece)
    if file.read(1):
        raise MalformedError("there is more after its last number")
    if said.fortran:
        return found.reshape(said.shape[::-1]).T
    return found.reshape(said.shape)
