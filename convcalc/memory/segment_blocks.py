"""The blocks that plans of checkpointing are made of: what each needs, holds and runs again."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from convcalc.memory.segment_costs import Costs

#: Cuts that are tried at most.
_MOST_CUTS = 80


class Block(NamedTuple):
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


class Blocks:
    """All blocks of a network, worked out once for every search and limit: by where they begin."""

    def __init__(
        self, costs: Costs, watch: Callable[[int, int], None] = lambda done, total: None
    ) -> None:
        """`watch` is called with the cuts that are done, of how many."""
        self.costs = costs
        self.cuts = cuts(costs)
        self.positions = max(len(costs.layers) - costs.first - 1, 0)
        """Where segments could begin or end, whether tried or not."""
        self.many: list[list[Block]] = []
        """With what the neighbouring block saves as shared: right for many segments."""
        self.few: list[list[Block]] = []
        """With what any layer before saves as shared: right for few segments."""
        self._early = [
            all(tensor in layer.reads for tensor in layer.saved) for layer in costs.layers
        ]
        """Of each layer whether it saves only what is there before its output: that is not run
        again."""
        saved = {tensor for layer in costs.layers[: self.cuts[0]] for tensor in layer.saved}
        near = set[int]()
        for number in range(len(self.cuts) - 1):
            watch(number, len(self.cuts) - 1)
            many, few = list[Block](), list[Block]()
            # the plain one, then segments, the shortest first
            for most, segment in ((number + 1, False), (len(self.cuts) - 1, True)):
                for block, shared in self._grown(number, most, segment, near, saved):
                    many.append(block)
                    few.append(block if shared == block.shared else block._replace(shared=shared))
            self.many.append(many)
            self.few.append(few)
            first, end = self.cuts[number : number + 2]
            near = {tensor for layer in costs.layers[first:end] for tensor in layer.saved}
            saved = saved | near

    def _grown(
        self, begin: int, most: int, segment: bool, near: set[int], before: set[int]
    ) -> Iterator[tuple[Block, int]]:
        """A block that grows layer by layer from one cut to another, at every cut on its way.

        Beside it the bytes that it shares with any layer before; those that it has itself it shares
        with the block right before it. `near` and `before` are what those save.
        """
        layers, sizes, early = self.costs.layers, self.costs.sizes, self._early
        base, first, end = self.costs.base, self.cuts[begin], begin + 1
        outside, made, kept = set[int](), set[int](), set[int]()
        inside = needs = holds = shared = far = again = running = work = redone = 0
        for step in range(first, self.cuts[most]):
            layer = layers[step]
            held = [t for t in layer.reads if t not in made] if segment else []
            made.add(layer.makes)
            for tensor in layer.saved:
                if tensor in layer.reads and tensor not in made:
                    held.append(tensor)
                elif tensor not in kept:
                    kept.add(tensor)
                    inside += sizes[tensor]
            for tensor in held:
                if tensor not in outside:
                    outside.add(tensor)
                    size = sizes[tensor]
                    holds += size
                    shared += size if tensor in near else 0
                    far += size if tensor in before else 0
            if layer.backward:
                needs = max(needs, layer.backward + inside)
            stopped = max(running, base + inside)
            running = max(running, layer.forward + inside)
            if layer.saved:  # so far it would be run again, up to here
                again = (stopped if early[step] else running) + max(layer.begins - base, 0)
                redone = work + (0 if early[step] else layer.macs + layer.numbers)
            work += layer.macs + layer.numbers
            if step + 1 < self.cuts[end]:
                continue
            if not segment:
                yield Block(needs + holds, holds + inside, shared, 0, end, False, begin), far
            elif again:
                most_needed = max(needs, again) + holds
                yield Block(most_needed, holds, shared, redone, end, True, begin), far
            end += 1


def cuts(costs: Costs) -> tuple[int, ...]:
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
