"""Volumes that are put along an axis of their own and joined over it: `torch.stack`'s sum."""

from convcalc.interop.trace.tensors import Op, Tensor

#: what takes an axis away, by the operation of two volumes that does the same
_JOINED = {"sum": "add", "ReduceSum": "add", "avg": "mean", "max": "max"}


def joined(op: Op, readers: dict[int, list[Op]]) -> bool:
    """A stack that is summed, averaged or of which the largest is taken: that of its parts."""
    x = op.inputs[0]
    before = x.maker if op.kind == "reduce" and x is not None else None
    parts = stack_of(before) if before is not None else None
    if before is None or parts is None or len(parts) < 2:
        return False
    how = _JOINED.get(op.attrs["how"])
    if how is None or op.attrs["keepdims"] or tuple(op.attrs["axes"]) != (before.attrs["axis"],):
        return False
    op.become("binary", parts, f=how, stacked=True)
    return True


def stack_of(op: Op) -> list[Tensor] | None:
    """What an operation puts along a new axis, at once or by a reshape each; None of others."""
    if op.kind not in {"stack", "concat"}:
        return None
    axis, found = op.attrs["axis"], list[Tensor]()
    for tensor in op.inputs:
        part = tensor
        if op.kind == "concat":
            maker = tensor.maker if tensor is not None else None
            part = maker.inputs[0] if maker is not None and maker.kind == "reshape" else None
        if part is None or part.shape is None or tensor is None:
            return None
        if op.kind == "concat" and tensor.shape != (*part.shape[:axis], 1, *part.shape[axis:]):
            return None
        found.append(part)
    return found
