"""An ONNX file without its weights: protobuf's top levels walked, data of large tensors skipped.

What is left is the structure, some hundred kilobytes of a file of any size, for `onnx` to decode.
Field numbers are those of onnx.proto.
"""

from typing import BinaryIO

from convcalc.interop.flat import UnreadableError

MOST_STRUCTURE = 32 * 2**20
_SMALL = 64 * 2**10  #: tensors up to here keep their data

_MOST_FIELDS = 600_000

#: what is walked, and which of its fields are walked in turn, once they are large
_INNER: dict[str, dict[int, str]] = {
    "model": {7: "graph"},
    "graph": {1: "node", 5: "tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor"},
    "tensor": {},
}
#: TensorProto's float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data
_DATA = frozenset({4, 5, 6, 7, 9, 10, 11})
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def skimmed(file: BinaryIO) -> bytes:
    """The bytes of a model without the data of its large tensors.

    Raises:
        UnreadableError: it is damaged or cut off, or its structure is too large.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return bytes(_Walk(file, size).message(size, "model"))


def _damaged() -> UnreadableError:
    return UnreadableError("this is not an ONNX file, or it is damaged or cut off")


class _Walk:
    """A file while it is walked."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file = file
        self.size = size
        self.kept = 0
        self.fields = 0

    def message(self, end: int, what: str) -> bytearray:
        """The fields up to `end`, without the data of tensors."""
        kept = bytearray()
        skips = _DATA if what == "tensor" else frozenset[int]()
        while self.file.tell() < end:
            self.fields += 1
            tag = self.varint()
            number, wire = tag >> 3, tag & 7
            if not number:
                raise _damaged()
            if self.fields > _MOST_FIELDS:
                raise UnreadableError(f"the graph has more than {_MOST_FIELDS:,} parts")
            if wire != _BYTES:
                data = self.plain(wire)
                if number not in skips:
                    self.keep(kept, _encoded(tag) + data)
                continue
            length = self.varint()
            start = self.file.tell()
            if start + length > end:
                raise _damaged()
            inside = _INNER[what].get(number)
            if number in skips:
                self.file.seek(length, 1)
            elif inside is not None and (length > _SMALL or inside == "graph"):
                inner = self.message(start + length, inside)
                kept += _encoded(tag) + _encoded(len(inner)) + inner
            else:
                self.keep(kept, _encoded(tag) + _encoded(length) + self.read(length))
        return kept

    def keep(self, kept: bytearray, data: bytes) -> None:
        """Take bytes over, as long as they are a net's structure and no more."""
        self.kept += len(data)
        if self.kept > MOST_STRUCTURE:
            text = f"the graph without its weights has more than {MOST_STRUCTURE:,} bytes"
            raise UnreadableError(text)
        kept += data

    def read(self, length: int) -> bytes:
        """So many bytes, which must be there."""
        if self.kept + length > MOST_STRUCTURE:
            text = f"the graph without its weights has more than {MOST_STRUCTURE:,} bytes"
            raise UnreadableError(text)
        data = self.file.read(length)
        if len(data) < length:
            raise _damaged()
        return data

    def plain(self, wire: int) -> bytes:
        """The value of a field that is a number."""
        if wire == _VARINT:
            return _encoded(self.varint())
        if wire == _FIXED64:
            return self.read(8)
        if wire == _FIXED32:
            return self.read(4)
        raise _damaged()

    def varint(self) -> int:
        """A number of up to 64 bits, seven a byte."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.file.read(1)
            if not byte:
                raise _damaged()
            value |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                return value
        raise _damaged()


def _encoded(value: int) -> bytes:
    """A number as a varint."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
