"""Operators that `run_decompositions` leaves in the place of layers: core ATen."""

from convcalc.interop.read.pt2.node import Call, Handler, Result
from convcalc.interop.trace.products import unread_product
from convcalc.interop.trace.repeats import repeated
from convcalc.interop.trace.tensors import Tensor

#: what to do where even these do not tell which layer they were
ADVICE = (
    "the program was decomposed, which takes layers apart: "
    "torch.export.save it before run_decompositions()"
)


def _epsilon(call: Call) -> float:
    return call.number("eps", 1e-5) or 0.0


def _several(call: Call, made: Tensor) -> Result:
    """What a norm makes, and its mean and deviation, which a backward pass alone reads."""
    if call.outputs < 2:
        return made
    why = f"{call.target}'s statistics"
    return [made, *call.emitter.unsupported([call.x], call.outputs - 1, why)]


def _layer_norm(call: Call) -> Result:
    axis = call.rank - len(call.ints("normalized_shape", 1))
    inputs = [call.x, call.get("weight"), call.get("bias")]
    return _several(call, call.op("layer_norm", inputs, axis=axis, epsilon=_epsilon(call)))


def _group_norm(call: Call) -> Result:
    for name in ("N", "C", "HxW"):  # the input's own
        call.integer(name, 0)
    groups, inputs = call.integer("group", 1), [call.x, call.get("weight"), call.get("bias")]
    return _several(call, call.op("group_norm", inputs, groups=groups, epsilon=_epsilon(call)))


def _batch_norm(call: Call) -> Result:
    """A batch norm by the numbers of one image: an instance norm."""
    if call.get("running_mean") is not None or call.x.shape is None or call.shape[0] != 1:
        return call.unsupported(f"{call.target}: the statistics of a batch, as in training")
    inputs = [call.x, call.get("weight"), call.get("bias")]
    return _several(call, call.op("instance_norm", inputs, epsilon=_epsilon(call)))


def _repeat(call: Call) -> Result:
    times = call.ints("repeats", 1)
    if len(times) != call.rank or set(times) != {1}:
        return call.unsupported(repeated(f"aten.{call.target}", call.x.shape, times))
    return call.op("identity", [call.x])


def _tile(call: Call) -> Result:
    times = call.ints("dims", 1)
    times = (1,) * (call.rank - len(times)) + tuple(times)
    if set(times) == {1} and len(times) == call.rank:
        return call.op("identity", [call.x])
    return call.unsupported(repeated(f"aten.{call.target}", call.x.shape, times))


def _repeat_interleave(call: Call) -> Result:
    """Each position several times in a row, as the nearest one of an `interpolate`."""
    once, axis = call.arguments.get("repeats"), call.arguments.get("dim")
    if type(once) is int and once == 1 and type(axis) is int:
        return call.op("identity", [call.x])
    return call.unsupported(
        f"aten.{call.target}: `interpolate(scale_factor=2)` repeats positions in both directions, "
        "and is read"
    )


def _bmm(call: Call) -> Result:
    """A Linear on a volume: its positions as rows, and a copy of its weight for each of them."""
    x, weight = call.x, _copied(call.get("mat2"))
    before = x.maker.inputs[0] if x.maker is not None and x.maker.kind == "reshape" else x
    if weight is None or weight.shape is None or x.shape is None or before is None:
        return call.unsupported(unread_product("bmm", x, call.get("mat2")))
    if x.constant or not before.shape or before.shape[-1] != x.shape[-1]:
        return call.unsupported(unread_product("bmm", x, weight))
    made = call.op("linear", [before, weight, None], rows=False)
    return call.op("reshape", [made], shape=(*x.shape[:-1], weight.shape[1]))


def _copied(tensor: Tensor | None) -> Tensor | None:
    """The matrix that a stack of equal matrices was made of; None where it is none."""
    if tensor is None or not tensor.constant or tensor.shape is None:
        return None
    matrix = tensor.shape[-2:]
    while tensor.shape != matrix:
        op = tensor.maker
        if op is None or op.kind not in {"reshape", "expand", "identity"}:
            return None
        source = op.inputs[0]
        if source is None or source.shape is None or source.shape[-2:] != matrix:
            return None
        tensor = source
    return tensor


def of_rows(handler: Handler) -> Handler:
    """A pool of images, or of sequences that were made images of one row."""

    def pooled(call: Call) -> Result:
        x = call.x
        maker = x.maker
        source = maker.inputs[0] if maker is not None and maker.kind == "reshape" else None
        long = source.shape if source is not None else None
        made = handler(call)
        first = made[0] if isinstance(made, list) else made
        if call.emitter.overwrites is not None:
            return made  # it is as it was written
        if source is None or long is None or len(long) != 3 or first.maker is None:
            return made
        attrs = first.maker.attrs
        if x.shape != (*long[:2], 1, long[2]) or not _of_one_row(attrs):
            return made
        short = {key: value[1:] if _is_pair(value) else value for key, value in attrs.items()}
        row = call.op(first.maker.kind, [source], **short)
        wide = call.op("reshape", [row], shape=first.shape)
        return [wide, *made[1:]] if isinstance(made, list) else wide

    return pooled


def _of_one_row(attrs: dict[str, object]) -> bool:
    """Whether a window has one row, and nothing above or below it."""
    alone = {"kernel": 1, "output": 1, "pads": (0, 0)}
    return all(
        value[0] == alone[key]
        for key, value in attrs.items()
        if key in alone and isinstance(value, tuple | list)
    )


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


TABLE: dict[str, Handler] = {
    "native_layer_norm": _layer_norm,
    "native_group_norm": _group_norm,
    "_native_batch_norm_legit": _batch_norm,
    "repeat": _repeat,
    "tile": _tile,
    "repeat_interleave": _repeat_interleave,
    "bmm": _bmm,
}
