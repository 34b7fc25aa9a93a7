"""Blocks with several inputs and outputs: sequences of a region that repeat with their wiring."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.interop.fold.arguments import Arguments, Unifier
from convcalc.interop.fold.blocks import Scopes, block_name, forget, lines
from convcalc.interop.fold.regions import Region, RepeatedRun, regions
from convcalc.interop.fold.tree import Call, FoldedBlock, Read

_LONGEST = 80
_ROUNDS = 12
_TRIED = 12
_MOST_READ = 8
_LEAST_SAVED = 3

Volume = int | str


class _Candidate(NamedTuple):
    """Sequences that repeat: where, how many, and what they read from outside, place by place."""

    starts: list[int]
    length: int
    reads: list[tuple[Volume, ...]]
    arguments: Arguments


def widen(
    net: Region, scopes: Scopes, outputs: tuple[int, ...], taken: set[str]
) -> list[FoldedBlock]:
    """Replace what repeats in the regions of a net by calls; the blocks.

    Args:
        net: the net, whose layers are folded already.
        scopes: the modules around its layers.
        outputs: nodes that are read from outside.
        taken: names of blocks.
    """
    found: list[FoldedBlock] = []
    for region in list(regions(net)):
        ends = sum(len(block.ends) for block in found)
        widening = _Widening(region, scopes, outputs, ends)
        found += widening.fold(taken | {block.name for block in found})
    if found:
        forget(net)
    return found


class _Widening:
    """The sequences of a region while those that repeat become calls."""

    def __init__(self, region: Region, scopes: Scopes, outputs: tuple[int, ...], ends: int) -> None:
        self.region = region
        self.scopes = scopes
        self.outputs = set(outputs)
        #: names given to ends, over the whole net
        self.ends = ends

    def fold(self, taken: set[str]) -> list[FoldedBlock]:
        """Replace what repeats, the best first; the blocks."""
        found: list[FoldedBlock] = []
        while len(found) < _ROUNDS:
            best = self.best()
            if best is None:
                break
            found.append(self.replace(best, taken | {block.name for block in found}))
        return found

    def best(self) -> _Candidate | None:
        """What saves most lines."""
        runs = self.region.runs
        heights = [sum(map(lines, run.elements)) for run in runs]
        rough = []
        for length, starts in self.repeated():
            height = sum(heights[starts[0] : starts[0] + length])
            saved = (len(starts) - 1) * height - len(starts) - 3
            if saved >= _LEAST_SAVED:
                rough.append((saved, length, starts))
        rough.sort(key=lambda candidate: (-candidate[0], candidate[1]))
        best: tuple[int, _Candidate] | None = None
        for saved, length, starts in rough[:_TRIED]:
            if best is not None and saved <= best[0]:
                break
            tried = self.tried(length, starts)
            if tried is None:
                continue
            height = sum(heights[starts[0] : starts[0] + length])
            gain = (len(tried.starts) - 1) * height - len(tried.starts) - 3
            if gain >= _LEAST_SAVED and (best is None or gain > best[0]):
                best = gain, tried
        return best[1] if best else None

    def repeated(self) -> Iterator[tuple[int, list[int]]]:
        """Windows of sequences that are alike with their inner wiring, and that do not overlap."""
        runs = self.region.runs
        made = self.region.makers()
        numbers: dict[object, int] = {}
        keys = [
            numbers.setdefault((tuple(e.key for e in r.elements), len(r.reads)), len(numbers))
            for r in runs
        ]
        volumes = [[made.get(v, (-1, "")) for v in run.volumes] for run in runs]
        alike = dict.fromkeys(range(len(runs)), 0)  # by start what the window so far is
        for length in range(1, _LONGEST + 1):
            windows: dict[int, list[int]] = {}
            for start, before in alike.items():
                at = start + length - 1
                if at == len(runs):
                    continue
                inner = tuple(
                    (at - maker, name) if maker >= start else None for maker, name in volumes[at]
                )
                windows.setdefault(hash((before, keys[at], inner)), []).append(start)
            several = {code: starts for code, starts in windows.items() if len(starts) > 1}
            alike = dict(sorted((start, code) for code in several for start in several[code]))
            for starts in several.values() if length > 1 else ():
                apart: list[int] = []
                for start in starts:
                    if not apart or start >= apart[-1] + length:
                        apart.append(start)
                if len(apart) > 1:
                    yield length, apart
            if not alike:
                break

    def tried(self, length: int, starts: list[int]) -> _Candidate | None:
        """A candidate with its arguments; None where there are too many."""
        runs = self.region.runs
        reads = [self.outside(runs[start : start + length]) for start in starts]
        first = _pattern(reads[0])
        fit = [i for i, found in enumerate(reads) if _pattern(found) == first]
        distinct = [tuple(dict.fromkeys(reads[i])) for i in fit]
        if len(fit) < 2 or len(distinct[0]) > _MOST_READ:
            return None
        alike = [Region(runs[starts[i] : starts[i] + length], 0) for i in fit]
        if len({_inner(region) for region in alike}) > 1:
            return None
        arguments = Unifier([region.slots for region in alike]).unify()
        if arguments is None:
            return None
        return _Candidate([starts[i] for i in fit], length, distinct, arguments)

    def outside(self, runs: list[RepeatedRun]) -> list[Volume]:
        """What sequences read that none of them makes, but for what the first goes on with."""
        own = {node for run in runs for node in (run.end, *dict(run.ends))}
        volumes = [v for run in runs for v in run.volumes if v not in own]
        return volumes[1:] if len(runs[0].reads) == 1 else volumes

    def replace(self, found: _Candidate, taken: set[str]) -> FoldedBlock:
        """Put calls in the place of what repeats."""
        runs = self.region.runs
        offsets = self.read_outside(found)
        self.ends += len(offsets)
        names = {at: f"y{self.ends - len(offsets) + i + 1}" for i, at in enumerate(offsets)}
        first = runs[found.starts[0] : found.starts[0] + found.length]
        elements = [element for run in first for element in run.elements]
        arguments = found.arguments
        words = [f"x{i + 1}" for i in range(len(found.reads[0]))]
        block = FoldedBlock(
            block_name(self.scopes.fit_of(elements)[1] or "stage", elements, taken),
            (*((word, None) for word in words), *arguments.params),
            [Region([_alone(first[0]), *first[1:]], 0)],
            arguments.exprs,
            tuple(zip(found.reads[0], (f"={word}" for word in words), strict=True)),
            _ends(first, names),
        )
        places = zip(found.starts, found.reads, arguments.calls, strict=True)
        for start, reads, values in sorted(places, key=lambda place: -place[0]):
            replaced = runs[start : start + found.length]
            inner = [element for run in replaced for element in run.elements]
            given = (*(Read(volume) for volume in reads), *values)
            call = Call(block, given, inner, inner[0].channels)
            own = replaced[0].reads if len(replaced[0].reads) == 1 else ()
            runs[start : start + found.length] = [RepeatedRun([call], own, _ends(replaced, names))]
        return block

    def read_outside(self, found: _Candidate) -> list[int]:
        """The sequences of a window that something outside reads, the last volume apart."""
        readers: dict[Volume, set[int]] = {}
        for at, run in enumerate(self.region.runs):
            for volume in run.volumes:
                readers.setdefault(volume, set()).add(at)
        offsets = set()
        for start in found.starts:
            inside = set(range(start, start + found.length))
            last = self.region.runs[start + found.length - 1].end
            for offset in range(found.length):
                run = self.region.runs[start + offset]
                for end in {run.end, *dict(run.ends)} - {last}:
                    if end in self.outputs or readers.get(end, set()) - inside:
                        offsets.add(offset)
        return sorted(offsets)


def _ends(runs: list[RepeatedRun], names: dict[int, str]) -> tuple[tuple[int, str], ...]:
    """The volumes of sequences by the names that those have, calls with several ends included."""
    found = []
    for at, name in names.items():
        found.append((runs[at].end, name))
        found += [(node, f"{name}.{inner}") for node, inner in runs[at].ends]
    return tuple(found)


def _pattern(volumes: list[Volume]) -> list[int]:
    """Which of the volumes are the same."""
    place: dict[Volume, int] = {}
    return [place.setdefault(volume, len(place)) for volume in volumes]


def _inner(region: Region) -> object:
    """What sequences are, with their inner wiring."""
    made = region.makers()
    return tuple(
        (tuple(e.key for e in run.elements), tuple(made.get(v) for v in run.volumes))
        for run in region.runs
    )


def _alone(run: RepeatedRun) -> RepeatedRun:
    """The first sequence of a block, which goes on with what reaches the block."""
    return run._replace(reads=()) if len(run.reads) == 1 else run
