"""PyTorch's caching allocator, replayed: what a device reserves for the tensors of a run.

Requests are rounded to 512 bytes. Those up to 1 MiB are cut from segments of 2 MiB, larger ones
from segments of 20 MiB, and from 10 MiB on each gets a segment of its own, in steps of 2 MiB. The
smallest free block that is large enough is taken and split if enough is left; freed neighbours
merge; segments are never given back (c10/cuda/CUDACachingAllocator.cpp, default settings).
"""

from collections.abc import Callable, Iterable, MutableSequence
from functools import partial
from itertools import chain, islice
from operator import invert

from convcalc.memory.columns import column
from convcalc.memory.free_blocks import NONE, FreeBlocks
from convcalc.memory.trace import STATE, Trace
from convcalc.records import NamedTuple

_ROUND = 512
_SMALL = 1 << 20  #: the largest small request
_SMALL_SEGMENT = 2 << 20
_LARGE_SEGMENT = 20 << 20
_OWN_SEGMENT = 10 << 20  #: from here on a request has a segment of its own
_STEP = 2 << 20

#: Makes empty columns.
Columns = Callable[[], MutableSequence[int]]


class Reserved(NamedTuple):
    """The largest numbers of bytes during a run, from tight to what the device shows."""

    rounded: int
    """Requests rounded to 512 bytes."""
    allocated: int
    """Blocks in use, with what could not be split off."""
    reserved: int
    """Segments."""


class Allocator:
    """The allocator's state between requests. Blocks are numbers, what is known of them columns."""

    def __init__(self, columns: Columns = list, numbers: Columns = list) -> None:
        self._address, self._size = columns(), columns()
        self._before, self._after = numbers(), numbers()
        self._pools = FreeBlocks(self._address, _SMALL + 1), FreeBlocks(self._address, _ROUND)
        """Free blocks of large and of small requests."""
        self._small, self._free = bytearray(), bytearray()
        self._unused = numbers()
        """Numbers of blocks that are no more."""
        self._end = 0
        self.allocated = 0
        self.reserved = 0

    def take(self, size: int) -> int:
        """Allocate a number of bytes that is a multiple of 512; gives the block."""
        small = size <= _SMALL
        pool = self._pools[small]
        block = pool.take(size)
        if block < 0:
            return self._from_a_segment(size, small)
        sizes = self._size
        rest = sizes[block] - size
        if rest < pool.least:
            self._free[block] = False
            self.allocated += sizes[block]
            return block
        before = self._before[block]
        part = self._block(self._address[block] - size, size, small, before, block)
        if before >= 0:
            self._after[before] = part
        self._before[block], sizes[block] = part, rest
        self.allocated += size
        return part

    def _from_a_segment(self, size: int, small: bool) -> int:
        """The block of a request that needs a new segment."""
        whole, pool = _segment(size), self._pools[small]
        rest = whole - size
        if rest < pool.least:
            size, rest = whole, 0
        block = self._block(self._end, size, small, NONE, NONE)
        if rest:
            other = self._block(self._end + size, rest, small, block, NONE)
            self._after[block] = other
            self._free[other] = True
            pool.enter(other, rest)
        self._end += whole
        self.reserved += whole
        self.allocated += size
        return block

    def keep(self, size: int) -> None:
        """Allocate bytes that are never freed: no block need be remembered."""
        block = self.take(size)
        before, after = self._before[block], self._after[block]
        if before >= 0:
            self._after[before] = NONE
        if after >= 0:
            self._before[after] = NONE
        self._unused.append(block)

    def give(self, block: int) -> None:
        """Free a block; it merges with its free neighbours."""
        befores, afters, sizes, free = self._before, self._after, self._size, self._free
        size = sizes[block]
        self.allocated -= size
        before, after, pool = befores[block], afters[block], self._pools[self._small[block]]
        if before >= 0 and free[before]:
            address = self._address[block] = self._address[before]
            pool.leave(sizes[before], address)
            size += sizes[before]
            self._unused.append(before)
            before = befores[block] = befores[before]
            if before >= 0:
                afters[before] = block
        if after >= 0 and free[after]:
            pool.leave(sizes[after], self._address[after])
            size += sizes[after]
            self._unused.append(after)
            after = afters[block] = afters[after]
            if after >= 0:
                befores[after] = block
        sizes[block] = size
        free[block] = True
        pool.enter(block, size)

    def copy(self, columns: Columns, numbers: Columns) -> "Allocator":
        """The same state, apart, in columns of other kinds: of bytes, and of blocks' numbers."""
        other = Allocator(columns, numbers)
        large, small = self._pools
        other._pools = large.copy(other._address), small.copy(other._address)
        other._address.extend(self._address)
        other._size.extend(self._size)
        other._before.extend(self._before)
        other._after.extend(self._after)
        other._small, other._free = self._small[:], self._free[:]
        other._unused.extend(self._unused)
        other._end, other.allocated, other.reserved = self._end, self.allocated, self.reserved
        return other

    def _block(self, address: int, size: int, small: bool, before: int, after: int) -> int:
        """A new block, under a number that is free again if there is one."""
        if self._unused:
            block = self._unused.pop()
            self._address[block], self._size[block] = address, size
            self._before[block], self._after[block] = before, after
            self._small[block], self._free[block] = small, False
            return block
        self._address.append(address)
        self._size.append(size)
        self._before.append(before)
        self._after.append(after)
        self._small.append(small)
        self._free.append(False)
        return len(self._small) - 1


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
    return Replays(trace).at(batch)


class Replays:
    """A run put through the allocator for one batch after the other.

    What is there from the beginning whatever the batch, as parameters, is allocated once.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._fixed = _fixed(trace)
        """Events at the beginning that are the same for every batch."""
        self._first = Allocator()
        """After these."""
        self._now = 0
        """Bytes of the requests until then."""
        sizes, of = trace.of_alike(map(rounded, trace.sizes(0))), trace.of
        for event in islice(_whole(trace), self._fixed):
            self._first.keep(sizes[of[event]])
            self._now += sizes[of[event]]

    def at(self, batch: int) -> Reserved:
        """What one batch takes."""
        trace = self._trace
        sizes = trace.of_alike(map(rounded, trace.sizes(batch)))
        wide = trace.wide_columns(max(sizes, default=0))
        allocator = self._first.copy(wide, partial(column, trace.layers))
        take, give, of = allocator.take, allocator.give, trace.of
        begin, references = trace.begin, trace.references
        blocks = column(trace.layers, len(of))
        now = most_rounded = self._now
        most_allocated = allocator.allocated
        for event in islice(_whole(trace), self._fixed, None):
            if event >= 0:
                size = sizes[of[event]]
                if event >= begin or not references[event]:
                    blocks[event] = take(size)
                else:
                    allocator.keep(size)
                now += size
                if now > most_rounded:
                    most_rounded = now
                if allocator.allocated > most_allocated:
                    most_allocated = allocator.allocated
            else:
                give(blocks[~event])
                now -= sizes[of[~event]]
        return Reserved(most_rounded, most_allocated, allocator.reserved)


def _fixed(trace: Trace) -> int:
    """How many events at the beginning make what stays, of sizes whatever the batch."""
    begin, references, of = trace.begin, trace.references, trace.of
    grows = [bool(like.each) for like in trace.alike]
    stays = (
        0 <= event < begin and references[event] and not grows[of[event]] for event in _whole(trace)
    )
    return next((number for number, stay in enumerate(stays) if not stay), len(trace.events))


def _whole(trace: Trace) -> Iterable[int]:
    """All events since the process began.

    In the first step of training the optimizer's state is made late; before the second begins,
    scores and losses go, then the gradients of the parameters (set to none). Gradients of earlier
    micro-batches that a step has let go of, as half ones for their full copies, are made anew.
    """
    begin, first_state, events = trace.begin, trace.first_state, trace.events
    if not first_state:
        return events
    states = [like.role == STATE for like in trace.alike]
    return chain(
        (tensor for tensor in range(begin) if not states[trace.of[tensor]]),
        islice(events, begin, first_state),
        (tensor for tensor in range(begin) if states[trace.of[tensor]]),
        islice(events, first_state, None),
        map(invert, trace.leftovers()),
        (tensor for tensor in range(begin) if not trace.references[tensor]),
        islice(events, begin, None),
    )
