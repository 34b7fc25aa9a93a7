"""Which axis of a tensor is what: batch, channels, height, width, or all of them in a row.

convcalc's volumes have the channels last and no batch. A tensor of the file keeps its own order of
axes, so a transpose changes roles and moves nothing.
"""

from typing import NamedTuple

from convcalc.shapes import Shape, elements

#: the roles of axes: batch, channels, all numbers in a row, an axis of 1 without a meaning
BATCH, CHANNELS, FLAT, ONE = -1, -2, -3, -4

Roles = tuple[int, ...]

#: the note on a vector whose numbers are channels first in the source
TO_A_VOLUME = (
    "a vector becomes a volume (`reshape`) channels first in the source, channels last "
    "here: sizes are equal, the rows of the fc weights before it are in another order"
)

_MOST_AXES = 3  #: positions that a volume can have


class Volume(NamedTuple):
    """An item of the flat graph as a tensor of the file."""

    item: int
    roles: Roles
    """One an axis of the tensor; spatial axes are 0, 1 ... as the item has them."""


def channels_first(shape: Shape) -> Roles:
    """The roles of [N, C, H, W]."""
    return (BATCH, CHANNELS, *range(len(shape) - 1))


def channels_last(shape: Shape) -> Roles:
    """The roles of [N, H, W, C]."""
    return (BATCH, *range(len(shape) - 1), CHANNELS)


def size_of(role: int, shape: Shape) -> int:
    """How long an axis of this role is, for an item of this shape (the batch: 0)."""
    if role == BATCH:
        return 0
    if role == CHANNELS:
        return shape[-1]
    if role == FLAT:
        return elements(shape)
    return 1 if role == ONE else shape[role]


def agrees(roles: Roles, shape: Shape, dims: Shape | None) -> bool:
    """Whether axes of these roles, of an item of this shape, are as long as the tensor's are.

    There are as many of them; where either has no size there is nothing more to compare.
    """
    if dims is None:
        return True
    if len(roles) != len(dims):
        return False
    if not shape:
        return True
    pairs = zip(roles, dims, strict=True)
    return all(role == BATCH or size_of(role, shape) == dim for role, dim in pairs)


def images(roles: Roles, dims: Shape | None) -> set[int]:
    """How many images a tensor of these roles and sizes is of; empty where it does not say."""
    return {dim for role, dim in zip(roles, dims or (), strict=False) if role == BATCH}


def complete(roles: Roles, shape: Shape) -> bool:
    """Whether every axis of the item is one of the tensor's: nothing waits to be flattened."""
    return FLAT not in roles and set(range(len(shape) - 1)) <= set(roles) and CHANNELS in roles


def spread(roles: Roles, shape: Shape) -> Shape | None:
    """The shape of a volume with the axes of length 1 that a tensor of these roles has.

    None where the item has them already, or its axes are in another order.

    >>> spread((BATCH, CHANNELS, ONE, 0), (9, 4)), spread((BATCH, CHANNELS, 1), (1, 9, 4))
    ((1, 9, 4), (9, 4))
    """
    places = roles[2:]
    if not shape or roles[:2] != (BATCH, CHANNELS) or not 1 <= len(places) <= _MOST_AXES:
        return None
    kept = [role for role in places if role != ONE]
    left = set(range(len(shape) - 1)) - set(kept)
    if min(kept, default=0) < 0 or kept != sorted(kept) or any(shape[role] != 1 for role in left):
        return None
    target = (*(size_of(role, shape) for role in places), shape[-1])
    return None if target == shape else target


def renamed(roles: Roles, shape: Shape, dims: Shape | None) -> Shape | None:
    """The shape of a volume whose one axis longer than 1 is another one in the tensor.

    Its numbers lie in one order, whatever the axes are called: 1x1x9 channels that a transpose made
    positions are 9x1. None where the channels are in their place, or two axes are longer than 1.

    >>> renamed((BATCH, ONE, CHANNELS), (1, 1, 9), (1, 1, 9))
    (9, 1)
    """
    if not shape or dims is None or len(roles) != len(dims) or not 3 <= len(dims) <= _MOST_AXES + 2:
        return None
    if roles[0] != BATCH or roles[1] == CHANNELS or sum(size > 1 for size in shape) > 1:
        return None
    target = (*dims[2:], dims[1])
    return None if elements(target) != elements(shape) else target


def reordered(old: Roles, sizes: Shape, new: Shape, shape: Shape) -> Roles | None:
    """Roles after a reshape that only adds, drops or moves axes of length 1.

    `sizes` and `new` are the tensor's dimensions before and after, `shape` the item's.
    """
    kept = [role for role, size in zip(old, sizes, strict=True) if size != 1 and role != BATCH]
    batch = sizes[old.index(BATCH)] if BATCH in old else 1
    if not new or new[0] != batch:
        return None
    if [s for s in new[1:] if s != 1] != [
        size for role, size in zip(old, sizes, strict=True) if role != BATCH and size != 1
    ]:
        return None
    alone = [role for role in (CHANNELS, *range(len(shape) - 1)) if role not in kept]
    if FLAT in kept or FLAT in old:
        alone = []
    result: list[int] = [BATCH]
    rest = iter(kept)
    for size in new[1:]:
        result.append(ONE if size == 1 else next(rest))
    places = [i for i, role in enumerate(result) if role == ONE]
    if CHANNELS in alone and places:  # one channel: where channels belong
        place = 1 if 1 in places else places[-1]
        result[place] = CHANNELS
        places.remove(place)
    spatial = [role for role in alone if role != CHANNELS]
    for place, role in zip(places, spatial, strict=False):
        result[place] = role
    return tuple(result)
