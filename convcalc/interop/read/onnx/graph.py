"""An ONNX graph to a trace: weights, inputs, every node in order, constants worked out."""

import re

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.floats import ONNX_FLOATS, other_floats
from convcalc.interop.read.given import Given
from convcalc.interop.read.onnx import quantized
from convcalc.interop.read.onnx.arrays import FLOATS, Array
from convcalc.interop.read.onnx.attributes import Subgraph
from convcalc.interop.read.onnx.constants.converted import as_cast
from convcalc.interop.read.onnx.constants.evaluate import Known, evaluate
from convcalc.interop.read.onnx.constants.followed import followed
from convcalc.interop.read.onnx.constants.sizes import sizes
from convcalc.interop.read.onnx.few import Allowance
from convcalc.interop.read.onnx.inputs import input_shape, refuse_unlike
from convcalc.interop.read.onnx.made_from import worked_out
from convcalc.interop.read.onnx.measured import Measured
from convcalc.interop.read.onnx.node import Handler, Reading, Result
from convcalc.interop.read.onnx.operators import FREE, OPERATORS
from convcalc.interop.read.onnx.order import in_order
from convcalc.interop.read.onnx.proto import MOST_NODES, Model, OnnxNode, decode, parts_of
from convcalc.interop.read.onnx.returned import returned
from convcalc.interop.read.onnx.scopes import scopes_of
from convcalc.interop.read.onnx.stated import Stated
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import SOMEWHERE, Tensor, Trace, sources_of
from convcalc.shapes import Shape

_FUSED = "FuseBatchNormInto"
_MERGED = "onnx::Conv_"
#: a module's path to a parameter, as no exporter names what it makes (``val_3``, ``onnx::Mul_12``)
_OF_MODULE = re.compile(r"(?!val_\d|const)(\w+\.)*[A-Za-z_]\w*")
#: what attributes of the wrong number or type raise where a handler reads them
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def read(path: str, data: bytes, shape: Shape | None = None) -> Trace:
    """The trace of an ONNX file; `shape` is the input's, channels last, where the file has none.

    Raises:
        UnreadableError: the file is damaged, or its graph cannot be a net.
        ModuleNotFoundError: the package `onnx` is not installed.
    """
    model = decode(data)
    source = f"ONNX opset {model.opset}" + (f", {plain(model.producer)}" if model.producer else "")
    trace = Trace(path, plain(model.name), source)
    return _Graph(model, trace).read(shape)


class _Graph:
    """A graph while it is read."""

    def __init__(self, model: Model, trace: Trace) -> None:
        self.model = model
        self.trace = trace
        self.emitter = Emitter(trace)
        self.tensors: dict[str, Tensor] = {}
        self.entered = 0
        """Nodes inside of nodes that were taken in."""
        self.allowance = Allowance()
        self.measured = Measured()
        self.stated = Stated(model.stated)
        self.open_batch = False
        """Whether an input leaves its first axis open: sizes are worked out for one image."""

    def read(self, shape: Shape | None) -> Trace:
        """All nodes, and the outputs."""
        model, trace = self.model, self.trace
        trace.tells_learned = bool(model.kinds)
        for array in model.arrays:
            self.array(array)
        inputs = [value for value in model.inputs if value.name not in self.tensors]
        for value in model.inputs:
            if value.name in self.tensors:
                refuse_unlike(value, self.tensors[value.name])
        for value in inputs:
            if value.name in self.tensors:
                raise UnreadableError(f"input {plain(value.name[:200])} is there twice")
            found = input_shape(value, shape, len(inputs))
            self.open_batch |= value.shape[0] is None
            self.stated.enter(value.shape)
            tensor = Tensor(value.name, found, dtype=value.dtype)
            self.tensors[value.name] = tensor
            trace.inputs.append(tensor)
        if not trace.inputs:
            raise UnreadableError("the graph has no input")
        for node in in_order(model, set(self.tensors)):
            self.node(node)
        for name in model.outputs:
            if name not in self.tensors:
                raise UnreadableError(f"the output {plain(name)} is made by no node")
            trace.outputs.append(self.tensors[name])
        self.measured.check(trace.outputs)
        self.stated.check()
        trace.returned = returned(model)
        if not trace.outputs:
            raise UnreadableError("the graph has no output")
        kinds = (array.kind for array in model.arrays if array.name in trace.weights)
        if note := other_floats(ONNX_FLOATS[kind] for kind in kinds if kind in ONNX_FLOATS):
            trace.notes.append(note)
        trace.inexact += quantized.left_out(node.op for node in model.nodes)
        return trace

    def array(self, array: Array) -> None:
        """A tensor of the file.

        Raises:
            UnreadableError: it is there already.
        """
        if array.name in self.tensors:
            raise UnreadableError(f"tensor {plain(array.name[:200])} is there twice")
        said = self.model.kinds.get(array.name)
        learned = array.kind in FLOATS and (len(array.shape) > 0 or self.parameter(array.name))
        if self.model.kinds and said is None and set(array.value or ()) in ({0.0}, {1.0}):
            learned = False  # the exporter's own: of a norm that learns nothing
        called = self.own_name(array.name)
        sources = frozenset({called}) if learned else frozenset[str]()
        tensor = Tensor(called, array.shape, array.value, sources, True, array.dtype)
        self.tensors[array.name] = tensor
        if learned:
            self.trace.weights[called] = array.shape
        if said == "BUFFER":
            self.trace.buffers.add(called)

    def own_name(self, name: str) -> str:
        """A weight's name; where a branch beside this one has it, behind the node's."""
        found, count = name, len(self.trace.weights)
        while found in self.trace.weights or found in self.trace.buffers:
            found = f"{self.emitter.name}/{name}" + (f"/{count}" if found != name else "")
            count += 1
        return found

    def parameter(self, name: str) -> bool:
        """Whether a number without axes was learned: numbers of the code have none of its names.

        The older exporter of PyTorch names parameters as the module does; elsewhere the file says
        it, or nobody knows.
        """
        if self.model.kinds:
            return self.model.kinds.get(name) == "PARAMETER"
        return self.model.producer.startswith("pytorch") and _OF_MODULE.fullmatch(name) is not None

    def node(self, node: OnnxNode) -> None:
        """One node: its value where it can be worked out, else its operations."""
        if not node.outputs:  # nothing can read it
            return
        name = plain(node.name)
        self.emitter.at(name, node.op, scopes_of(node))
        inputs = [self.tensor(i, name) if i else None for i in node.inputs]
        found = None
        if self.is_own(node):
            found = self.known(node, inputs)
            if found is None and node.op == "If":
                found = self.taken(node, inputs)
        if found is None:
            self.emitter.folded = self.merged(node)
            given = Given(node.attrs)
            reading = Reading(node._replace(attrs=given), inputs, self.emitter, self.model.opset)
            try:
                made = called(self.handler(node), reading, given)
            except _MALFORMED as error:
                text = f"node {name} ({plain(node.op[:60])}): its attributes do not fit together"
                raise UnreadableError(text) from error
            found = made if isinstance(made, list) else [made]
            self.measured.read(name, inputs, found)
            if any(one is not None and one.of_batch for one in inputs):
                for tensor in found:
                    tensor.of_batch = SOMEWHERE if tensor.constant else tensor.of_batch
        for i, (output, tensor) in enumerate(zip(node.outputs, found, strict=False)):
            if i == 0 or tensor is not found[0]:
                tensor.name = plain(output)
            self.tensors[output] = tensor
            self.stated.hold(output, tensor)
        for output in node.outputs[len(found) :]:
            self.tensors[output] = self.emitter.unsupported(inputs)[0]

    def is_own(self, node: OnnxNode) -> bool:
        """Whether a node is an operator of ONNX's own: no function of the file has its name."""
        return not node.domain and ("", node.op) not in self.model.functions

    def handler(self, node: OnnxNode) -> Handler:
        """What reads an operator; of a function of the file, and of other domains, most are not."""
        found = None
        if self.is_own(node):
            found = OPERATORS.get(node.op)
        elif node.domain == quantized.DOMAIN and (node.domain, node.op) not in self.model.functions:
            found = quantized.MICROSOFT.get(node.op)
        if found is not None:
            return found
        origin = f" of domain {plain(node.domain[:60])}" if node.domain else ""
        if (node.domain, node.op) in self.model.functions:
            origin += " (a function of the file)"
        return lambda n: n.unsupported(f"{plain(node.op[:60])}{origin}")

    def tensor(self, name: str, reader: str) -> Tensor:
        """A tensor that is there already.

        Raises:
            UnreadableError: it is not.
        """
        found = self.tensors.get(name)
        if found is None:
            text = f"node {reader} reads {plain(name[:200])}, which is not made before it"
            raise UnreadableError(text)
        return found

    def taken(self, node: OnnxNode, inputs: list[Tensor | None]) -> list[Tensor] | None:
        """The outputs of an If whose condition is known: of the side that is taken; else None."""
        first = inputs[0] if inputs else None
        told = first is not None and first.dtype == "bool" and not first.of_batch
        condition = first.scalar if first is not None and told else None
        side = node.attrs.get("then_branch" if condition else "else_branch")
        if condition is None or not isinstance(side, Subgraph):
            return None
        nodes, arrays, outputs, stated = parts_of(side, MOST_NODES - self.entered)
        self.stated.add(stated)
        self.entered += len(nodes)
        name = plain(node.name)
        within = [array.name for array in arrays]
        within += [made for n in nodes for made in n.outputs if made]
        for made in within:
            if made in self.tensors:
                raise UnreadableError(f"tensor {plain(made[:200])} is made twice")
        for array in arrays:
            self.array(array)
        for inner in nodes:
            self.node(inner)
        found = [self.tensor(output, name) for output in outputs]
        self.measured.read(name, inputs, found)
        for made in within:  # a branch beside this one may have the same names
            self.tensors.pop(made, None)
        self.stated.forget(within)
        return found

    def known(self, node: OnnxNode, inputs: list[Tensor | None]) -> list[Tensor] | None:
        """The outputs of a node that computes with shapes and constants alone."""
        if node.op == "Shape":
            self.measured.shape(plain(node.name), inputs[0] if inputs else None)
            self.stated.ask(plain(node.name))
            made = sizes(node, inputs[0] if inputs else None, self.open_batch)
            return made if made is None else [made]
        if node.op == "Identity" and inputs and inputs[0] and inputs[0].sources:
            # the exporter merged equal weights through Identity: each use has its own again
            name = self.own_name(node.outputs[0])
            first = inputs[0]
            weight = Tensor(name, first.shape, first.value, frozenset({name}), dtype=first.dtype)
            weight.is_rounded = first.is_rounded
            self.trace.weights[name] = first.shape or ()
            return [weight]
        if not inputs and node.op != "Constant":
            return None
        if node.op == "CastLike":
            node, inputs = as_cast(node, inputs)
        opset, count = self.model.opset, len(node.outputs)
        known = evaluate(node.op, inputs, node.attrs, opset, self.allowance, count)
        if known is None:
            return None
        sources = sources_of(inputs)
        found = [Tensor("", one.shape, one.value, sources, True, one.dtype) for one in known]

        def again(given: list[Tensor | None]) -> list[Known] | None:
            return evaluate(node.op, given, node.attrs, opset, self.allowance, count)

        marks = followed(node.op, inputs, [one.shape for one in known], again)
        if marks is None:
            return None
        measured = self.measured.of(inputs)
        for tensor, one, places in zip(found, known, marks, strict=True):
            tensor.of_batch, tensor.measured = places, measured
            tensor.is_rounded = one.is_rounded
        if sources:
            worked_out(node, inputs, found)
        return found

    def merged(self, node: OnnxNode) -> str:
        """How it is known that the exporter merged a batch norm into this layer; '' where not.

        The older exporter leaves nothing but new names: of both the weight and the bias, where a
        weight that was worked out otherwise (weight norm) leaves the bias its name. Both worked out
        (`w * 2`, `b * 2`) have such names as well.
        """
        rules = node.metadata.get("pkg.onnxscript.rewriter.rule_name", "")
        if f"{_FUSED}{node.op}" in rules:
            return "said"
        learned = node.inputs[1:3] if node.op == "Conv" else ()
        new = len(learned) == 2 and all(name.startswith(_MERGED) for name in learned)
        return "named" if new else ""


def called(handler: Handler, reading: Reading, given: Given) -> Result:
    """What a node becomes; one with an attribute that its function does not read is refused."""
    made = handler(reading)
    first = made[0] if isinstance(made, list) else made
    if first.shape is None:
        return made  # what it reads has no size, or it is refused already
    op = reading.node.op
    unread = given.unread(FREE)
    return reading.unsupported(f"{plain(op[:60])} {unread}") if unread else made
