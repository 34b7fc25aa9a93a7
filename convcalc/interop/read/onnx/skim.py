"""An ONNX file without its weights: protobuf's top levels walked, data of large tensors skipped.

What is left is the structure, some hundred kilobytes of a file of any size, for `onnx` to decode.
Field numbers are those of onnx.proto.
"""

from typing import BinaryIO

from convcalc.interop.flat import UnreadableError

MOST_STRUCTURE = 32 * 2**20
_SMALL = 64 * 2**10  #: tensors up to here keep their data

_MOST_FIELDS = 600_000

#: bytes of small messages that are taken as they are: an empty one of two bytes takes a hundred
#: once it is decoded, so that of the rest every part is counted
_UNCOUNTED = 2**20
_DEEPEST = 100  #: messages inside of messages, as deep as protobuf reads them

#: what is walked, which of its fields are walked in turn, and which are kept (the others, such as
#: documentation, are never looked at; of functions the names alone are)
_INNER: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph"},
    "tensor": {},
    "sparse": {1: "tensor"},
    "function": {},
}
_KEPT: dict[str, frozenset[int]] = {
    "model": frozenset({1, 2, 3, 7, 8, 25}),
    "graph": frozenset({1, 2, 5, 11, 12, 13, 15, 16}),
    "node": frozenset({1, 2, 3, 4, 5, 7, 8, 9}),
    "attribute": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 20}),
    "tensor": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14}),
    "sparse": frozenset({1}),
    "function": frozenset({1, 10}),
}
#: messages that are kept whole, however large: the opsets, the graph's inputs and outputs
_WHOLE = {"model": frozenset({8}), "graph": frozenset({11, 12})}
#: sizes that are stated of volumes, and the bytes that are kept of them: of empty ones of two
#: bytes each takes some sixty once it is decoded
_VALUE_INFO, _MOST_STATED = 13, 4 * 2**20
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
        self.uncounted = 0
        self.whole = 0
        self.depth = 0
        self.stated = 0

    def message(self, end: int, what: str, small: bool = False) -> bytearray:
        """The fields up to `end`, without the data of tensors that are not small."""
        kept = bytearray()
        keeps = _KEPT[what] - _DATA if what == "tensor" and not small else _KEPT[what]
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
                if number in keeps:
                    self.keep(kept, _encoded(tag) + data)
                continue
            length = self.varint()
            start = self.file.tell()
            if start + length > end:
                raise _damaged()
            inside = _INNER[what].get(number)
            if number not in keeps:
                self.file.seek(length, 1)
            elif what == "graph" and number == _VALUE_INFO and not self.states(length):
                self.file.seek(length, 1)
                self.keep(kept, _encoded(tag) + b"\0")  # one without a name says that some lack
            elif inside is not None and self.is_walked(inside, length):
                inner = self.inner(start + length, inside, length <= _SMALL)
                kept += _encoded(tag) + _encoded(len(inner)) + inner
            else:
                self.bound(what, number, length)
                self.keep(kept, _encoded(tag) + _encoded(length) + self.read(length))
        return kept

    def bound(self, what: str, number: int, length: int) -> None:
        """Refuse what is kept whole and could hold millions of parts."""
        if what == "tensor" and number == 1 and length > _SMALL:
            raise UnreadableError(f"a tensor has {length:,} bytes of sizes")
        if number in _WHOLE.get(what, ()):
            self.whole += length
            if self.whole > _UNCOUNTED:
                text = f"the graph's inputs and outputs have more than {_UNCOUNTED:,} bytes"
                raise UnreadableError(text)

    def states(self, length: int) -> bool:
        """Whether so many more bytes of stated sizes are kept."""
        self.stated += length
        return self.stated <= _MOST_STATED

    def is_walked(self, what: str, length: int) -> bool:
        """Whether a message is looked into: a large one, one of nodes, or one of very many."""
        if what in {"graph", "function"} or length > _SMALL:
            return True
        self.uncounted += length
        return self.uncounted > _UNCOUNTED

    def inner(self, end: int, what: str, small: bool) -> bytearray:
        """A message inside of another."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _damaged()
        found = self.message(end, what, small)
        self.depth -= 1
        return found

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
