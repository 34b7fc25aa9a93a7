"""Biases that are added after a convolution or a matrix product."""

from convcalc.interop.trace.tensors import Op, Tensor

Readers = dict[int, list[Op]]


def per_channel(constant: Tensor, x: Tensor, axis: int) -> bool:
    """Whether a constant holds one number for each position of an axis of x."""
    if constant.shape is None or x.shape is None or not constant.constant:
        return False
    shape = (1,) * (len(x.shape) - len(constant.shape)) + constant.shape
    if len(shape) != len(x.shape):
        return False
    return all(dim == (x.shape[i] if i == axis else 1) for i, dim in enumerate(shape))


def _through_transposes(tensor: Tensor, readers: Readers) -> tuple[Op | None, tuple[int, ...]]:
    """What made a tensor before transposes that nobody else reads, and where its axes are now."""
    order = tuple(range(len(tensor.shape or ())))
    while len(readers.get(id(tensor), ())) == 1 and tensor.maker is not None:
        op = tensor.maker
        if op.kind != "transpose" or op.inputs[0] is None:
            return op, order
        order = tuple(op.attrs["perm"][axis] for axis in order)
        tensor = op.inputs[0]
    return None, order


def bias(op: Op, readers: Readers) -> bool:
    """Add of one number a channel after what has weights and no bias."""
    if op.kind != "binary" or op.attrs["f"] != "add" or len(op.inputs) != 2:
        return False
    for x, constant in (op.inputs, op.inputs[::-1]):
        if x is None or constant is None or x.maker is None or x.shape is None:
            continue
        if not constant.constant or (constant.scalar is not None and not constant.sources):
            continue
        maker, order = _through_transposes(x, readers)
        if maker is None or maker.kind not in {"conv", "conv_transpose", "linear"}:
            continue
        axis = order.index(len(order) - 1 if maker.kind == "linear" else 1)
        has = len(maker.inputs) > 2 and maker.inputs[2] is not None
        if has or not per_channel(constant, x, axis):
            continue
        if x.maker is not maker:
            maker.inputs = [*maker.inputs[:2], constant]
            op.become("identity", [x])
            return True
        name, scopes = maker.name, maker.scopes
        op.become(maker.kind, [*maker.inputs[:2], constant], **maker.attrs)
        op.name, op.scopes, op.source = name, scopes, maker.source
        return True
    return False
