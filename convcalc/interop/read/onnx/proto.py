"""An ONNX file as plain records. The `onnx` package decodes it; nothing else is asked of it.

Weights are never looked at, external data is never opened, shape inference is never run: sizes
are convcalc's own. Numbers are kept of small tensors only (shapes, axes, clip bounds).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.trace.tensors import Number
from convcalc.shapes import LARGEST_SIZE, Shape

MOST_NODES = 200_000
MOST_KEPT = 4096
_LONGEST = 200

#: what ONNX calls its own domain
DOMAINS = frozenset({"", "ai.onnx"})

#: data types of TensorProto that hold floats, and integers
FLOATS = frozenset({1, 10, 11, 16, 17, 18, 19, 20})
INTEGERS = frozenset({2, 3, 4, 5, 6, 7, 9, 12, 13})
_EXTERNAL = 1
_SIGNATURE = "pkg.torch.export.ExportedProgram.graph_signature"
_TARGET = re.compile(r"(?m)^\w+: (PARAMETER|BUFFER) target='([^'\n]{1,500})'")


class Array(NamedTuple):
    """A tensor of the file: its shape, and its numbers where they are few and present."""

    name: str
    shape: Shape
    kind: int
    value: tuple[Number, ...] | None


class OnnxNode(NamedTuple):
    """One node of the graph."""

    name: str
    op: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attrs: dict[str, Any]
    metadata: dict[str, str]


class Subgraph(NamedTuple):
    """A graph inside a node, as `onnx` has it: taken apart only where it is entered."""

    proto: Any

    def parts(self, most: int) -> "tuple[tuple[OnnxNode, ...], tuple[Array, ...], tuple[str, ...]]":
        """Its nodes, its tensors and the names of its outputs.

        Raises:
            UnreadableError: it has more nodes than are allowed.
        """
        graph = self.proto
        if len(graph.node) > most:
            raise UnreadableError(f"{len(graph.node):,} nodes inside a node: too many")
        return (
            tuple(_node(node, i) for i, node in enumerate(graph.node)),
            tuple(_array(tensor) for tensor in graph.initializer),
            tuple(_text(value.name) for value in graph.output),
        )


class Input(NamedTuple):
    """A graph input: None for an axis whose size is not fixed."""

    name: str
    shape: tuple[int | None, ...]
    axes: tuple[str, ...]
    """What the file calls its axes."""


class Model(NamedTuple):
    """The graph of a file."""

    name: str
    producer: str
    opset: int
    nodes: tuple[OnnxNode, ...]
    arrays: tuple[Array, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    kinds: Mapping[str, str]
    """By name whether an array is a ``PARAMETER`` or a ``BUFFER``; nothing where no file says."""


def decode(data: bytes) -> Model:
    """The graph in the bytes of a file.

    Raises:
        UnreadableError: it is damaged, or larger than a net can be.
        ModuleNotFoundError: the package `onnx` is not installed.
    """
    import onnx
    from google.protobuf.message import DecodeError

    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except (DecodeError, RecursionError) as error:
        raise UnreadableError("this is not an ONNX file, or it is damaged or cut off") from error
    graph = model.graph
    if not graph.node:
        raise UnreadableError("the file has no nodes: no ONNX net, or an empty one")
    if len(graph.node) > MOST_NODES:
        raise UnreadableError(f"{len(graph.node):,} nodes: {MOST_NODES:,} are the most")
    opsets = [int(one.version) for one in model.opset_import if _text(one.domain) in DOMAINS]
    return Model(
        _text(graph.name)[:_LONGEST],
        " ".join((_text(model.producer_name)[:60], _text(model.producer_version)[:30])).strip(),
        max(opsets, default=1),
        tuple(_node(node, i) for i, node in enumerate(graph.node)),
        tuple(_array(tensor) for tensor in graph.initializer),
        tuple(_input(value) for value in graph.input),
        tuple(_text(value.name) for value in graph.output),
        _kinds(graph),
    )


def _kinds(graph: Any) -> dict[str, str]:
    """What torch.export says of arrays, as its exporter to ONNX hands it on."""
    said = [_text(entry.value) for entry in graph.metadata_props if _text(entry.key) == _SIGNATURE]
    return {name: kind for text in said for kind, name in _TARGET.findall(text)}


def _text(value: Any) -> str:
    """Text of the file: what is no UTF-8 comes as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _node(node: Any, number: int) -> OnnxNode:
    attrs = {_text(attribute.name): _attribute(attribute) for attribute in node.attribute}
    if len(attrs) < len(node.attribute):
        raise UnreadableError(f"node {plain(_named(node, number))} has an attribute twice")
    metadata = {_text(entry.key): _text(entry.value) for entry in node.metadata_props}
    outputs = tuple(map(_text, node.output))
    return OnnxNode(
        _named(node, number),
        _text(node.op_type),
        _text(node.domain),
        tuple(map(_text, node.input)),
        outputs,
        attrs,
        metadata,
    )


def _named(node: Any, number: int) -> str:
    """What messages call a node."""
    made = _text(node.output[0]) if node.output else ""
    return (_text(node.name) or made or f"{_text(node.op_type)}_{number}")[:_LONGEST]


def _attribute(attribute: Any) -> Any:
    """The value of an attribute; a graph inside one is not entered yet."""
    match attribute.type:
        case 1:
            return float(attribute.f)
        case 2:
            return int(attribute.i)
        case 3:
            return _text(attribute.s[:_LONGEST])
        case 4:
            return _array(attribute.t)
        case 5:
            return Subgraph(attribute.g)
        case 6:
            return tuple(map(float, attribute.floats[:MOST_KEPT]))
        case 7:
            return tuple(map(int, attribute.ints[:MOST_KEPT]))
        case 8:
            return tuple(map(_text, attribute.strings[:64]))
        case _:
            return None


def checked(dims: Any, what: str) -> Shape:
    """Dimensions that a tensor can have.

    Raises:
        UnreadableError: one is negative or too large, or there are too many.
    """
    if len(dims) > 32:
        raise UnreadableError(f"{what} has {len(dims):,} axes")
    shape = tuple(map(int, dims))
    whole = 1
    for dim in shape:
        if not 0 <= dim <= LARGEST_SIZE:
            raise UnreadableError(f"{what} has a size of {dim}: 0 to 2**31 can be")
        whole *= max(dim, 1)
    if whole >= 2**63:
        raise UnreadableError(f"{what} would hold {whole:,} numbers")
    return shape


def _array(tensor: Any) -> Array:
    shape = checked(tensor.dims, f"tensor {plain(_text(tensor.name)[:_LONGEST])}")
    count = 1
    for dim in shape:
        count *= dim
    value = None
    if count <= MOST_KEPT and tensor.data_location != _EXTERNAL:
        value = _numbers(tensor, count)
    return Array(_text(tensor.name), shape, tensor.data_type, value)


def stored(tensor: Any) -> Any:
    """The array of a tensor that is not external; None where its bytes are not what it says."""
    from onnx import numpy_helper

    try:
        return numpy_helper.to_array(tensor)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return None


def _numbers(tensor: Any, count: int) -> tuple[Number, ...] | None:
    """The numbers of a small tensor; None where they are absent or of a type without use here."""
    kind = tensor.data_type
    if kind not in INTEGERS | {1, 10, 11}:
        return None
    array = stored(tensor)
    if array is None or array.size != count:
        return None
    found = array.reshape(-1).tolist()
    return tuple(int(x) if kind in INTEGERS else float(x) for x in found)


def _input(value: Any) -> Input:
    tensor = value.type.tensor_type
    sizes: list[int | None] = []
    names = []
    for dim in tensor.shape.dim:
        fixed = dim.WhichOneof("value") == "dim_value" and dim.dim_value > 0
        if fixed:
            checked((dim.dim_value,), f"input {_text(value.name)[:40]!r}")
        elif dim.dim_value < 0:
            raise UnreadableError(f"input {_text(value.name)[:40]!r} has a size of {dim.dim_value}")
        sizes.append(int(dim.dim_value) if fixed else None)
        names.append(_text(dim.dim_param)[:40])
    return Input(_text(value.name), tuple(sizes), tuple(names))
