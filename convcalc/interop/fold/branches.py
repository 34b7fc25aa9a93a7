"""What runs in parallel: merges with the branches that lead to them, and regions by dominators."""

from heapq import heapify, heappop, heappush

from convcalc.interop.flat import Flat
from convcalc.interop.fold.regions import Join, Region, RepeatedRun
from convcalc.interop.fold.tree import Element, Leaf, Merge, Read

_LONGEST_BRANCH = 400
_LONGEST_REGION = 600
_MOST_VISITED = 200_000  #: elements that are looked at in search of regions, in a whole net
_DEEPEST = 5  #: merges inside each other that can still be read
_MOST_LEVELS = 32  #: regions inside each other: what is around these stays as it is
_MOST_READ = 2  #: volumes that a merge inside a sequence reads by name


class Reduction:
    """A graph of elements that shrinks: every merge with its branches becomes one of them."""

    def __init__(self, flat: Flat, joins: bool = False) -> None:
        self.flat = flat
        #: sequences go on through a merge that reads others by name
        self.joins = joins
        #: how many elements may still be looked at: what is no region then stays as it is
        self.left = _MOST_VISITED
        items = flat.items
        self.elements: dict[int, Element | None] = {}
        self.inputs: dict[int, list[int]] = {}
        self.readers: dict[int, list[int]] = {i: [] for i in range(len(items))}
        self.fixed = set(flat.outputs)
        shared = {item.shares for item in items} | {
            i for i, item in enumerate(items) if item.shares is not None
        }
        named = {item.like for item in items}
        #: by element the layers inside that lend their weights, and those of which it has them
        self.lend: dict[int, set[int]] = {i: {i} & shared for i in range(len(items))}
        self.borrow: dict[int, set[int]] = {i: set() for i in range(len(items))}
        for i, item in enumerate(items):
            self.inputs[i] = list(item.inputs)
            for j in item.inputs:
                self.readers[j].append(i)
            if item.layer is None:
                self.elements[i] = None
                continue
            first = items[item.inputs[0]].output
            leaf = Leaf(i, item, first[-1] if first else 0)
            if i in shared or i in named:
                leaf.name = item.name
            if i in shared:
                leaf.weights = "" if item.shares is None else items[item.shares].name
            if item.shares is not None:
                self.borrow[i].add(item.shares)
            self.elements[i] = leaf

    def reduce(self) -> None:
        """Every merge that can be."""
        for i in list(self.elements):
            element = self.elements.get(i)
            if isinstance(element, Leaf) and element.layer.merges:
                self.merge(i, element)
        changed = True
        rounds = 0
        while changed and rounds < 50:
            changed = False
            rounds += 1
            for i in list(self.elements):
                element = self.elements.get(i)
                if not isinstance(element, Leaf) or not element.layer.merges:
                    continue
                if len(self.inputs[i]) < 2:
                    continue
                if self.merge(i, element) or self.region(i):
                    changed = True

    def merge(self, i: int, element: Leaf) -> bool:
        """Branches that end at a merge and start at one volume."""
        chains: list[list[int]] = []
        starts = set()
        for source in self.inputs[i]:
            chain: list[int] = []
            at = source
            while self.passes(at) and len(chain) < _LONGEST_BRANCH:
                chain.append(at)
                at = self.inputs[at][0]
            chains.append(chain[::-1])
            starts.add(at)
        if len(starts) != 1:
            return False
        return self.merged(i, element, chains, starts.pop())

    def passes(self, at: int) -> bool:
        """Whether an element is part of a chain: one reader, one input, no output."""
        return (
            self.elements[at] is not None
            and len(self.readers[at]) == 1
            and len(self.inputs[at]) == 1
            and at not in self.fixed
        )

    def merged(self, i: int, element: Leaf, chains: list[list[int]], start: int) -> bool:
        """Replace a merge and its branches by one element after `start`."""
        branches: list[list[Element]] = []
        for chain in chains:
            found = [self.elements[j] for j in chain]
            branches.append([e for e in found if e is not None])
        channels = self.channels(start)
        merge = Merge(i, element.layer, branches, channels)
        if element.name or element.weights or merge.depth > _DEEPEST:
            return False
        if not self.keeps_owners([j for chain in chains for j in chain], i):
            return False
        for chain in chains:
            for j in chain:
                del self.elements[j], self.inputs[j], self.readers[j]
        gone = {j for chain in chains for j in chain}
        self.elements[i] = merge
        self.inputs[i] = [start]
        left = [j for j in self.readers[start] if j not in gone and j != i]
        self.readers[start] = [*left, i]
        return True

    def keeps_owners(self, written: list[int], end: int) -> bool:
        """Whether layers stay behind those whose weights they use, written in this order in `end`.

        Branches are written by what a merge reads, not by when they run.
        """
        borrow: set[int] = set()
        for at in written:
            if borrow & self.lend[at]:
                return False
            borrow |= self.borrow[at]
        self.borrow[end], self.lend[end] = borrow, set().union(*(self.lend[at] for at in written))
        return True

    def channels(self, at: int) -> int:
        """The channels of what an element makes."""
        shape = self.flat.items[at].output
        return shape[-1] if shape else 0

    def region(self, end: int) -> bool:
        """All that lies between a merge and the element that every path to it comes through."""
        inside: set[int] = {end}
        waiting = [-j for j in set(self.inputs[end])]  # what the inside reads, the latest first
        heapify(waiting)
        seen = set(self.inputs[end])
        head = -1
        # walk up until one element alone is left to enter through
        while waiting:
            self.left -= 1
            if self.left < 0:
                return False
            if len(waiting) == 1 and inside.issuperset(self.readers[-waiting[0]]):
                head = -waiting[0]
                break
            latest = -heappop(waiting)
            if self.elements[latest] is None or len(inside) > _LONGEST_REGION:
                return False
            # the latest come first: what reads this one is inside by now, or never will be
            if latest in self.fixed or not inside.issuperset(self.readers[latest]):
                return False
            inside.add(latest)
            for j in self.inputs[latest]:
                if j not in seen:
                    seen.add(j)
                    heappush(waiting, -j)
        if head < 0:
            return False
        if self.passes_into(head):
            inside.add(head)
        return self.gathered(sorted(inside), end)

    def passes_into(self, head: int) -> bool:
        """Whether the element before a region has one input and may be its first layer."""
        element = self.elements[head]
        return (
            isinstance(element, Leaf)
            and not element.layer.merges
            and len(self.inputs[head]) == 1
            and head not in self.fixed
        )

    def gathered(self, nodes: list[int], end: int) -> bool:
        """Replace the elements of a region by one."""
        inside = set(nodes)
        start = sorted({j for node in nodes for j in self.inputs[node]} - inside)
        if nodes[-1] != end or len(start) != 1 or len(nodes) < 3:
            return False
        if max(e.levels for node in nodes if (e := self.elements[node])) >= _MOST_LEVELS:
            return False
        region = Region(self.runs(nodes, {start[0]: -1}), self.channels(start[0]))
        for lists in (self.lend, self.borrow):
            lists[end] = set().union(*(lists[node] for node in nodes))
        for node in nodes[:-1]:
            del self.elements[node], self.inputs[node], self.readers[node]
        self.elements[end] = region
        self.inputs[end] = start
        left = [k for k in self.readers[start[0]] if k not in inside]
        self.readers[start[0]] = [*left, end]
        return True

    def runs(self, nodes: list[int], outside: dict[int, int | str]) -> list[RepeatedRun]:
        """Nodes as sequences: as long as each is all that the next reads, and read by it alone.

        Where `joins`, the next may be a merge that reads others too.
        """
        inside = set(nodes)
        found: list[RepeatedRun] = []
        made: dict[int, int] = {}
        for node in nodes:
            if node in made:
                continue
            elements: list[Element] = []
            at = node
            before = -1
            while True:
                elements.append(self.element(at, before, outside))
                made[at] = len(found)
                after = self.next_of(at, inside)
                if after is None or after in made:
                    break
                before, at = at, after
            reads = tuple(outside.get(j, j) for j in self.inputs[node])
            found.append(RepeatedRun(elements, reads))
        return _in_order(found)

    def next_of(self, at: int, inside: set[int]) -> int | None:
        """The element that goes on where one ends."""
        (reader, *others) = self.readers[at] or [-1]
        if others or at in self.fixed or reader not in inside:
            return None
        reads = self.inputs[reader]
        if len(reads) == 1:
            return reader
        element = self.elements[reader]
        if not self.joins or len(reads) > _MOST_READ + 1 or not isinstance(element, Leaf):
            return None
        if element.name or element.weights:
            return None
        last = max(
            j for j in reads if self.readers[j] == [reader] and j in inside and j not in self.fixed
        )
        return reader if last == at else None

    def element(self, at: int, before: int, outside: dict[int, int | str]) -> Element:
        """An element of a sequence, after another one: a merge reads others by name."""
        found = self.elements[at]
        assert found is not None, "inputs are in no sequence"
        reads = self.inputs[at]
        if before < 0 or len(reads) == 1:
            return found
        assert isinstance(found, Leaf), "other elements read one volume"
        place = reads.index(before)
        others = tuple(Read(outside.get(j, j)) for j in (*reads[:place], *reads[place + 1 :]))
        return Join(at, found.layer, place, others, found.channels)


def _in_order(runs: list[RepeatedRun]) -> list[RepeatedRun]:
    """Each after those that it reads, otherwise as they are."""
    place = {run.end: at for at, run in enumerate(runs)}
    readers: list[list[int]] = [[] for _ in runs]
    missing = [0] * len(runs)
    for at, run in enumerate(runs):
        for source in {place[v] for v in run.volumes if isinstance(v, int) and v in place}:
            readers[source].append(at)
            missing[at] += 1
    ready = [at for at, count in enumerate(missing) if not count]
    found = []
    while ready:
        at = heappop(ready)
        found.append(runs[at])
        for reader in readers[at]:
            missing[reader] -= 1
            if not missing[reader]:
                heappush(ready, reader)
    return found


def reduced(flat: Flat, joins: bool = False) -> Region:
    """The whole net as sequences with as much as can be in branches.

    `joins`: sequences go on through merges that read others by name.
    """
    reduction = Reduction(flat, joins)
    reduction.reduce()
    inputs: dict[int, int | str] = {
        i: item.name for i, item in enumerate(flat.items) if item.layer is None
    }
    nodes = [i for i in sorted(reduction.elements) if reduction.elements[i] is not None]
    return Region(reduction.runs(nodes, inputs), 0)
