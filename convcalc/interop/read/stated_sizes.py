"""The sizes that a tensor of a file from outside can have."""

from collections.abc import Sequence

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.shapes import LARGEST_SIZE, Shape

MOST_AXES = 32  #: of a tensor, that are looked at
_MOST_NUMBERS = 2**63


def checked_size(found: object) -> int:
    """A size, 0 to 2**31.

    Raises:
        UnreadableError: it is none.
    """
    if type(found) is not int or not 0 <= found <= LARGEST_SIZE:
        raise UnreadableError(f"a size of {plain(str(found)[:30])}: 0 to 2**31 can be")
    return found


def checked_shape(sizes: Sequence[object], what: str) -> Shape:
    """The sizes of a tensor.

    Args:
        sizes: as the file has them.
        what: the tensor, for messages.

    Raises:
        UnreadableError: there are too many, one is none, or they hold too many numbers together.
    """
    if len(sizes) > MOST_AXES:
        raise UnreadableError(f"{what} has {len(sizes):,} axes: {MOST_AXES} are the most")
    try:
        shape = tuple(map(checked_size, sizes))
    except UnreadableError as error:
        raise UnreadableError(f"{what} has {error}") from error
    whole = 1
    for size in shape:
        whole *= max(size, 1)
    if whole >= _MOST_NUMBERS:
        raise UnreadableError(f"{what} would hold {whole:,} numbers")
    return shape
