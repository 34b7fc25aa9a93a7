"""Cuts, paddings and pools whose numbers may be the size of what they are merged with."""

from collections.abc import Iterable, Mapping
from itertools import islice

from convcalc.interop.lower.layout import Volume
from convcalc.interop.trace.tensors import Op, Tensor, Trace

#: operations that are named at most
_MOST = 32
#: how many operations are looked at in vain, at most: all of a small net, or those of as many nets
MOST_WORK = 200_000
#: what leaves positions where they are, if as many come out
_ALIKE = frozenset({"identity", "cast", "unary", "binary", "concat", "slice", "norm", "batch_norm"})


def met_by_number(trace: Trace, volumes: Mapping[int, Volume]) -> list[str]:
    """The names of operations whose size is a number there, and that of what they are merged with.

    Args:
        trace: all operations, in order.
        volumes: what became of their tensors, by id.
    """
    found: list[Op] = []
    origins = _origins(trace)
    left = max(MOST_WORK, _MOST * len(trace.ops))
    for at, op in enumerate(trace.ops):
        axes = _numbers(op, volumes)
        if not axes or len(found) == _MOST or left <= 0:
            continue
        if _merged(op, axes, islice(trace.ops, at + 1, None), origins):
            found.append(op)
        else:
            left -= len(trace.ops) - at
    again = {id(op.inputs[0]) for op in found}  # a row and a column are cut one after the other
    return [op.name for op in found if id(op.output) not in again]


def _numbers(op: Op, volumes: Mapping[int, Volume]) -> tuple[int, ...]:
    """The axes of positions whose size an operation has as a number, or as one that is open."""
    volume, shape = volumes.get(id(op.output)), op.output.shape
    if op.attrs.get("stated") not in {"number", "open"} or volume is None or shape is None:
        return ()
    if op.kind == "slice":
        axes: tuple[int, ...] = (op.attrs["axis"],)
    elif op.kind == "pad":
        sides = enumerate(zip(op.attrs["before"], op.attrs["after"], strict=True))
        axes = tuple(axis for axis, pair in sides if any(pair))
    elif op.kind == "adaptive_pool":
        axes = tuple(range(2, len(shape)))
    else:
        return ()
    axes = tuple(a for a in axes if a < len(volume.roles) and volume.roles[a] >= 0)
    return axes if any(shape[axis] > 1 for axis in axes) else ()


def _origins(trace: Trace) -> dict[int, int]:
    """By the id of each tensor that of the one whose size it follows, some rows more or less.

    What is made of one volume by windows of stride 1, by cuts from its ends and by padding
    differs from it by as many rows with any input, so no number there is another volume's size.
    """
    found: dict[int, int] = {}
    for op in trace.ops:
        own = op.output
        of = next((one for one in op.inputs if one is not None and _follows(op, one)), own)
        found[id(own)] = found.get(id(of), id(of))
    return found


def _follows(op: Op, given: Tensor) -> bool:
    """Whether the positions of what an operation makes are those it is given, plus a constant."""
    first, made = given.shape or (), op.output.shape or ()
    if given.constant or not 2 < len(first) == len(made):
        return False
    if op.kind in {"conv", "pool"}:
        return set(op.attrs.get("stride", (1,))) == {1}
    if op.kind == "slice" and op.attrs["axis"] > 1:
        return op.attrs["step"] == 1 and not op.attrs.get("stated")
    return op.kind == "pad" or (op.kind in _ALIKE and first[2:] == made[2:])


def _merged(op: Op, axes: tuple[int, ...], after: Iterable[Op], origins: Mapping[int, int]) -> bool:
    """Whether what an operation makes, sized as it is, meets a volume that is not made of it."""
    own = origins.get(id(op.inputs[0]), id(op.inputs[0]))
    made, kept = {id(op.output)}, {id(op.output)}
    for reader in after:
        given = [tensor for tensor in reader.inputs if tensor is not None]
        if not any(id(tensor) in made for tensor in given):
            continue
        made.update(id(tensor) for tensor in reader.outputs)
        if not any(id(tensor) in kept for tensor in given):
            continue
        if not _alike(reader.output, op.output, axes):
            continue
        others = [one for one in given if id(one) not in made and not one.constant]
        if op.kind == "pad":
            others = [one for one in others if origins.get(id(one), id(one)) != own]
        if reader.kind in {"binary", "concat"} and any(
            _alike(one, op.output, axes) for one in others
        ):
            return True
        kept.update(id(tensor) for tensor in reader.outputs)
    return False


def _alike(one: Tensor, other: Tensor, axes: tuple[int, ...]) -> bool:
    """Whether two tensors have as many axes, and the same sizes of these."""
    first, second = one.shape or (), other.shape or ()
    return len(first) == len(second) and all(first[axis] == second[axis] for axis in axes)
