"""Which items of two lists are the same, in their order."""

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

#: Items that are aligned by likeness; of more, what is alike at both ends and the names decide.
_MOST = 2000

_Item = TypeVar("_Item")


def aligned(
    old: Sequence[_Item], new: Sequence[_Item], keys: Sequence[Callable[[_Item], Hashable]]
) -> dict[int, int]:
    """Which items are the same, by number: alike by the first key, the others by the next."""
    return _between(range(len(old)), range(len(new)), old, new, keys)


def equal_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many items are the same at the beginning, and of the others at the end.

    >>> equal_ends("relu6", "relu")
    (4, 0)
    """
    shorter = min(len(old), len(new))
    head = tail = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _between(
    left: range,
    right: range,
    old: Sequence[_Item],
    new: Sequence[_Item],
    keys: Sequence[Callable[[_Item], Hashable]],
) -> dict[int, int]:
    if not keys or not left or not right:
        return {}
    key = keys[0]
    a, b = [key(old[i]) for i in left], [key(new[j]) for j in right]
    pairs: dict[int, int] = {}
    for i, j, length in _runs(a, b):
        pairs.update(zip(left[i : i + length], right[j : j + length], strict=True))
    at_left, at_right = left.start, right.start
    for i, j in [*pairs.items(), (left.stop, right.stop)]:
        pairs.update(_between(range(at_left, i), range(at_right, j), old, new, keys[1:]))
        at_left, at_right = i + 1, j + 1
    return pairs


def _runs(a: list[Hashable], b: list[Hashable]) -> list[tuple[int, int, int]]:
    """Runs of equal items as (start in a, start in b, length), in order."""
    head, tail = equal_ends(a, b)
    runs = [(0, 0, head)] if head else []
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if middle_a and middle_b and len(middle_a) + len(middle_b) <= _MOST:
        blocks = SequenceMatcher(None, middle_a, middle_b, autojunk=False).get_matching_blocks()
        runs += [(head + i, head + j, length) for i, j, length in blocks if length]
    if tail:
        runs.append((len(a) - tail, len(b) - tail, tail))
    return runs
