"""PyTorch's caching allocator, replayed: what a device reserves for the tensors of a run.

Requests are rounded to 512 bytes. Those up to 1 MiB are cut from segments of 2 MiB, larger ones
from segments of 20 MiB, and from 10 MiB on each gets a segment of its own, in steps of 2 MiB. The
smallest free block that is large enough is taken and split if enough is left; freed neighbours
merge; segments are never given back (c10/cuda/CUDACachingAllocator.cpp, default settings).
"""

from bisect import bisect_left, insort

from convcalc.memory.trace import PARAMETER_GRADIENT, STATE, Trace
from convcalc.records import NamedTuple

_ROUND = 512
_SMALL = 1 << 20  #: the largest small request
_SMALL_SEGMENT = 2 << 20
_LARGE_SEGMENT = 20 << 20
_OWN_SEGMENT = 10 << 20  #: from here on a request has a segment of its own
_STEP = 2 << 20


class Reserved(NamedTuple):
    """The largest numbers of bytes during a run, from tight to what the device shows."""

    rounded: int
    """Requests rounded to 512 bytes."""
    allocated: int
    """Blocks in use, with what could not be split off."""
    reserved: int
    """Segments."""


#: A free block is known by one number, so that a pool sorts fast: size, then address.
_ADDRESSES = 1 << 60


class _Block:
    """A piece of a segment."""

    __slots__ = ("address", "after", "before", "free", "pool", "size")

    def __init__(self, address: int, size: int, pool: list[int]) -> None:
        self.address = address
        self.size = size
        self.pool = pool
        self.free = False
        self.before: _Block | None = None
        self.after: _Block | None = None


class Allocator:
    """The allocator's state between requests."""

    def __init__(self) -> None:
        self._small: list[int] = []
        self._large: list[int] = []
        """Free blocks of either pool, the smallest first."""
        self._at: dict[int, _Block] = {}
        """Free blocks by size and address."""
        self._end = 0
        self.allocated = 0
        self.reserved = 0

    def take(self, size: int) -> _Block:
        """Allocate a number of bytes that is a multiple of 512."""
        small = size <= _SMALL
        pool = self._small if small else self._large
        place = bisect_left(pool, size * _ADDRESSES)
        if place < len(pool):
            block = self._at.pop(pool.pop(place))
            block.free = False
        else:
            block = _Block(self._end, _segment(size), pool)
            self._end += block.size
            self.reserved += block.size
        rest = block.size - size
        if rest >= _ROUND if small else rest > _SMALL:
            self._split(block, size, rest)
        self.allocated += block.size
        return block

    def give(self, block: _Block) -> None:
        """Free a block; it merges with its free neighbours."""
        self.allocated -= block.size
        before, after = block.before, block.after
        if before is not None and before.free:
            self._leave(before)
            block.address = before.address
            block.size += before.size
            block.before = before.before
            if block.before is not None:
                block.before.after = block
        if after is not None and after.free:
            self._leave(after)
            block.size += after.size
            block.after = after.after
            if block.after is not None:
                block.after.before = block
        self._enter(block)

    def _split(self, block: _Block, size: int, left: int) -> None:
        rest = _Block(block.address + size, left, block.pool)
        rest.before, rest.after = block, block.after
        if rest.after is not None:
            rest.after.before = rest
        block.after, block.size = rest, size
        self._enter(rest)

    def _enter(self, block: _Block) -> None:
        block.free = True
        key = block.size * _ADDRESSES + block.address
        self._at[key] = block
        insort(block.pool, key)

    def _leave(self, block: _Block) -> None:
        key = block.size * _ADDRESSES + block.address
        del self._at[key]
        del block.pool[bisect_left(block.pool, key)]


def rounded(size: int) -> int:
    """A request as the allocator takes it.

    >>> rounded(1), rounded(512), rounded(513)
    (512, 512, 1024)
    """
    return -(-size // _ROUND) * _ROUND


def _segment(size: int) -> int:
    """The size of a new segment for a request."""
    if size <= _SMALL:
        return _SMALL_SEGMENT
    return _LARGE_SEGMENT if size < _OWN_SEGMENT else -(-size // _STEP) * _STEP


def replay(trace: Trace, batch: int) -> Reserved:
    """Put a run through the allocator, of training the first step and the second."""
    allocator = Allocator()
    take, give = allocator.take, allocator.give
    sizes = [rounded(size) for size in trace.sizes(batch)]
    blocks: dict[int, _Block] = {}
    now = most_rounded = most_allocated = 0
    for event in _whole(trace):
        if event >= 0:
            blocks[event] = take(sizes[event])
            now += sizes[event]
            if now > most_rounded:
                most_rounded = now
            if allocator.allocated > most_allocated:
                most_allocated = allocator.allocated
        else:
            give(blocks.pop(~event))
            now -= sizes[~event]
    return Reserved(most_rounded, most_allocated, allocator.reserved)


def _whole(trace: Trace) -> list[int]:
    """All events since the process began.

    In the first step of training the optimizer's state is made late; before the second begins,
    scores and losses go, then the gradients of the parameters (set to none).
    """
    begin, roles = trace.begin, trace.roles
    if not trace.first_state:
        return trace.events
    settled = [tensor for tensor in range(begin) if roles[tensor] != STATE]
    states = [tensor for tensor in range(begin) if roles[tensor] == STATE]
    left = trace.leftovers()
    left.sort(key=lambda t: (roles[t] == PARAMETER_GRADIENT, trace.steps[t], t))
    return [
        *settled,
        *trace.events[begin : trace.first_state],
        *states,
        *trace.events[trace.first_state :],
        *(~tensor for tensor in left),
        *trace.events[begin:],
    ]
