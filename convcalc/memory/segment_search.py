"""The cheapest segments under a limit of memory, by dynamic programming over where to cut.

Front to back: what the blocks before a cut hold is all that the blocks after it see of them. A
block is a segment, or a stretch between neighbouring cuts that saves as usual. Of the plans up to
a cut only those stay that hold less or compute less than every other (Pareto). With every position
a cut this is optimal for chains of volumes among plans that run a segment once more, given the
costs; nested segments (Rotor, arXiv:1911.13214) are not considered.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from convcalc.memory.segment_costs import Costs
from convcalc.memory.segments import Span

#: Cuts that are tried at most, and plans that are kept at a cut.
_MOST_CUTS, _MOST_PLANS = 80, 20


class _Block(NamedTuple):
    """A stretch of layers between two cuts, checkpointed or not."""

    needs: int
    """Bytes that it needs beside what the blocks before it hold."""
    holds: int
    """Bytes that it holds for the backward pass."""
    shared: int
    """Of those, bytes that the block right before it holds already if that is a plain one."""
    work: int
    """What it computes again for one image: multiply-accumulates, and numbers written."""
    end: int
    segment: bool
    begin: int


#: A way to a cut: bytes held, work done again, whether the last block is a plain one, the block
#: and the way to where it begins. Plain tuples: thousands of them are made for a limit.
_Plan = tuple[int, int, bool, "_Block | None", "_Plan | None"]
_START: _Plan = (0, 0, True, None, None)


class Search:
    """All blocks of a network, worked out once for every limit.

    Where several volumes cross a cut, how much of what a block holds is held before it depends on
    all blocks before: `sharing` takes whatever any layer before saves (right for few segments),
    otherwise what the neighbouring block saves (right for many).
    """

    def __init__(
        self,
        costs: Costs,
        sharing: bool,
        watch: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """`watch` is called with the cuts that are done, of how many."""
        self.costs = costs
        self._sharing = sharing
        self.cuts = _cuts(costs)
        self.positions = max(len(costs.layers) - costs.first - 1, 0)
        """Where segments could begin or end, whether tried or not."""
        self._blocks: list[list[_Block]] = []
        for number in range(len(self.cuts) - 1):
            watch(number, len(self.cuts) - 1)
            self._blocks.append(self._from(number))
        self._least_rest, self._plain_rest = self._rests()

    def best(self, limit: int) -> tuple[Span, ...] | None:
        """The segments that compute least within a limit of bytes; None where none is."""
        fronts: list[list[_Plan]] = [[] for _ in self.cuts]
        fronts[0] = [_START]
        most = [limit - rest for rest in self._least_rest]
        for number, blocks in enumerate(self._blocks):
            front, free = fronts[number], limit - self._plain_rest[number]
            plans = _pareto([p for p in front if p[2]], free)
            for plan in plans + _pareto([p for p in front if not p[2]], free):
                held, work, plain = plan[:3]
                room = limit - held
                for block in blocks:
                    needs, holds, shared, more, end, segment, _ = block
                    then = held + holds
                    if plain:
                        needs -= shared
                        then -= shared
                    if needs <= room:
                        if then <= most[end]:
                            fronts[end].append((then, work + more, not segment, block, plan))
                    elif segment and needs + held > room + then:
                        break  # longer segments need more
        if not fronts[-1]:
            return None
        found, way = [], min(fronts[-1], key=lambda plan: plan[1::-1])
        while way[3] is not None and way[4] is not None:
            if way[3].segment:
                found.append((self.cuts[way[3].begin], self.cuts[way[3].end] - 1))
            way = way[4]
        return tuple(reversed(found))

    def _rests(self) -> tuple[list[int], list[int]]:
        """What the blocks from every cut on need beside what those before it hold.

        First the least of any plan (no plan that holds more gets through), then what they need if
        all are plain (no plan that holds less gets any cheaper).
        """
        least, plain = [0] * len(self.cuts), [0] * len(self.cuts)
        after = 0
        for number in reversed(range(len(self._blocks))):
            blocks = self._blocks[number]
            least[number] = min(
                max(block.needs, block.holds + least[block.end]) - block.shared for block in blocks
            )
            plain[number] = max(blocks[0].needs, blocks[0].holds + after)
            after = plain[number] - blocks[0].shared
        return least, plain

    def least(self) -> int:
        """The smallest limit with a plan, within a hundredth."""
        low, high = 0, self.costs.peak
        while high - low > max(high // 128, 1):
            middle = (low + high) // 2
            if self._feasible(middle):
                high = middle
            else:
                low = middle
        return high

    def _feasible(self, limit: int) -> bool:
        """Whether any plan is within a limit, whatever it computes again."""
        least: list[dict[bool, int]] = [{} for _ in self.cuts]
        least[0] = {True: 0}
        for number, blocks in enumerate(self._blocks):
            for plain, held in least[number].items():
                for needs, holds, shared, _, end, segment, _ in blocks:
                    less = shared if plain else 0
                    if held + needs - less <= limit:
                        then = held + holds - less
                        if then < least[end].get(not segment, then + 1):
                            least[end][not segment] = then
        return bool(least[-1])

    def _from(self, number: int) -> list[_Block]:
        """The blocks that begin at a cut: the plain one, then segments, the shortest first."""
        return [*self._grown(number, number + 1, segment=False),
                *self._grown(number, len(self.cuts) - 1, segment=True)]  # fmt: skip

    def _grown(self, begin: int, most: int, segment: bool) -> Iterator[_Block]:
        """A block that grows layer by layer from one cut to another, at every cut on its way."""
        layers, sizes = self.costs.layers, self.costs.sizes
        first, end = self.cuts[begin], begin + 1
        start = 0 if self._sharing else self.cuts[max(begin - 1, 0)]
        before = {tensor for layer in layers[start:first] for tensor in layer.saved}
        outside, made, saved = set[int](), set[int](), set[int]()
        inside = needs = holds = shared = again = running = work = redone = 0
        for step in range(first, self.cuts[most]):
            layer = layers[step]
            held = [t for t in layer.reads if t not in made] if segment else []
            made.add(layer.makes)
            for tensor in layer.saved:
                if tensor in layer.reads and tensor not in made:
                    held.append(tensor)
                elif tensor not in saved:
                    saved.add(tensor)
                    inside += sizes[tensor]
            for tensor in held:
                if tensor not in outside:
                    outside.add(tensor)
                    holds += sizes[tensor]
                    shared += sizes[tensor] if tensor in before else 0
            if layer.backward:
                needs = max(needs, layer.backward + inside)
            stopped = max(running, self.costs.base + inside)
            running = max(running, layer.forward + inside)
            if layer.saved:  # so far it would be run again, up to here
                early = self._before_output(step)
                again = (stopped if early else running) + max(layer.begins - self.costs.base, 0)
                redone = work + (0 if early else layer.macs + layer.numbers)
            work += layer.macs + layer.numbers
            if step + 1 < self.cuts[end]:
                continue
            if not segment:
                yield _Block(needs + holds, holds + inside, shared, 0, end, False, begin)
            elif again:
                yield _Block(max(needs, again) + holds, holds, shared, redone, end, True, begin)
            end += 1

    def _before_output(self, step: int) -> bool:
        """Whether a layer saves only what is there before its output: it is not run again."""
        layer = self.costs.layers[step]
        return all(tensor in layer.reads for tensor in layer.saved)


def _pareto(plans: list[_Plan], free: int) -> list[_Plan]:
    """The plans that no other beats in both bytes held and compute; thinned out evenly.

    Of those that hold no more than `free` bytes the one that computes least is enough.
    """
    plans.sort(key=itemgetter(0, 1))
    found: list[_Plan] = []
    for plan in plans:
        if not found or plan[1] < found[-1][1]:
            if found and plan[0] <= free:
                found.pop()
            found.append(plan)
    if len(found) > _MOST_PLANS:
        step = (len(found) - 1) / (_MOST_PLANS - 1)
        found = [found[round(step * n)] for n in range(_MOST_PLANS)]
    return found


def _cuts(costs: Costs) -> tuple[int, ...]:
    """Where a segment may begin or end: the positions that the fewest volumes and bytes cross."""
    crossing: dict[int, list[tuple[int, int]]] = {}
    for count, size, step in _crossings(costs):
        crossing.setdefault(count, []).append((size, step))
    chosen: list[int] = []
    for count in sorted(crossing):
        alike, room = crossing[count], _MOST_CUTS - len(chosen)
        if not room:
            break
        least = sorted(alike)[: (room + 1) // 2]
        chosen += [step for _, step in least]
        taken = set(least)
        chosen += _spread([pair for pair in alike if pair not in taken], room - len(least))
    return (costs.first, *sorted(chosen), len(costs.layers))


def _crossings(costs: Costs) -> Iterator[tuple[int, int, int]]:
    """For every position between layers how many volumes cross it, their bytes, the layer after."""
    layers, sizes, first = costs.layers, costs.sizes, costs.first
    last_read: dict[int, int] = {}
    for step, layer in enumerate(layers):
        for tensor in layer.reads:
            last_read[tensor] = step
    alive = {layer.makes for layer in layers[:first] if layer.makes in last_read}
    live = sum(sizes[tensor] for tensor in alive)
    for step in range(first, len(layers)):
        layer = layers[step]
        if step > first:
            yield len(alive), live, step
        if layer.makes not in alive:
            alive.add(layer.makes)
            live += sizes[layer.makes]
        for tensor in (*layer.reads, layer.makes):
            if tensor in alive and last_read.get(tensor, -1) <= step:
                alive.remove(tensor)
                live -= sizes[tensor]


def _spread(positions: list[tuple[int, int]], most: int) -> list[int]:
    """So many of some positions, closer where more bytes cross."""
    if len(positions) <= most:
        return [step for _, step in positions]
    passed = list(accumulate(size for size, _ in positions))
    wanted = [passed[-1] * (2 * n + 1) // (2 * most) for n in range(most)]
    places = {min(bisect_left(passed, bytes_), len(passed) - 1) for bytes_ in wanted}
    return [positions[place][1] for place in places]
