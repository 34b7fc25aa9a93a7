"""Rotor's dynamic program: the least compute within a memory, where segments may nest.

Beaumont, Eyraud-Dubois, Herrmann, Joly & Shilova, "Optimal checkpointing for heterogeneous
chains" (arXiv:1911.13214), on the costs of a plain step as `memory` records it. Stages s..t of a
chain are run and reversed within m bytes, the input of s among those held already:

    C(s, t, m) = min of
      C1: run s..s'-1 saving nothing (F_ck, F_none), then C(s', t, m - a[s'-1]), then C(s, s'-1, m)
      C2: run s saving all (F_all), then C(s+1, t, m - saved[s]), then the backward pass of s

`once` is the best without nesting: what C1 saved nothing of is run again saving all. As in the
paper a stage's backward pass needs its input, and memory is counted in slots, rounded up. Added to
it: parameters' gradients pile up, and recomputation stops early (as ``torch.utils.checkpoint``).
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy

from convcalc.analysis.record import Analysis
from convcalc.memory.segment_costs import Costs, costs
from convcalc.memory.trace import FORWARD
from convcalc.memory.training import trained

Row = numpy.ndarray[Any, numpy.dtype[numpy.float64]]
_SLOTS = 2000


class Stage(NamedTuple):
    """A stretch of layers that a single volume enters and a single one leaves; in bytes."""

    work: int
    """Multiply-accumulates, for one image."""
    again: int
    """Those of running it again as the last of a segment: it stops early."""
    output: int
    saved: int
    """What it saves, and its output: beside its input."""
    backward: int
    """Most live bytes of its backward pass, beside its input and what other stages hold."""
    begins: int
    """Bytes beside what is saved when its backward pass asks for what it saved."""
    first: int
    """Most live bytes of running it saving nothing, beside its input, which is held."""
    later: int
    """The same where its input is held for it alone."""
    saving: int
    """Most live bytes of running it saving all, beside its input."""


class Chain(NamedTuple):
    """A chain of stages, and the bytes that are there before a step."""

    stages: tuple[Stage, ...]
    base: int
    peak: int


def chain(analysis: Analysis) -> Chain:
    """The stages of a network between all positions that one saved volume crosses."""
    batch = analysis.settings.micro_batch
    found = costs(analysis, batch)
    trace = trained(analysis, batch, ())
    live, rises, start = trace.live(batch), dict[int, int](), trace.begin
    for phase, step, end in trace.marks:
        if phase == FORWARD and step >= 0:
            rises[step] = max(live[start:end], default=live[start - 1]) - live[start - 1]
        start = end
    cuts = _cuts(found)
    pairs = pairwise(cuts)
    stages = tuple(_stage(found, rises, first, end) for first, end in pairs)
    return Chain(stages, found.base, found.peak)


def _cuts(found: Costs) -> list[int]:
    """Where one volume crosses that somebody saves, and so is there in the backward pass."""
    layers = found.layers
    last = {tensor: step for step, layer in enumerate(layers) for tensor in layer.reads}
    kept = {tensor for layer in layers for tensor in layer.saved}
    cuts = [found.first]
    for step in range(found.first + 1, len(layers)):
        made = {layer.makes for layer in layers[:step]}
        crossing = {tensor for tensor in made if last.get(tensor, -1) >= step}
        if crossing == {layers[step - 1].makes} and crossing <= kept:
            cuts.append(step)
    return [*cuts, len(layers)]


def _stage(found: Costs, rises: dict[int, int], first: int, end: int) -> Stage:
    layers, sizes = found.layers[first:end], found.sizes
    given, made = layers[0].reads[0], layers[-1].makes
    saved: set[int] = set()
    work = again = backward = begins = plain = later = saving = 0
    alive: dict[int, int] = {}
    """Volumes made here that are read here once more, by their last reader."""
    for step, layer in enumerate(layers):
        rise, own = rises[first + step], layer.makes in layer.reads
        inside = sum(sizes[tensor] for tensor in alive)
        over = sizes[given] if own and given in layer.reads else 0  # not in place over what is held
        plain = max(plain, inside + rise + over)
        later = max(later, inside + rise + sizes[given])
        held = saved | alive.keys()
        saving = max(saving, sum(sizes[tensor] for tensor in held - {given}) + rise)
        saved |= set(layer.saved)
        bytes_saved = sum(sizes[tensor] for tensor in saved - {given})
        backward = max(backward, layer.backward + bytes_saved)
        if layer.saved:
            early = all(tensor in layer.reads for tensor in layer.saved)
            again = work + (0 if early else layer.macs)
            begins = layer.begins
        work += layer.macs
        alive[layer.makes] = max(
            (n for n, other in enumerate(layers) if layer.makes in other.reads), default=step
        )
        alive = {t: n for t, n in alive.items() if n > step and t != given}
    kept = (saved | {made}) - {given}
    base = found.base
    return Stage(
        work, again, sizes[made], sum(sizes[tensor] for tensor in kept), backward,
        max(begins - base, 0), base + plain, base + later, base + saving,
    )  # fmt: skip


class Rotor:
    """The least compute beyond one forward pass, for every memory up to the plain step's."""

    def __init__(self, given: Chain, nested: bool) -> None:
        self.stages, self.nested = given.stages, nested
        self.unit = given.peak / _SLOTS
        self._known: dict[tuple[int, int, bool], Row] = {}
        count = len(self.stages)
        for last in range(count):
            for first in range(last, -1, -1):
                if nested or last == count - 1:
                    self._known[first, last, True] = self._least(first, last, splits=True)
                if not nested:
                    self._known[first, last, False] = self._least(first, last, splits=False)

    def extra(self, memory: int) -> float:
        """What is computed again within so many bytes, infinite where nothing is within them."""
        slot = min(int(memory / self.unit), _SLOTS)
        total = sum(stage.work for stage in self.stages)
        return float(self._known[0, len(self.stages) - 1, True][slot]) - total

    def _slots(self, size: float) -> int:
        return min(max(-int(-size // self.unit), 0), _SLOTS + 1)

    def _least(self, first: int, last: int, splits: bool) -> Row:
        """C(first, last, m) for every m; `splits` says whether C1 is allowed."""
        stages, stage = self.stages, self.stages[first]
        top = last == len(stages) - 1
        context = 0 if top else stages[last].begins
        found = numpy.full(_SLOTS + 1, numpy.inf)
        if first == last:
            need = max(stage.saving + context, stage.backward)
            found[self._slots(need) :] = stage.work if top else stage.again
            return found
        need, rest = (
            max(stage.saving + context, stage.backward),
            self._known[first + 1, last, splits],
        )
        self._take(found, stage.work + _less(rest, self._slots(stage.saved)), need)
        if not splits:
            return found
        work, need = stage.work, stage.first
        for cut in range(first + 1, last + 1):
            right = _less(self._known[cut, last, True], self._slots(stages[cut - 1].output))
            left = self._known[first, cut - 1, self.nested]
            self._take(found, work + right + left, need + context)
            work += stages[cut].work
            need = max(need, stages[cut].later)
        return found

    def _take(self, found: Row, other: Row, need: float) -> None:
        begin = self._slots(need)
        numpy.minimum(found[begin:], other[begin:], out=found[begin:])


def _less(row: Row, slots: int) -> Row:
    """The same where so many slots are taken."""
    moved = numpy.full(len(row), numpy.inf)
    if slots < len(row):
        moved[slots:] = row[: len(row) - slots]
    return moved
