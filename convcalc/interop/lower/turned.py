"""Where the channels of a tensor are, by what the file does with it first."""

from convcalc.interop.trace.tensors import Op, Tensor
from convcalc.shapes import Shape

Readers = dict[int, list[Op]]

#: operations whose channels are the axis after the batch
_FIRST = frozenset(
    """
        conv conv_transpose pool adaptive_pool resize depth_to_space space_to_depth
        batch_norm instance_norm group_norm lrn channel_shuffle
    """.split()  # noqa: SIM905
)
_MOST = 64  #: tensors that are looked at


def turned(tensor: Tensor, readers: Readers, otherwise: bool = False) -> bool:
    """Whether the channels come last: a transpose brings them to the front, or a layer of the
    last axis reads them.

    Args:
        tensor: an input of the net, or what a reshape made.
        readers: the operations that read each tensor, by its id.
        otherwise: the answer where two axes are swapped and nothing after it tells which is which.
    """
    return bool(_last(tensor, readers, otherwise))


def weighed(tensor: Tensor, readers: Readers) -> bool:
    """Whether something has a weight for each number of a vector."""
    waiting, seen = [tensor], set[int]()
    while waiting and len(seen) < _MOST:
        current = waiting.pop()
        if id(current) in seen or len(current.shape or ()) != 2:
            continue
        seen.add(id(current))
        for op in readers.get(id(current), ()):
            if any(given is not None and given.sources for given in op.inputs):
                return True
            waiting += op.outputs
    return False


def _last(
    tensor: Tensor, readers: Readers, otherwise: bool | None = None, depth: int = 4
) -> bool | None:
    """Whether the channels come last; None where nothing says so."""
    waiting, seen = [tensor], set[int]()
    while waiting and len(seen) < _MOST:
        current = waiting.pop()
        if id(current) in seen or current.shape is None:
            continue
        seen.add(id(current))
        for op in readers.get(id(current), ()):
            if op.kind == "transpose":
                if tuple(op.attrs["perm"]) != (0, 2, 1) or not depth:
                    return _to_the_front(op, len(current.shape))
                after = _last(op.output, readers, None, depth - 1)  # the way back looks alike
                return otherwise if after is None else not after
            if op.kind == "reshape" and not _only_adds_ones(current.shape, op.output.shape or ()):
                if _moves_the_one(current.shape, op.output.shape or ()):
                    return True
                continue
            said = _says(op, len(current.shape))
            if said is not None:
                return said
            waiting += op.outputs
    return None


def _says(op: Op, rank: int) -> bool | None:
    """Whether an operation has its channels last; None where it treats all axes alike."""
    if op.kind in _FIRST:
        return False
    if rank < 3:
        return None
    if op.kind == "linear" or (op.kind == "layer_norm" and op.attrs["axis"] + 1 == rank):
        return True
    if op.kind in {"softmax", "concat"}:
        return {1: False, rank - 1: True}.get(op.attrs["axis"])
    if op.kind == "reduce":
        axes = tuple(op.attrs["axes"])
        return {tuple(range(2, rank)): False, tuple(range(1, rank - 1)): True}.get(axes)
    return None


def _to_the_front(op: Op, rank: int) -> bool:
    """Whether a transpose brings the last axis to the place of the channels."""
    return tuple(op.attrs["perm"]) == (0, rank - 1, *range(1, rank - 1))


def _moves_the_one(old: Shape, new: Shape) -> bool:
    """Whether a reshape is the transpose of one channel to the front."""
    return old[-1:] == (1,) and new == (old[0], 1, *old[1:-1]) and new != old


def _only_adds_ones(old: Shape, new: Shape) -> bool:
    """Whether a reshape gives a sequence or an image more axes of 1, and its last stays last."""
    if len(new) <= len(old) or len(old) < 3 or new[-1:] != old[-1:]:
        return False
    return [dim for dim in new if dim != 1] == [dim for dim in old if dim != 1]
