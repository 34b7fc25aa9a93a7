"""The sizes next to a net's own that come out."""

from collections.abc import Callable

from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.sizes.legal import distance
from convcalc.sizes.resize import Resizer, SizeCheck

_NEAR = 512  #: how far from the net's own a size is looked for, and less far in a long net
_NEARER = 32  #: at least so far: nets halve their input five times
_SIZED = 500_000  #: layers that may be sized for that each way on each axis; some 0.1 s


def nearest_sizes(
    network: Network, spent: Callable[[int], None] = lambda layers: None
) -> list[Shape]:
    """The sizes next to the net's own that come out, at most one each way, nearest first.

    Each axis goes to its nearest size by itself; exact sizes where there are such, else accepted.

    Args:
        network: a net whose first step is its input.
        spent: told how many layers were sized for that.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    resizer = Resizer(network)
    try:
        return _next(resizer)
    finally:
        spent(resizer.worked)


def _next(resizer: Resizer) -> list[Shape]:
    for wanted in (SizeCheck.is_exact, SizeCheck.is_accepted):
        found = {
            spatial
            for direction in (-1, 1)
            for spatial in (_beside(resizer, direction, wanted),)
            if spatial is not None and spatial != resizer.own and wanted(resizer.judge(spatial))
        }
        if found:
            return sorted(found, key=lambda spatial: (distance(spatial, resizer.own), spatial))
    return []


def _beside(resizer: Resizer, direction: int, wanted: Callable[[SizeCheck], bool]) -> Shape | None:
    """Every axis moved in one direction to the next size that is right for all axes at once."""
    axes = len(resizer.own)
    sizes, near = [], max(_NEARER, min(_NEAR, _SIZED // len(resizer.layers)))
    for own in resizer.own:
        for moved in range(near):
            size = own + direction * moved
            if size < 1:
                return None
            if wanted(resizer.judge((size,) * axes)):
                sizes.append(size)
                break
    return tuple(sizes) if len(sizes) == axes else None
