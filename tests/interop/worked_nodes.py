"""Nodes whose inputs are all known, as convcalc works them out and as onnxruntime executes them.

Its tests skip themselves where onnxruntime is missing: see `onnx_files`.
"""

from typing import Any, NamedTuple

from convcalc.interop.trace.tensors import Tensor

try:
    import numpy as np
    import onnx
    import onnxruntime as ort
except ImportError:
    onnx = ort = np = None  # type: ignore[assignment]


class Case(NamedTuple):
    """A node of numbers."""

    op: str
    arrays: list[Any]
    attrs: dict[str, Any]
    opset: int = 17
    outputs: int = 1


def executed(case: Case) -> list[Any] | None:
    """What onnxruntime makes of a node; None where it refuses it."""
    make = onnx.helper
    names = ["" if one is None else f"i{k}" for k, one in enumerate(case.arrays)]
    outputs = [f"o{k}" for k in range(case.outputs)]
    node = make.make_node(case.op, names, outputs)
    for name, value in case.attrs.items():
        sort = onnx.AttributeProto.INTS if value == [] else None
        node.attribute.append(make.make_attribute(name, value, attr_type=sort))
    given = {f"i{k}": np.asarray(one) for k, one in enumerate(case.arrays) if one is not None}
    infos = [
        make.make_tensor_value_info(name, make.np_dtype_to_tensor_dtype(one.dtype), one.shape)
        for name, one in given.items()
    ]
    made = [onnx.ValueInfoProto(name=name) for name in outputs]
    graph = make.make_graph([node], "net", infos, made)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", case.opset)], ir_version=8)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        data = onnx.shape_inference.infer_shapes(model).SerializeToString()
        session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        return list(session.run(None, given))
    except Exception:  # of its own kinds, and of shape inference's
        return None


def worked(case: Case) -> list[Any] | None:
    """What convcalc works out."""
    from convcalc.interop.read.onnx.arrays import Array
    from convcalc.interop.read.onnx.constants.evaluate import evaluate
    from convcalc.interop.read.onnx.few import Allowance

    inputs = [
        None
        if one is None
        else Tensor("", one.shape, tuple(one.reshape(-1).tolist()), dtype=one.dtype.name)
        for one in case.arrays
    ]
    attrs: dict[str, Any] = {}
    for name, value in case.attrs.items():
        attrs[name] = tuple(value) if isinstance(value, list) else value
        if isinstance(value, onnx.TensorProto):
            found = onnx.numpy_helper.to_array(value)
            numbers = tuple(found.reshape(-1).tolist())
            attrs[name] = Array("", found.shape, value.data_type, numbers)
    found = evaluate(case.op, inputs, attrs, case.opset, Allowance(), case.outputs)
    if found is None:
        return None
    return [np.array(one.value, one.dtype).reshape(one.shape) for one in found]


def agree(case: Case) -> bool:
    """Whether a node is worked out as it is executed; False where it is not worked out at all."""
    found = worked(case)
    if found is None:
        return False
    expected = executed(case)
    assert expected is not None, case
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), case
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), (case, one, other)
    return True
