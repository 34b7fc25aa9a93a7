"""Which tensors and arrays of an ONNX file are those of a net's layers."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.findings import plain
from convcalc.layers.ops import Learned
from convcalc.study.flat_order import flat_channels_last
from convcalc.study.onnx_file import OnnxFile
from convcalc.study.outcome import Outcome

if TYPE_CHECKING:
    from convcalc.analysis.record import Row
    from convcalc.backend.arrays import Array
    from convcalc.interop.flat import Flat, FlatItem
    from convcalc.network.record import Step
    from convcalc.shapes import Shape

#: which arrays the inputs of an operator are, from the second on
_ARRAYS = {
    "Conv": ("weight", "bias"),
    "ConvTranspose": ("weight", "bias"),
    "Gemm": ("weight", "bias"),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"),
    "InstanceNormalization": ("weight", "bias"),
    "LayerNormalization": ("weight", "bias"),
    "PRelu": ("weight",),
}
_LIST = "SplitToSequence"  #: the one operator that is read and makes a list of volumes
_WORDS = ("weight", "bias", "running_mean", "running_var")


class Matched(NamedTuple):
    """What a net and a file have in common."""

    tensors: dict[str, str]
    """The file's tensor for each layer that is compared."""
    weights: "dict[str, Array]"
    """The file's numbers under the net's names, as PyTorch stores them."""
    flat: "Flat | None"
    """The file as import reads it; None where it does not."""


class UnmatchedError(Exception):
    """Some layers have no match; the text says which."""


def by_name(outcome: Outcome, file: OnnxFile) -> Matched:
    """Layers with the names of nodes or of what they make.

    Raises:
        UnmatchedError: no layer, or one with weights, is not found so.
        RequestError: the file holds no weights.
    """
    found: dict[str, str] = {}
    weights: dict[str, Array] = {}
    volumes = _volumes(outcome)
    # of several layers that one node became, such as a flatten and what reads it, the last is its
    lasts = {step.place.node: step for step in outcome.network.steps if step.place.node}
    owners = outcome.network.owners()
    fault = ""
    for at, row in enumerate(outcome.analysis.rows):
        step = row.step
        if step.layer is None:
            continue
        needed = _needed(row)
        node = file.nodes.get(step.place.node) or file.nodes.get(step.name)
        if node is None:
            if needed:
                fault = fault or f"{file.model} has no node with the name of {step.name}"
            continue
        if node.op_type == _LIST:  # which no layer makes: its members have other nodes
            if step.place.tensor in file.makers and step.place.tensor not in node.output:
                found[step.name] = step.place.tensor
        elif len(node.output) > 1 and (own := _own(step, node)):  # one of a Split's
            found[step.name] = own
        elif lasts.get(step.place.node, step) is step:
            owner = outcome.network.steps[owners[at]].name
            found[step.name] = _to_the_front(file, _with_bias(file, node, f"{owner}.bias"))
        read = dict(zip(_ARRAYS.get(node.op_type, ()), node.input[1:], strict=False))
        for wanted in needed:
            key, source = f"{step.name}.{wanted.name}", node.input[0] if node.input else ""
            # by its key, as `export` names it, or by its place among the node's inputs
            tensor = file.numbers.get(key) or file.numbers.get(read.get(wanted.name, ""))
            if tensor is None:
                text = f"{file.model} has no {wanted.name} of {step.name} where {step.kind} has it"
                fault = fault or text
                continue
            array = file.stored(tensor)
            if node.op_type == "Gemm" and wanted.name == "weight" and not _flag(node, "transB"):
                array = array.T
            weights[key] = _ordered(array, wanted, file, source, volumes[key])
    if not found:
        fault = f"no node of {file.model} has the name of a layer of the net"
    if fault:
        raise UnmatchedError(fault)
    try:
        flat = _imported(outcome, file, unfold=False)
    except UnmatchedError:
        flat = None
    return Matched(found, weights, flat)


def by_graph(outcome: Outcome, file: OnnxFile) -> Matched:
    """Layers of the imported file that are the same and read the same, by whatever names.

    Raises:
        UnmatchedError: the file cannot be imported, or a layer with weights is in the net alone.
        RequestError: the file holds no weights.
    """
    from convcalc.backend.weights import constant

    flat, pairs = _best(outcome, file)
    found: dict[str, str] = {}
    weights: dict[str, Array] = {}
    volumes = _volumes(outcome)
    own = [i for at, i in pairs.items() if _needed(outcome.analysis.rows[at])]
    learned = [name for i in own for name in flat.items[i].tensors.learned]
    file.work_out([name for name in learned if name in file.makers and name not in file.numbers])
    norms = {item.node for i in own if (item := flat.items[i]).kind == "batch_norm"}
    for index, row in enumerate(outcome.analysis.rows):
        step, needed = row.step, _needed(row)
        if step.layer is None or index not in pairs:
            if needed:
                text = f"has no layer that is {step.name} ({step.words() or step.kind})"
                raise UnmatchedError(f"imported, it {text}: `convcalc diff` shows how they differ")
            continue
        item = flat.items[pairs[index]]
        if item.tensors.made in file.makers:
            found[step.name] = item.tensors.made
        if not needed:
            continue
        source = flat.items[item.inputs[0]].tensors.made
        for wanted in needed:
            key = f"{step.name}.{wanted.name}"
            array = _array(file, flat, item, wanted, len(needed) == 1)
            if wanted.name == "bias" and item.kind != "batch_norm" and item.node in norms:
                array = constant(wanted.shape, 0.0)  # the norm that was merged into it has it
            if array is None:
                what = f"{wanted.name} of {step.name} where {step.kind} has it"
                raise UnmatchedError(f"imported, it has no {what}")
            weights[key] = _ordered(array, wanted, file, source, volumes[key])
    if not found:
        raise UnmatchedError("imported, it has no layer of the net either")
    return Matched(found, weights, flat)


def _own(step: "Step", node: Any) -> str:
    """The output of a node with several that is a layer's by its name; '' where none is."""
    made: list[str] = list(node.output)
    return next((name for name in (step.place.tensor, step.name) if name in made), "")


def _with_bias(file: OnnxFile, node: Any, bias: str) -> Any:
    """The node that adds a layer's bias to what another makes, where they are two; else that."""
    array = file.numbers.get(bias)
    if array is None:
        return node
    for other in file.proto.graph.node:
        adds = other.op_type == "Add" and node.output[0] in other.input
        if adds and any(file.numbers.get(name) is array for name in other.input):
            return other
    return node


def _to_the_front(file: OnnxFile, node: Any) -> str:
    """What a node makes; of a reshape whose channels are brought to the front next, that."""
    made: str = node.output[0]
    readers = [other for other in file.proto.graph.node if made in other.input]
    if node.op_type != "Reshape" or len(readers) != 1 or readers[0].op_type != "Transpose":
        return made
    perm = [list(a.ints) for a in readers[0].attribute if a.name == "perm"]
    front = bool(perm) and perm[0][:2] == [0, len(perm[0]) - 1] and len(perm[0]) > 3
    return str(readers[0].output[0]) if front else made


def _best(outcome: Outcome, file: OnnxFile) -> "tuple[Flat, dict[int, int]]":
    """The file's layers, batch norms merged or not, whichever has more of the net's."""
    from convcalc.interop.network import network_of
    from convcalc.network.pairs import paired

    tried = []
    for unfold in (False, True):
        flat = _imported(outcome, file, unfold)
        tried.append((flat, paired(outcome.network.steps, network_of(flat).steps)))
    return max(tried, key=lambda one: len(one[1]))  # the first of equals


def _imported(outcome: Outcome, file: OnnxFile, unfold: bool) -> "Flat":
    """The file's layers as import makes them.

    Raises:
        UnmatchedError: it does not.
    """
    from io import BytesIO

    from convcalc.interop.flat import UnreadableError, UnsupportedError
    from convcalc.interop.read.model import Asked, read

    asked = Asked(outcome.network.steps[0].output, unfold=unfold, format="onnx")
    try:
        return read(file.model, BytesIO(file.data), asked)
    except (UnreadableError, UnsupportedError) as error:
        text = f"it cannot be imported, to match layers by what they are: {error}"
        raise UnmatchedError(text) from error


def _needed(row: "Row") -> tuple[Learned, ...]:
    """The arrays of a layer that has its own."""
    step = row.step
    if step.layer is None or step.shares is not None or step.output is None:
        return ()
    return step.layer.arrays(row.inputs, step.output)


def _volumes(outcome: Outcome) -> "dict[str, tuple[Shape, ...]]":
    """The volumes that the last axis of each array runs over, in PyTorch channels first."""
    from convcalc.verify.plan import plan
    from convcalc.verify.weights import wanted

    analysis = outcome.analysis
    found = {one.key: one.flattened for one in wanted(analysis, plan(analysis))}
    for row in analysis.rows:
        if row.step.kind == "fc" and len(row.inputs[0]) > 1:
            found[f"{row.step.name}.weight"] = row.inputs[:1]
    return found


def _flag(node: Any, name: str) -> bool:
    return any(a.i for a in node.attribute if a.name == name)


def _ordered(
    array: "Array", wanted: Learned, file: OnnxFile, source: str, over: "tuple[Shape, ...]"
) -> "Array":
    """An array in PyTorch's shape and order; `source` is what the layer reads."""
    from convcalc.backend.weights import channels_first

    if array.size != math.prod(wanted.shape):
        return array  # the run says what is wrong with it
    array = array.reshape(wanted.shape)  # ONNX has 8x1x1 for 8
    if over and flat_channels_last(file.makers, source, file.first):
        return channels_first(array, over)
    return array


def _divides(file: OnnxFile, name: str) -> bool:
    """Whether a tensor is what a node divides by: as a factor it is one over that."""
    return any(
        node.op_type == "Div" and list(map(plain, node.input[1:])) == [name]
        for node in file.proto.graph.node
    )


def _subtracts(file: OnnxFile, shift: str, place: int) -> bool:
    """Whether a node takes a shift away (place 1), or what is scaled from a shift (place 0)."""
    return any(
        node.op_type == "Sub" and plain(node.input[place]) == shift
        for node in file.proto.graph.node
    )


def _array(
    file: OnnxFile, flat: "Flat", item: "FlatItem", wanted: Learned, alone: bool
) -> "Array | None":
    """An array of a layer of the imported file; None where it has none."""
    from convcalc.backend.weights import constant, reciprocal
    from convcalc.layers.norm import EPSILON

    learned = item.tensors.learned
    at = 0 if alone else _WORDS.index(wanted.name) if wanted.name in _WORDS else len(_WORDS)
    name = learned[at] if at < len(learned) else ""
    if name:
        array = file.constant(name)
        if array is None:
            return None
        if item.kind == "scale":
            array = reciprocal(array) if at == 0 and _divides(file, name) else array
            return -array if len(learned) > 1 and _subtracts(file, learned[1], at) else array
        return array.T if item.tensors.turned and at == 0 and array.ndim == 2 else array
    before = flat.items[item.inputs[0]]
    if item.kind == "batch_norm" and before.node == item.node:
        # merged into the convolution before it: what is left of it is the convolution's bias
        if wanted.name == "bias" and len(before.tensors.learned) > 1:
            return file.constant(before.tensors.learned[1])
        ones = {"weight": (1 + EPSILON) ** 0.5, "running_var": 1.0}
        return constant(wanted.shape, ones.get(wanted.name, 0.0))
    return constant(wanted.shape, 0.0) if wanted.name == "bias" else None
