"""ONNX files of a few nodes, and what is read of them.

Its tests skip themselves where onnx is missing: a module that skips while others import from it
stays half made, and what it holds is left out without a word.
"""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

try:
    import onnx
except ImportError:
    onnx = None

Shape = tuple[int, ...]


def array(name: str, shape: Shape, numbers: list[float] | None = None) -> Any:
    """A tensor of the file: of ones where no numbers are given."""
    count = 1
    for dim in shape:
        count *= dim
    return onnx.helper.make_tensor(name, 1, shape, numbers or [1.0] * count)


def model(
    nodes: list[Any], shape: Shape, arrays: list[Any], opset: int = 17, domain: str = ""
) -> bytes:
    """A file whose input is x and whose output is y."""
    make = onnx.helper
    output = onnx.ValueInfoProto(name="y")
    output.type.tensor_type.elem_type = 1
    graph = make.make_graph(
        nodes, "net", [make.make_tensor_value_info("x", 1, shape)], [output], arrays
    )
    opsets = [make.make_opsetid(domain, opset)]
    data: bytes = make.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    return data


def net(
    op: str,
    inputs: str,
    shape: Shape,
    arrays: list[Any],
    opset: int = 17,
    **attributes: Any,
) -> bytes:
    """One node that reads `inputs`, an empty name as `-`."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return model([onnx.helper.make_node(op, names, ["y"], **attributes)], shape, arrays, opset)


def flat_of(data: bytes) -> Flat:
    return read("net.onnx", io.BytesIO(data))


def refusal(data: bytes) -> tuple[str, ...]:
    with pytest.raises(UnsupportedError) as caught:
        flat_of(data)
    return caught.value.lines


def executed(data: bytes, shape: Shape) -> Shape:
    """The output's shape, channels last, as onnxruntime makes it."""
    onnxruntime = pytest.importorskip("onnxruntime")
    numpy = pytest.importorskip("numpy")
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": numpy.ones(shape, numpy.float32)})[0].shape
    return (*found[2:], found[1])
