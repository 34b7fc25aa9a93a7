"""Where the channels of a tensor are, by what the file does with it first."""

from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.shapes import Shape


def turned(tensor: Tensor, readers: dict[int, list[Op]]) -> bool:
    """Whether the channels come last: a transpose brings them to the front, or a layer of the
    last axis reads them.

    Args:
        tensor: an input of the net, or what a reshape made.
        readers: the operations that read each tensor, by its id.
    """
    waiting, seen = [tensor], set[int]()
    while waiting and len(seen) < 64:
        current = waiting.pop()
        if id(current) in seen or current.shape is None:
            continue
        seen.add(id(current))
        rank = len(current.shape)
        for op in readers.get(id(current), ()):
            if op.kind == "transpose":
                return tuple(op.attrs["perm"]) == (0, rank - 1, *range(1, rank - 1))
            if op.kind == "reshape" and not _only_adds_ones(current.shape, op.output.shape or ()):
                shape = op.output.shape or ()
                moved = (current.shape[0], current.shape[-1], *current.shape[1:-1])
                return current.shape[-1] == 1 and shape == moved and shape != current.shape
            if op.kind in {"conv", "pool", "conv_transpose", "batch_norm"}:
                return False
            if op.kind == "linear" and rank > 2:
                return True
            if op.kind == "layer_norm" and 2 < rank == op.attrs["axis"] + 1:
                return True
            waiting += op.outputs
    return False


def _only_adds_ones(old: Shape, new: Shape) -> bool:
    """Whether a reshape gives a sequence or an image more axes of 1, and its last stays last."""
    if len(new) <= len(old) or len(old) < 3 or new[-1:] != old[-1:]:
        return False
    return [dim for dim in new if dim != 1] == [dim for dim in old if dim != 1]
