"""An ONNX file that onnxruntime runs: its nodes and arrays by name, any tensor's numbers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from convcalc.findings import plain
from convcalc.shapes import Shape
from convcalc.study.errors import RequestError
from convcalc.study.links import refuse_stray_numbers
from convcalc.study.onnx_refused import inside, refuse

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array

_MOST_BYTES = 2**31
_MOST_IMAGES = 64  #: that a file may take at once, whatever it claims


class OnnxFile:
    """A file with its weights; nothing outside of it is opened.

    Args:
        model: its name.
        shape: the input of the net that it is compared with, channels last.
        volumes: bytes of all that net's volumes.
        macs: the multiply-accumulates of that net.

    Raises:
        RequestError: it cannot be read, is found by a stranger's link, is not an ONNX file, would
            open or repeat things, or takes very many images at once.
    """

    def __init__(self, model: str, shape: Shape, volumes: int, macs: int) -> None:
        import onnx

        self.onnx: Any = onnx
        self.model = plain(model)
        self.data, self.proto = _loaded(onnx, model)
        refuse(self.proto, self.model)
        graph = self.proto.graph
        self.nodes: dict[str, Any] = {}
        """By their names and the names of what they make, as messages write them."""
        for node in graph.node:
            for name in filter(None, (node.name, *node.output) if node.output else ()):
                self.nodes.setdefault(plain(name), node)
        self.outputs = tuple(value.name for value in graph.output)
        """What it gives, in order."""
        self.makers = {output: node for node in graph.node for output in node.output}
        self.numbers = _numbers(self.proto)
        if len({tensor.name for tensor in graph.initializer}) < len(graph.initializer):
            raise RequestError(f"{self.model} has two arrays of one name")
        given = [value for value in graph.input if value.name not in self.numbers]
        if len(given) != 1:
            raise RequestError("--against runs nets with one input")
        self.input: str = given[0].name
        dims = tuple(dim.dim_value or None for dim in given[0].type.tensor_type.shape.dim)
        self.shape = shape
        self.batch = max(dims[0] or 1, 1) if dims else 1
        """How many images it takes at once; 1 where it takes any number."""
        if self.batch > _MOST_IMAGES:
            text = f"{self.model} takes {self.batch:,} images at once, --against runs"
            raise RequestError(f"{text} {_MOST_IMAGES} at most: export it with a batch of 1")
        self.volumes, self.macs = volumes * self.batch, macs * self.batch
        self.worked: dict[str, Array] = {}
        """Arrays that nodes made of the file's own."""
        #: whether its input has its channels first
        self.first = self._channels_first(dims[1:])

    def _channels_first(self, dims: tuple[int | None, ...]) -> bool:
        """Whether the file's input has its channels first: by its sizes, else as import has it.

        Args:
            dims: the input's sizes without the batch, as the file states them.
        """
        shape = self.shape

        def fits(wanted: tuple[int, ...]) -> bool:
            pairs = zip(dims, wanted, strict=False)
            return all(dim is None or dim == size for dim, size in pairs)

        if len(dims) != len(shape) or len(shape) < 2 or not fits(shape):
            return True
        if not fits((shape[-1], *shape[:-1])):
            return False
        from io import BytesIO

        from convcalc.interop.flat import UnreadableError, UnsupportedError
        from convcalc.interop.lower.layout import channels_last
        from convcalc.interop.read.model import Asked, read

        try:
            flat = read(self.model, BytesIO(self.data), Asked(shape, format="onnx"))
        except (UnreadableError, UnsupportedError):
            readers = [node.op_type for node in self.proto.graph.node if self.input in node.input]
            return "Transpose" not in readers
        return flat.inputs[0].tensors.axes != channels_last(shape)

    def stored(self, tensor: Any) -> "Array":
        """The numbers of an array of the file.

        Raises:
            RequestError: its bytes are not what its sizes and type say.
        """
        from convcalc.interop.read.onnx.arrays import stored

        found = stored(tensor)
        if found is None or found.dtype.kind not in "fiub":
            text = f"the bytes of {plain(tensor.name[:80])} are not what its sizes and type say"
            raise RequestError(f"{self.model}: {text}")
        return found  # type: ignore[no-any-return]

    def constant(self, name: str) -> "Array | None":
        """The numbers of an array of the file, or of what nodes make of some; None: there is none.

        Args:
            name: the tensor, as messages write it.
        """
        if name in self.numbers:
            return self.stored(self.numbers[name])
        if name in self.makers:
            self.work_out([name])
        return self.worked.get(name)

    def work_out(self, names: list[str]) -> None:
        """Have the numbers of what nodes make of arrays of the file, all of them at once."""
        from convcalc.backend.weights import constant

        missing = [name for name in dict.fromkeys(names) if name not in self.worked]
        if missing:
            shape = (self.shape[-1], *self.shape[:-1]) if self.first else self.shape
            found = self.run(missing, constant((self.batch, *shape), 0.0))
            self.worked.update(zip(missing, found, strict=True))

    def run(self, names: list[str], x: "Array") -> "list[Array]":
        """What onnxruntime computes for these tensors.

        Args:
            names: tensors that nodes make.
            x: the input, channels first or last as the file has them.

        Raises:
            RequestError: onnxruntime does not run the file.
        """
        from convcalc.study.onnx_session import NotRunError, Session

        graph, wanted = self.proto.graph, dict.fromkeys(names)
        del graph.output[:]
        graph.output.extend(self.onnx.ValueInfoProto(name=name) for name in wanted)
        every = list(graph.node)
        del graph.node[:]  # no other node than those that are needed is run
        graph.node.extend(self._needed(every, wanted))
        try:
            data = self.proto.SerializeToString()
        finally:
            del graph.node[:]
            graph.node.extend(every)
        try:
            return Session(data, self.input, self.volumes, self.macs).run(names, x)
        except NotRunError as error:
            text = plain(str(error))
            raise RequestError(f"onnxruntime does not run {self.model}: {text}") from error

    def _needed(self, every: list[Any], names: Iterable[str]) -> list[Any]:
        """The nodes that these tensors are made by, with what graphs inside of them read."""
        needed, waiting = set[str](), list(names)
        while waiting:
            node = self.makers.get(waiting.pop())
            if node is None or needed.issuperset(node.output):
                continue
            needed.update(node.output)
            waiting += node.input
            for message in inside(node) if node.attribute else ():
                if message.DESCRIPTOR.name == "NodeProto":
                    waiting += message.input
                elif message.DESCRIPTOR.name == "ValueInfoProto":
                    waiting.append(message.name)
        return [node for node in every if not needed.isdisjoint(node.output)]


def _numbers(proto: Any) -> dict[str, Any]:
    """The file's arrays by their names, and by those that an Identity gives them.

    PyTorch writes equal arrays once, with an Identity for each further one.
    """
    numbers = {tensor.name: tensor for tensor in proto.graph.initializer}
    for node in proto.graph.node:  # in an order that can be run: what is read comes first
        known = node.output and node.input and node.input[0] in numbers
        if node.op_type == "Identity" and known:
            numbers.setdefault(node.output[0], numbers[node.input[0]])
    return numbers


def _loaded(onnx: Any, model: str) -> tuple[bytes, Any]:
    """The file's bytes, and what they say."""
    from io import BytesIO

    from google.protobuf.message import DecodeError

    from convcalc.files import read_file
    from convcalc.interop.flat import UnreadableError
    from convcalc.interop.read.onnx.skim import skimmed

    refuse_stray_numbers(model, "--against")
    try:
        data = read_file(model, _MOST_BYTES)
        skimmed(BytesIO(data))  # decoded, very many parts of two bytes take a hundred each
        return data, onnx.load_from_string(data)
    except OSError as error:
        raise RequestError(f"cannot read {plain(model)}: {error.strerror}") from error
    except UnreadableError as error:
        raise RequestError(f"{plain(model)}: {error}") from error
    except DecodeError as error:
        raise RequestError(f"{plain(model)} is not an ONNX file, or it is damaged") from error
