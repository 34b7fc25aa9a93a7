"""Nodes of constants one behind the other: what is worked out is what onnxruntime makes.

It casts types that it does not compute with to wider ones and leaves out casts that seem to do
nothing; two steps may become one. Its tests skip themselves where it is missing.
"""

import random
from typing import Any

import pytest

from convcalc.interop.trace.tensors import Tensor

ort = pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
np = pytest.importorskip("numpy")

_OPSET = 18
_FLOATS = {"float16": 10, "float32": 1, "float64": 11}
_TYPES = {**_FLOATS, "int32": 6, "int64": 7, "uint8": 2}
_ONE = ("Neg", "Abs", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Identity", "Cast")
_TWO = ("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Equal", "Greater", "Less")
_MANY = ("ReduceSum", "ReduceProd", "ReduceMax", "DequantizeLinear", "Where", "Clip", "Range")
_NUMBERS = (0.1, 0.29, 0.5, 1, 1.5, 2, 3, 7, 10, 100, 194.55217, 932.0936, 2047, 2048, 2**24 + 1)


class Made:
    """A node's output: its name, and what convcalc knows of it."""

    def __init__(self, name: str, tensor: Tensor | None) -> None:
        self.name, self.tensor = name, tensor


class Chain:
    """Nodes behind one another, each worked out as it is added."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nodes: list[Any] = []
        self.arrays: list[Any] = []

    def constant(self, dtype: str, shape: tuple[int, ...] = (3,)) -> Made:
        count = int(np.prod(shape))
        most = {"uint8": 255, "float16": 2**15}.get(dtype, 2**30)
        numbers = [min(self.random.choice(_NUMBERS), most) for _ in range(count)]
        if dtype != "uint8":
            numbers = [number * self.random.choice((1, 1, -1)) for number in numbers]
        array = np.array(numbers).astype("int64" if "int" in dtype else dtype).astype(dtype)
        name = f"c{len(self.arrays)}"
        self.arrays.append(onnx.numpy_helper.from_array(array.reshape(shape), name))
        return Made(name, Tensor("", shape, tuple(array.reshape(-1).tolist()), dtype=dtype))

    def step(self, given: Made, op: str) -> Made:
        """A node that reads another's output."""
        from convcalc.interop.read.onnx.constants.evaluate import evaluate
        from convcalc.interop.read.onnx.few import Allowance

        assert given.tensor is not None
        dtype, read, attrs = given.tensor.dtype, [given], {}
        if op in _TWO:
            read.append(self.constant(dtype))
            attrs = {"fmod": 1} if op == "Mod" else {}
        elif op == "Cast":
            attrs = {"to": self.random.choice([*_TYPES.values(), 9])}
        elif op == "Clip":
            read += [self.constant(dtype, ()), self.constant(dtype, ())]
        elif op == "Range":
            read = [self.constant(dtype, ()), self.constant(dtype, ()), self.constant(dtype, ())]
        elif op == "DequantizeLinear":
            read += [self.constant("float32", ()), self.constant(dtype, ())]
        elif op == "Where":
            condition = self.step(given, "Greater")
            if condition.tensor is None:
                return condition
            read = [condition, given, self.constant(dtype)]
        if self.random.random() < 0.5 and op in {"Add", "Sub", "Mul", "Div", "Equal", "Less"}:
            read.reverse()
        tensors = [one.tensor for one in read]
        found = evaluate(op, list(tensors), attrs, _OPSET, Allowance())
        name = f"n{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(op, [one.name for one in read], [name], **attrs))
        if found is None:
            return Made(name, None)
        made = Tensor("", found[0].shape, found[0].value, dtype=found[0].dtype)
        made.is_rounded = found[0].is_rounded
        return Made(name, made)

    def executed(self, name: str, level: Any) -> Any:
        """What onnxruntime makes of it; None where it refuses the file."""
        graph = onnx.helper.make_graph(
            self.nodes, "net", [], [onnx.ValueInfoProto(name=name)], self.arrays
        )
        opsets = [onnx.helper.make_opsetid("", _OPSET)]
        model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
        options = ort.SessionOptions()
        options.log_severity_level, options.graph_optimization_level = 4, level
        try:
            data = onnx.shape_inference.infer_shapes(model).SerializeToString()
            session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
            return session.run(None, {})[0]
        except Exception:  # of its own kinds, and of shape inference's
            return None


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_chains_are_worked_out_as_they_are_executed(steps: int) -> None:
    held = unknown = 0
    for seed in range(400 * steps):
        chain = Chain(seed)
        made = chain.constant(chain.random.choice(list(_TYPES)))
        for _ in range(steps):
            if made.tensor is not None:
                made = chain.step(made, chain.random.choice([*_ONE, *_TWO, *_MANY]))
        if made.tensor is None:
            unknown += 1
            continue
        tensor = made.tensor
        known = np.array(tensor.value, tensor.dtype).reshape(tensor.shape)
        levels = ort.GraphOptimizationLevel
        for level in (levels.ORT_DISABLE_ALL, levels.ORT_ENABLE_ALL):
            found = chain.executed(made.name, level)
            if found is not None:
                text = onnx.printer.to_text(onnx.helper.make_graph(chain.nodes, "n", [], [])), seed
                same = np.array_equal(found, known, equal_nan=known.dtype.kind == "f")
                assert (found.dtype, found.shape) == (known.dtype, known.shape) and same, text
                held += 1
    assert held > 100 < unknown
