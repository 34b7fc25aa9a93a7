"""The cheapest segments under a limit of memory, by dynamic programming over where to cut.

Front to back: what the blocks before a cut hold is all that the blocks after it see of them. A
block is a segment, or a stretch between neighbouring cuts that saves as usual. Of the plans up to
a cut only those stay that hold less or compute less than every other (Pareto). With every position
a cut this is optimal for chains of volumes among plans that run a segment once more, given the
costs; nested segments (Rotor, arXiv:1911.13214) are not considered.
"""

from operator import itemgetter

from convcalc.memory.segment_blocks import Block, Blocks
from convcalc.memory.segments import Span

#: Plans that are kept at a cut.
_MOST_PLANS = 20


#: A way to a cut: bytes held, work done again, whether the last block is a plain one, the block
#: and the way to where it begins. Plain tuples: thousands of them are made for a limit.
_Plan = tuple[int, int, bool, "Block | None", "_Plan | None"]
_START: _Plan = (0, 0, True, None, None)


class Search:
    """Plans of the blocks of a network, for every limit.

    Where several volumes cross a cut, how much of what a block holds is held before it depends on
    all blocks before: `sharing` takes whatever any layer before saves (right for few segments),
    otherwise what the neighbouring block saves (right for many).
    """

    def __init__(self, blocks: Blocks, sharing: bool) -> None:
        self.peak = blocks.costs.peak
        self.cuts = blocks.cuts
        self.positions = blocks.positions
        """Where segments could begin or end, whether tried or not."""
        self._blocks = blocks.few if sharing else blocks.many
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
        low, high = 0, self.peak
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
