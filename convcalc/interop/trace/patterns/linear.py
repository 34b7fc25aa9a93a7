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


def bias(op: Op, readers: Readers) -> bool:
    """Add of one number a channel after what has weights and no bias."""
    if op.kind != "binary" or op.attrs["f"] != "add" or len(op.inputs) != 2:
        return False
    for x, constant in (op.inputs, op.inputs[::-1]):
        if x is None or constant is None or x.maker is None or x.shape is None:
            continue
        maker = x.maker
        if maker.kind not in {"conv", "conv_transpose", "linear"} or not constant.constant:
            continue
        axis = len(x.shape) - 1 if maker.kind == "linear" else 1
        has = len(maker.inputs) > 2 and maker.inputs[2] is not None
        if has or len(readers.get(id(x), ())) != 1 or not per_channel(constant, x, axis):
            continue
        if constant.scalar is not None and not constant.sources:
            continue
        name, scopes = maker.name, maker.scopes
        op.become(maker.kind, [*maker.inputs[:2], constant], **maker.attrs)
        op.name, op.scopes, op.source = name, scopes, maker.source
        return True
    return False
