"""What a net takes: every input of the file, also one that nothing reads."""

from itertools import islice
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.interop.flat import Tensors, UnreadableError
from convcalc.interop.lower.layout import Volume, channels_first, channels_last
from convcalc.interop.trace.tensors import Tensor

if TYPE_CHECKING:
    from convcalc.interop.lower.lowering import Lowering

_MOST_AXES = 4
_SHORT = 80


def inputs(low: "Lowering") -> None:
    """The inputs in the file's order: what calls the net hands over all of them.

    One that nothing reads is kept, as in a spec, for it takes memory while the net runs; not where
    the net was cut, nor where it is no volume, which is said.

    Raises:
        UnreadableError: what is read is no volume.
    """
    trace = low.trace
    _hold_batches([one for one in trace.inputs if low.is_read(one) and not _no_volume(one)])
    turned = {id(one) for one in trace.inputs if low.is_read(one) and low.turned(one)}
    for tensor in trace.inputs:
        read = low.is_read(tensor)
        if tensor.shape is None or (trace.ends_early and not read):
            continue
        why = _no_volume(tensor)
        if why and read:
            raise UnreadableError(f"input {plain(tensor.name)!r} {why}")
        if why:
            name = plain(tensor.name[:_SHORT])
            low.note(f"left out: input {name!r}, which nothing reads and which {why}", True)
            continue
        # one that nothing reads lies as the others do
        last = id(tensor) in turned if read else bool(turned)
        low.volumes[id(tensor)] = _input(low, tensor, last)


def _hold_batches(read: list[Tensor]) -> None:
    """That the inputs are of as many images each: one image here is one of every input.

    Raises:
        UnreadableError: they are not.
    """
    counts = {(tensor.shape or ())[0]: tensor.name for tensor in read}
    if len(counts) > 1:
        (a, first), (b, second) = islice(sorted(counts.items()), 2)
        raise UnreadableError(
            f"inputs {plain(first[:_SHORT])} and {plain(second[:_SHORT])} are of {a:,} and {b:,} "
            "images: export the net with one batch for all"
        )


def _input(low: "Lowering", tensor: Tensor, last: bool) -> Volume:
    """An input of the net, channels first unless the file turns it so first."""
    rest = (tensor.shape or ())[1:]
    last &= len(rest) > 1
    low.inputs_last |= last and not low.trace.channels_first
    shape = rest if last or len(rest) == 1 else (*rest[1:], rest[0])
    item = low.builder.input(tensor.name, shape, len(low.trace.inputs) == 1)
    axes = channels_last(shape) if last else channels_first(shape)
    made = low.builder.items[item]
    low.builder.items[item] = made._replace(tensors=Tensors(tensor.name, axes))
    return Volume(item, axes)


def _no_volume(tensor: Tensor) -> str:
    """Why a tensor is no volume; '' where it is one."""
    rest = (tensor.shape or ())[1:]
    if not rest:
        return "has no axis beside the batch"
    if len(rest) > _MOST_AXES:
        return f"has {len(rest)} axes"
    return "has an axis of length 0" if min(rest) < 1 else ""
