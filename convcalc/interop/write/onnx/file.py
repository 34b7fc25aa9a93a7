"""The bytes of a model, written node by node: as records those of a long net would take gigabytes.

In protobuf parts of a message one after the other are the message.
"""

from io import BytesIO
from typing import Any

from convcalc.interop.write.words import TooLargeError

_MOST = 2**31 - 1  #: bytes of a protobuf message
_GRAPH = b"\x3a"  #: what the graph of a model begins with: field 7, a length


class File:
    """A model while it is written."""

    def __init__(self) -> None:
        from onnx import GraphProto, ModelProto

        self._graph, self._model = GraphProto, ModelProto
        self._nodes, self._tensors = bytearray(), bytearray()
        self.tensors = 0
        """How many weights and constants there are: of a long net their names are megabytes."""

    def node(self, node: Any) -> None:
        """The next node."""
        self._nodes += self._graph(node=[node]).SerializeToString()

    def tensor(self, tensor: Any) -> None:
        """A weight or constant."""
        self._tensors += self._graph(initializer=[tensor]).SerializeToString()
        self.tensors += 1

    def model(
        self, name: str, inputs: list[Any], outputs: list[Any], opset: Any, **head: Any
    ) -> bytes:
        """The whole file; what it is made of is let go of.

        Raises:
            TooLargeError: it would be larger than ONNX's can be.
        """
        ends = self._graph(input=inputs, output=outputs).SerializeToString()
        named = self._graph(name=name).SerializeToString()
        graph = (self._nodes, bytearray(named), self._tensors, bytearray(ends))
        size = sum(map(len, graph))
        front = b"".join((self._model(**head).SerializeToString(), _GRAPH, _varint(size)))
        back = self._model(opset_import=[opset]).SerializeToString()
        if len(front) + size + len(back) > _MOST:
            raise TooLargeError(
                f"the file would have {size:,} bytes, and ONNX reads no more than {_MOST:,}"
            )
        made = BytesIO()  # what is joined would be there as parts, too
        made.write(front)
        for part in graph:
            made.write(part)
            part.clear()
        made.write(back)
        return made.getvalue()


def _varint(number: int) -> bytes:
    """A number as protobuf writes it: seven bits a byte, the lowest first.

    >>> _varint(300)
    b'\\xac\\x02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes((*found, number))
