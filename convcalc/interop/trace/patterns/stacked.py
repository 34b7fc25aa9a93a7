"""Sums and means of volumes in several steps: over an axis of their own, or a sum and a number."""

from convcalc.interop.trace.patterns.activations import is_binary, with_number
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


def mean_written_out(op: Op, readers: dict[int, list[Op]]) -> bool:
    """``(x + y) / 2``: their mean, unless a step is known to overwrite what it reads."""
    pair = with_number(op) if op.kind == "binary" and op.attrs["f"] in {"mul", "div"} else None
    if pair is None or op.overwrites:
        return False
    parts = _summed(pair[0], readers)
    if len(parts) < 2 or len({id(part) for part in parts}) < len(parts):
        return False
    divided = op.attrs["f"] == "div"
    share = pair[1] * len(parts) if not divided else pair[1] / len(parts)
    if abs(share - 1) > 1e-6 or (divided and op.inputs[0] is not pair[0]):
        return False
    if any(part.constant or part.shape != op.output.shape for part in parts):
        return False
    op.become("binary", parts, f="mean")
    return True


def _summed(tensor: Tensor, readers: dict[int, list[Op]], most: int = 64) -> list[Tensor]:
    """What sums in a row add up, each read by nothing but the next; the tensor itself of others."""
    found: list[Tensor] = []
    while len(found) < most:
        added = is_binary(tensor, "add")
        alone = added is not None and len(readers.get(id(tensor), ())) == 1
        if added is None or not alone or added.overwrites or None in added.inputs:
            break
        tensor, *others = [x for x in added.inputs if x is not None]
        found = [*others, *found]
    return [tensor, *found]
