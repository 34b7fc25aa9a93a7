"""How the numbers of a tensor lie in its storage: whether another shape is a view of it."""

from collections.abc import Sequence


def same_places(shape: Sequence[int], first: Sequence[int], second: Sequence[int]) -> bool:
    """Whether two strides of one shape put every number in the same place.

    >>> same_places((1, 4, 1), (4, 1, 1), (9, 1, 7))
    True
    """
    zipped = zip(shape, first, second, strict=True)
    return all(own == other for size, own, other in zipped if size != 1)


def in_a_row(shape: Sequence[int]) -> tuple[int, ...]:
    """The strides of numbers that lie in a row, the last axis next to each other.

    >>> in_a_row((2, 3, 4))
    (12, 4, 1)
    """
    strides, step = [], 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def is_view(shape: Sequence[int], strides: Sequence[int], new: Sequence[int]) -> bool:
    """Whether numbers that lie so have another shape without being copied.

    Axes that lie on in one another are one block; each block must be cut anew by itself
    (`computeStride` of PyTorch's TensorUtils.cpp).

    >>> is_view((2, 3, 4), (12, 4, 1), (6, 4)), is_view((2, 3, 4), (4, 8, 1), (6, 4))
    (True, False)
    """
    if 0 in shape:
        return True
    at, block, base = len(new) - 1, 1, strides[-1] if strides else 1
    for axis in range(len(shape) - 1, -1, -1):
        block *= shape[axis]
        if axis and (shape[axis - 1] == 1 or strides[axis - 1] == block * base):
            continue  # the axis before lies on
        cut = 1
        while at >= 0 and (cut < block or new[at] == 1):
            cut *= new[at]
            at -= 1
        if cut != block:
            return False
        block, base = 1, strides[axis - 1]
    return all(size == 1 for size in new[: at + 1])


def is_dense(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether the numbers lie next to each other, in whatever order of the axes.

    >>> is_dense((2, 3, 4), (12, 1, 3)), is_dense((2, 3), (0, 1))
    (True, False)
    """
    if 0 in shape:
        return True
    step = 1
    for stride, size in sorted((s, n) for s, n in zip(strides, shape, strict=True) if n != 1):
        if stride != step:
            return False
        step *= size
    return True
