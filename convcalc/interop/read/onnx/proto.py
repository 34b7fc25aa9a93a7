"""An ONNX file as plain records. The `onnx` package decodes it; nothing else is asked of it.

Weights are never looked at, external data is never opened, shape inference is never run: sizes
are convcalc's own. Numbers are kept of small tensors only (shapes, axes, clip bounds).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx.arrays import LONGEST, NUMBERS, Array, Kept, array_of, text_of
from convcalc.interop.read.onnx.attributes import Subgraph, attribute_of
from convcalc.interop.read.onnx.stated import Axes, stated_of
from convcalc.interop.read.stated_sizes import checked_shape

MOST_NODES = 200_000

#: what ONNX calls its own domain
_OWN = frozenset({"", "ai.onnx"})

#: the last version of the format whose files need not say the opset
_WITHOUT_OPSET = 2
_SIGNATURE = "pkg.torch.export.ExportedProgram.graph_signature"
_TARGET = re.compile(r"(?m)^\w+: (PARAMETER|BUFFER) target='([^'\n]{1,500})'")


class OnnxNode(NamedTuple):
    """One node of the graph."""

    name: str
    op: str
    domain: str
    """'' for ONNX's own."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attrs: dict[str, Any]
    metadata: dict[str, str]


class Parts(NamedTuple):
    """A graph inside a node."""

    nodes: tuple[OnnxNode, ...]
    arrays: tuple[Array, ...]
    outputs: tuple[str, ...]
    stated: tuple[tuple[str, Axes], ...]
    """By name the sizes that the graph states of tensors."""


class Input(NamedTuple):
    """A graph input: None for an axis whose size is not fixed."""

    name: str
    shape: tuple[int | None, ...]
    axes: tuple[str, ...]
    """What the file calls its axes."""
    dtype: str
    """What numpy calls the type of its numbers; '' for one that is not read."""
    sized: bool
    """The file states a shape, though it be of no axes."""


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
    functions: frozenset[tuple[str, str]]
    """Domain and name of the file's own functions: a node of them is no operator of ONNX."""
    stated: tuple[tuple[str, Axes], ...]
    """By name the sizes that the graph states of tensors."""


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
    _refuse_sparse(graph)
    kept = Kept()
    return Model(
        text_of(graph.name)[:LONGEST],
        " ".join((text_of(model.producer_name)[:60], text_of(model.producer_version)[:30])).strip(),
        _opset(model),
        tuple(_node(node, i, kept) for i, node in enumerate(graph.node)),
        tuple(array_of(tensor, kept) for tensor in graph.initializer),
        tuple(_input(value) for value in graph.input),
        tuple(text_of(value.name) for value in graph.output),
        _kinds(graph),
        frozenset((_domain(one.domain), text_of(one.name)) for one in model.functions),
        tuple(stated_of((*graph.value_info, *graph.output))),
    )


def parts_of(side: Subgraph, most: int) -> Parts:
    """The nodes, tensors and names of the outputs of a graph inside a node.

    Raises:
        UnreadableError: it has more nodes than are allowed, or sparse tensors.
    """
    graph = side.proto
    if len(graph.node) > most:
        raise UnreadableError(f"{len(graph.node):,} nodes inside a node: too many")
    _refuse_sparse(graph)
    return Parts(
        tuple(_node(node, i, side.kept) for i, node in enumerate(graph.node)),
        tuple(array_of(tensor, side.kept) for tensor in graph.initializer),
        tuple(text_of(value.name) for value in graph.output),
        tuple(stated_of((*graph.value_info, *graph.output))),
    )


def _opset(model: Any) -> int:
    """The version of ONNX's own operators.

    Raises:
        UnreadableError: the file states two, of which each tool takes another, or none.
    """
    opsets = {int(one.version) for one in model.opset_import if not _domain(one.domain)}
    if len(opsets) > 1:
        text = " and ".join(map(str, sorted(opsets)[:2]))
        raise UnreadableError(f"the file states two opsets of ONNX's operators, {text}")
    if not opsets and model.ir_version > _WITHOUT_OPSET:
        raise UnreadableError("the file does not state the opset of ONNX's operators")
    return max(opsets, default=1)


def _refuse_sparse(graph: Any) -> None:
    """A sparse tensor may be called like another, in whose place onnxruntime takes it.

    Raises:
        UnreadableError: there is one.
    """
    for one in graph.sparse_initializer:
        name = plain(text_of(one.values.name)[:LONGEST])
        raise UnreadableError(f"tensor {name} is sparse, which is not read: save it dense")


def _domain(value: Any) -> str:
    """A domain: '' for ONNX's own, whichever of its names the file has."""
    found = text_of(value)
    return "" if found in _OWN else found


def _kinds(graph: Any) -> dict[str, str]:
    """What torch.export says of arrays, as its exporter to ONNX hands it on."""
    said = [
        text_of(entry.value) for entry in graph.metadata_props if text_of(entry.key) == _SIGNATURE
    ]
    return {name: kind for text in said for kind, name in _TARGET.findall(text)}


def _node(node: Any, number: int, kept: Kept) -> OnnxNode:
    called = _named(node, number)
    attrs = {text_of(one.name): attribute_of(one, called, kept) for one in node.attribute}
    if len(attrs) < len(node.attribute):
        raise UnreadableError(f"node {plain(called)} has an attribute twice")
    metadata = {text_of(entry.key): text_of(entry.value) for entry in node.metadata_props}
    outputs = tuple(map(text_of, node.output))
    return OnnxNode(
        called,
        text_of(node.op_type),
        _domain(node.domain),
        tuple(map(text_of, node.input)),
        outputs,
        attrs,
        metadata,
    )


def _named(node: Any, number: int) -> str:
    """What messages call a node."""
    made = text_of(node.output[0]) if node.output else ""
    return (text_of(node.name) or made or f"{text_of(node.op_type)}_{number}")[:LONGEST]


def _input(value: Any) -> Input:
    tensor = value.type.tensor_type
    name = text_of(value.name)[:40]
    sizes: list[int | None] = []
    names = []
    for dim in tensor.shape.dim:
        fixed = dim.WhichOneof("value") == "dim_value" and dim.dim_value > 0
        if fixed:
            checked_shape((dim.dim_value,), f"input {name!r}")
        elif dim.dim_value < 0:
            raise UnreadableError(f"input {name!r} has a size of {dim.dim_value}")
        sizes.append(int(dim.dim_value) if fixed else None)
        names.append(text_of(dim.dim_param)[:40])
    dtype = NUMBERS.get(tensor.elem_type, "")
    return Input(text_of(value.name), tuple(sizes), tuple(names), dtype, tensor.HasField("shape"))
