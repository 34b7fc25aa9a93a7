"""Sizes that are other volumes': those that are known as such, and those that a file froze."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from convcalc.interop.lower.layout import Volume
from convcalc.interop.names import few
from convcalc.interop.trace.tensors import Tensor, Trace
from convcalc.shapes import Shape, written

if TYPE_CHECKING:
    from convcalc.interop.lower.lowering import Lowering


def following(low: "Lowering", tensors: Iterable[Tensor], spatial: Shape) -> Volume | None:
    """Of tensors that always have a size the volume to name: an input, else no merge if it can be.

    A layer that is named stays out of blocks, a merge out of the branches that lead to it too.
    """
    found = [
        volume
        for volume in (low.volumes.get(id(tensor)) for tensor in tensors)
        if volume is not None and low.shape(volume)[:-1] == spatial
    ]
    items = low.builder.items

    def rank(volume: Volume) -> int:
        layer = items[volume.item].layer
        return 0 if layer is None else 2 if layer.merges else 1

    return min(found, key=rank, default=None)


def has_size(low: "Lowering", spatial: Shape) -> bool:
    """Whether some volume has these positions, which a number in a file may have been taken of."""
    return any(item.output[:-1] == spatial for item in low.builder.items)


def taken(names: Collection[str], trace: Trace) -> str:
    """What to say of layers whose sizes hold for one input; '' where there are none."""
    if not names:
        return ""
    return (
        f"the size of {few(names)} is read as a number, which another volume has{_at(trace)}: if "
        "the source takes that volume's, they differ with other inputs (torch.export with "
        "dynamic_shapes keeps it in a .pt2; in a spec it is `upsample: {like: NAME}`)"
    )


def frozen(names: Collection[str], trace: Trace) -> str:
    """The same of cuts, paddings and pools, which are merged with a volume of their size."""
    if not names:
        return ""
    return (
        f"the size of {few(names)} is read as a number, which what it is merged with has"
        f"{_at(trace)}: if the source takes that volume's, it differs with other "
        "inputs: read it again for those"
    )


def _at(trace: Trace) -> str:
    """With which input, where there is one."""
    sizes = [written(one.shape[2:]) for one in trace.inputs if one.shape and len(one.shape) > 2]
    return f" with an input of {sizes[0]}" if len(sizes) == 1 else ""
