"""A network as an ONNX file: opset 18, node names as in the spec, weights by shape or given."""

import math
from collections.abc import Mapping
from typing import Any

from convcalc.analysis.record import Analysis, Row
from convcalc.interop.write.onnx.file import File
from convcalc.interop.write.onnx.kinds import TABLE
from convcalc.interop.write.onnx.shaping import channels_last, moved_last
from convcalc.interop.write.orders import refuse_mismatched
from convcalc.interop.write.words import CannotWriteError
from convcalc.network.record import INPUT
from convcalc.network.vector_order import arranged
from convcalc.shapes import Shape

OPSET = 18
_IR = 8


def write(analysis: Analysis, arrays: Mapping[str, Any] | None = None) -> bytes:
    """The bytes of a model.

    Args:
        analysis: the net.
        arrays: weights by ``layer.weight``, in PyTorch's shapes; None for shapes alone, which
            viewers and shape inference read.

    Raises:
        CannotWriteError: some kinds have no counterpart.
        TooLargeError: the file would be larger than ONNX's can be.
        ModuleNotFoundError: the package `onnx` is not installed.
    """
    return _Graph(analysis, arrays).model()


class _Graph:
    """A graph while it is written."""

    def __init__(self, analysis: Analysis, arrays: Mapping[str, Any] | None) -> None:
        from onnx import NodeProto, TensorProto, helper

        self.analysis = analysis
        self.given = arrays
        self.helper = helper
        self.proto = TensorProto
        self.new = NodeProto
        self.file = File()
        self.last: Any = None
        """The last node, which may still get its layer's name; those before are in the file."""
        self.constants: set[str] = set()
        """Those that are there, and the weights that a layer may ask for again: its own while it is
        written, and those that others share."""
        self.alike: dict[str, Any] = {}
        """Nodes without names, by what they do: layers that are alike are many."""
        self.values: dict[int, str] = {}
        """What a layer makes is called, where that is not its own name."""
        self.missing: dict[str, str] = {}
        self.row = analysis.rows[0]
        self.counts: dict[str, int] = {}
        network = analysis.network
        self.owners = network.owners()
        self.shared = {self.owners[s.shares] for s in network.steps if s.shares is not None}
        self.own: list[str] = []
        """The weights of the layer that is written."""

    def model(self) -> bytes:
        """Every layer, and the file around them."""
        network = self.analysis.network
        order = arranged(network)
        refuse_mismatched(network, order)
        inputs = []
        for index, row in enumerate(self.analysis.rows):
            step = row.step
            if step.kind == INPUT:
                inputs.append(self.value(step.name, step.output or ()))
                continue
            self.row = row
            writer = TABLE.get(step.kind)
            reads = [self.called(i) for i in step.inputs]
            for place, volumes in order.reads.get(index, {}).items():
                reads[place] = channels_last(self, reads[place], volumes)
            if index in order.flattens:
                reads = [moved_last(self, reads[0], len(row.inputs[0]))]
            if writer is None:
                self.refuse(row, "ONNX has no operator for it")
                self.values[index] = reads[0]
                continue
            made = writer(self, row, reads)
            name = self.renamed(made, step.name)
            if name != step.name:
                self.values[index] = name
            if index not in order.outputs:
                self.counts.pop(step.name, None)
            if index not in self.shared:
                self.constants.difference_update(self.own)
            self.own.clear()
        if self.missing:
            raise CannotWriteError("; ".join(self.missing.values()))
        outputs = []
        for i in network.returned:
            name = self.called(i)
            if i in order.outputs:
                self.row = self.analysis.rows[i]
                name = channels_last(self, name, order.outputs[i])
            outputs.append(self.value(name, network.steps[i].output or ()))
        self.add(None)
        return self.file.model(
            network.name or "net",
            inputs,
            outputs,
            self.helper.make_opsetid("", OPSET),
            producer_name="convcalc",
            ir_version=_IR,
        )

    def called(self, index: int) -> str:
        """What a layer makes is called."""
        return self.values.get(index) or self.analysis.network.steps[index].name

    def add(self, node: Any) -> None:
        """One more node; the one before it is done."""
        if self.last is not None:
            self.file.node(self.last)
        self.last = node

    def value(self, name: str, shape: Shape) -> Any:
        """An input or output: batch ``N``, channels first."""
        dims = ["N", shape[-1], *shape[:-1]] if shape else ["N"]
        return self.helper.make_tensor_value_info(name, self.proto.FLOAT, dims)

    def renamed(self, made: str, name: str) -> str:
        """Give the last node of a layer, and what it makes, the layer's own name."""
        last = self.last
        if last is None or last.output[0] != made:
            return made  # the layer changed nothing
        last.output[0] = name
        last.name = name
        return name

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """One node; the last of a layer gets the layer's name."""
        count = self.counts.get(self.row.step.name, 0)
        name = f"{self.row.step.name}/{count}"
        self.counts[self.row.step.name] = count + 1
        like = f"{operator} {attributes}"
        if like not in self.alike:
            self.alike[like] = self.helper.make_node(operator, [], [], **attributes)
        node = self.new()
        node.CopyFrom(self.alike[like])
        node.input.extend(inputs)
        node.output.append(name)
        node.name = name
        self.add(node)
        return name

    def refuse(self, row: Row, why: str) -> None:
        """A layer that ONNX cannot say."""
        self.missing.setdefault(row.step.kind, f"{row.step.name}: {why}")

    def owner(self, row: Row) -> Row:
        """The layer whose weights a layer uses."""
        shares = row.step.shares
        assert shares is not None, "it has no weights of its own"
        return self.analysis.rows[self.owners[shares]]

    def arrays(self, row: Row) -> list[str]:
        """The weight and the bias of a layer, as far as it has them."""
        return [name for name in (self.array(row, "weight"), self.array(row, "bias")) if name]

    def array(self, row: Row, name: str, shape: Shape | None = None) -> str:
        """One array of a layer; '' where it has none. `shape` is how ONNX wants it."""
        if row.step.shares is not None:
            row = self.owner(row)
        step = row.step
        assert step.layer is not None and step.output is not None, "a sized layer"
        found = {a.name: a for a in step.layer.arrays(row.inputs, step.output)}.get(name)
        if found is None:
            return ""
        key = f"{step.name}.{name}"
        if key not in self.constants:
            self.constants.add(key)
            self.own.append(key)
            self.file.tensor(self.tensor(key, shape or found.shape))
        return key

    def tensor(self, key: str, shape: Shape) -> Any:
        """A weight: its numbers, or its shape alone with the data marked as elsewhere."""
        if self.given is not None:
            from onnx import numpy_helper

            return numpy_helper.from_array(self.given[key].reshape(shape).astype("float32"), key)
        tensor = self.proto(name=key, data_type=self.proto.FLOAT, dims=shape)
        tensor.data_location = self.proto.EXTERNAL
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", "none"
        return tensor

    def filled(self, shape: Shape, number: float) -> str:
        """A constant of one number, for what an operator asks of a layer without it."""
        key = f"{number:g}_of_{'x'.join(map(str, shape))}"
        constant = f"{key}/value"
        if constant not in self.constants:
            self.constants.add(constant)
            made = self.helper.make_tensor(
                key, self.proto.FLOAT, shape, [number] * math.prod(shape)
            )
            self.add(self.helper.make_node("Constant", [], [constant], constant, value=made))
        return constant

    def integers(self, numbers: list[int]) -> str:
        """A list of integers as an input."""
        key = f"{self.row.step.name}/integers.{self.file.tensors}"
        self.file.tensor(self.helper.make_tensor(key, self.proto.INT64, [len(numbers)], numbers))
        return key

    def number(self, number: float) -> str:
        """One number as an input."""
        key = f"number_{number!r}"
        if key not in self.constants:
            self.constants.add(key)
            self.file.tensor(self.helper.make_tensor(key, self.proto.FLOAT, [], [number]))
        return key
