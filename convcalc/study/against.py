"""`verify --against model.onnx`: the same net in onnxruntime, layer by layer."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.findings import plain
from convcalc.network.record import INPUT
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array

#: by how much a layer's numbers may differ, of its largest
TOLERANCE = 1e-4
_MOST_BYTES = 2**31

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


class Compared(NamedTuple):
    """One layer in both."""

    name: str
    difference: float
    """The largest difference, of the largest number that onnxruntime has."""

    @property
    def agrees(self) -> bool:
        """Whether that is float32's rounding."""
        return self.difference <= TOLERANCE


class Against(NamedTuple):
    """All layers that both have."""

    outcome: Outcome
    model: str
    layers: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        """Whether every layer does."""
        return all(layer.agrees for layer in self.layers)


def against(case: Case, model: str, seed: int = 0) -> Against:
    """Run a net with NumPy and an ONNX file with onnxruntime on the same numbers.

    Layers are matched by name: those of a file that `export` wrote, or of the file itself. The
    weights are the file's.

    Raises:
        NetError: the net has errors.
        RequestError: a package is missing, the file has no weights, or no layer is in both.
    """
    try:
        import numpy as np
        import onnx
        import onnxruntime
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        text = f"--against needs the package {package}: pip install 'convcalc[onnxruntime]'"
        raise RequestError(text) from error
    from convcalc.backend.weights import channels_first, channels_last
    from convcalc.study.flat_order import flat_channels_last
    from convcalc.verify.plan import plan
    from convcalc.verify.weights import flattened
    from convcalc.verify.weights import wanted as needed

    outcome = study(case)
    outcome.sound()
    proto = _loaded(onnx, model)
    steps = outcome.network.steps
    inputs = [step for step in steps if step.kind == INPUT]
    if len(inputs) != 1 or inputs[0].output is None:
        raise RequestError("--against runs nets with one input")
    nodes: dict[str, Any] = {}
    for node in proto.graph.node:
        for name in (node.name, *node.output):
            nodes.setdefault(plain(name), node)
    numbers = _numbers(proto)
    weights, found = {}, {}
    makers = {output: node for node in proto.graph.node for output in node.output}
    given = next(value for value in proto.graph.input if value.name not in numbers)
    dims = tuple(dim.dim_value or None for dim in given.type.tensor_type.shape.dim)
    first = _channels_first(proto, given.name, dims[1:], inputs[0].output)
    orders = dict(zip((step.name for step in steps), flattened(outcome.network), strict=True))
    analysis = outcome.analysis
    volumes = {one.key: one.flattened for one in needed(analysis, plan(analysis))}
    # of several layers that one node became, such as a flatten and what reads it, the last is its
    lasts = {step.place.node: step for step in steps if step.place.node}
    for row in outcome.analysis.rows:
        step = row.step
        node = nodes.get(step.place.node) or nodes.get(step.name)
        if node is None or step.layer is None:
            continue
        if lasts.get(step.place.node, step) is step:
            found[step.name] = node.output[0]
        if step.shares is not None or step.output is None:
            continue
        read = dict(zip(_ARRAYS.get(node.op_type, ()), node.input[1:], strict=False))
        for wanted in step.layer.arrays(row.inputs, step.output):
            key = f"{step.name}.{wanted.name}"
            # by its key, as `export` names it, or by its place among the node's inputs
            tensor = numbers.get(key) or numbers.get(read.get(wanted.name, ""))
            if tensor is None:
                text = f"{plain(model)} has no {wanted.name} of {step.name} where {step.kind}"
                more = "has it: a layer written out as several nodes is not compared"
                raise RequestError(f"{text} {more}")
            array = _array(onnx, tensor, node, wanted.name)
            fits = array.size == math.prod(wanted.shape)  # ONNX has 8x1x1 for 8
            array = array.reshape(wanted.shape) if fits else array
            whole = step.kind == "fc" and wanted.name == "weight" and len(row.inputs[0]) > 1
            over = row.inputs[:1] if whole else volumes[key]
            if over and flat_channels_last(makers, node.input[0], first):
                array = channels_first(array, over)
            weights[key] = array
    text = f"no node of {plain(model)} has the name of a layer of the net"
    file = plain(model)
    strange = RequestError(f"{text}: `convcalc verify {file} --against {file}` runs what it says")
    if not found:
        raise strange
    x = np.random.default_rng(seed).standard_normal((1, *inputs[0].output)).astype("float32")
    ours = _ours(case, weights, x, tuple(found))
    _add_outputs(onnx, proto, list(found.values()))
    try:
        session = onnxruntime.InferenceSession(
            proto.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        read_so = np.moveaxis(x, -1, 1) if first else x
        theirs = session.run(list(found.values()), {given.name: read_so})
    except Exception as error:  # whatever onnxruntime raises for what it does not run
        text = plain(" ".join(str(error).split())[:300])
        raise RequestError(f"onnxruntime does not run {plain(model)}: {text}") from error
    layers = []
    for (name, tensor), array in zip(found.items(), theirs, strict=True):
        own = ours.get(name)
        if own is None or own.size != array.size:
            continue
        turned = np.moveaxis(array, 1, -1) if array.ndim > 2 and first else array
        order = orders[name] if own.ndim == 2 else (own.shape[1:],)
        if array.ndim == 2 and order and not flat_channels_last(makers, tensor, first):
            turned = array[:, channels_last(order)]
        if turned.shape[1:] != own.shape[1:] == array.shape[1:]:
            turned = array  # inside a layer that turns the channels last
        if turned.ndim > 2 and _extents(turned.shape) != _extents(own.shape):
            continue  # numbers on their way: groups laid out as channels, axes split
        largest = max(float(np.abs(turned).max()), 1e-12)
        with np.errstate(invalid="ignore"):  # infinities: the layer does not agree
            difference = float(np.abs(own.reshape(turned.shape) - turned).max()) / largest
        layers.append(Compared(name, difference))
    if not layers:
        raise strange
    return Against(outcome, plain(model), tuple(layers))


def _numbers(proto: Any) -> dict[str, Any]:
    """The file's arrays by their names, and by those that an Identity gives them.

    PyTorch writes equal arrays once, with an Identity for each further one.
    """
    numbers = {tensor.name: tensor for tensor in proto.graph.initializer}
    for node in proto.graph.node:  # in an order that can be run: what is read comes first
        if node.op_type == "Identity" and node.input and node.input[0] in numbers:
            numbers.setdefault(node.output[0], numbers[node.input[0]])
    return numbers


def _channels_first(
    proto: Any, name: str, dims: tuple[int | str | None, ...], shape: tuple[int, ...]
) -> bool:
    """Whether the file's input has its channels first: by its sizes, else by what reads it.

    Args:
        proto: the file.
        name: its input.
        dims: the input's sizes without the batch, as the file states them.
        shape: the same as convcalc has them, channels last.
    """

    def fits(wanted: tuple[int, ...]) -> bool:
        pairs = zip(dims, wanted, strict=False)
        return all(not isinstance(dim, int) or dim == size for dim, size in pairs)

    if len(dims) != len(shape) or len(shape) < 2 or not fits(shape):
        return True
    if not fits((shape[-1], *shape[:-1])):
        return False
    readers = [node.op_type for node in proto.graph.node if name in node.input]
    return "Transpose" not in readers


def _extents(shape: tuple[int, ...]) -> list[int]:
    """The axes that hold more than one number."""
    return [size for size in shape if size != 1]


def _loaded(onnx: Any, model: str) -> Any:
    """The file with its weights; nothing outside of it is opened."""
    from google.protobuf.message import DecodeError

    from convcalc.files import read_file

    try:
        return onnx.load_from_string(read_file(model, _MOST_BYTES))
    except OSError as error:
        raise RequestError(f"cannot read {plain(model)}: {error.strerror}") from error
    except DecodeError as error:
        raise RequestError(f"{plain(model)} is no ONNX file, or it is damaged") from error


def _array(onnx: Any, tensor: Any, node: Any, word: str) -> "Array":
    """A weight as PyTorch stores it."""
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        text = "the file holds no weights: export it with --random-weights, or with its own"
        raise RequestError(text)
    array = onnx.numpy_helper.to_array(tensor)
    flags = {attribute.name: attribute.i for attribute in node.attribute}
    if node.op_type == "Gemm" and word == "weight" and not flags.get("transB"):
        array = array.T
    return array  # type: ignore[no-any-return]


def _ours(
    case: Case, weights: dict[str, Any], x: "Array", keep: tuple[str, ...]
) -> "dict[str, Array]":
    """The outputs of these layers, run with NumPy."""
    import os
    import tempfile

    import numpy as np

    from convcalc.study.verify import VerifyOptions, verify

    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("w.npz", "x.npy", "out.npz")]
        if weights:
            np.savez(paths[0], **weights)
        np.save(paths[1], x)
        given = paths[0] if weights else None
        verify(case, VerifyOptions(weights=given, array=paths[1], save=paths[2], keep=keep))
        with np.load(paths[2]) as kept:
            return {name: kept[name] for name in kept.files}


def _add_outputs(onnx: Any, proto: Any, names: list[str]) -> None:
    """Let every matched tensor be an output."""
    there = {value.name for value in proto.graph.output}
    for name in dict.fromkeys(names):
        if name not in there:
            proto.graph.output.append(onnx.ValueInfoProto(name=name))
