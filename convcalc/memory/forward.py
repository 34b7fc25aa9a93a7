"""The forward pass: volumes come and go with their readers.

A volume lives until its last reader has run; input and output of the running layer coexist. What
a layer saves for its backward pass (training) stays beyond that, but not inside a checkpointed
segment: its inputs are held once for all of it, and it is run again in the backward pass.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.saved import Bytes, Saved
from convcalc.memory import trace as kind_of
from convcalc.memory.beforehand import as_recorded, taken_apart, tracked
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.columns import column
from convcalc.memory.layer_tensors import LayerTensors, Tabulation
from convcalc.memory.parallel import CUT, gathered_bytes, shard_bytes
from convcalc.memory.parameters import tensor_bytes
from convcalc.memory.precisions import HALF
from convcalc.memory.trace import FORWARD, NO_STEP, Trace

if TYPE_CHECKING:
    from convcalc.memory.apart import Apart
    from convcalc.memory.segments import Segment

#: A layer with running statistics also counts its batches, in an int64.
_COUNTER = 8

#: The volumes that layers read, by the layer that made them.
Volumes = Mapping[int, int] | Sequence[int]

_NO_SEGMENTS: "tuple[Segment, ...]" = ()
_NOTHING_HELD: Mapping[int, tuple[int, ...]] = {}


class Forward:
    """A forward pass over a network that could be sized, and where it left every volume."""

    def __init__(
        self,
        analysis: Analysis,
        training: bool,
        segments: "tuple[Segment, ...]" = _NO_SEGMENTS,
        held: Mapping[int, tuple[int, ...]] = _NOTHING_HELD,
    ) -> None:
        self.settings = analysis.settings
        self.network = analysis.network
        self.rows = analysis.rows
        self.owners = analysis.network.owners()
        self.outputs = analysis.network.returned  # whose losses come in this order
        self.training = training
        self.tracked = tracked(analysis, training)
        """For every layer whether the loss's gradient comes through it."""
        self.table = Tabulation(analysis, training)
        self.segments = self._saving(segments)
        out_of_place = frozenset(s for segment in self.segments for s in segment.out_of_place)
        if out_of_place:
            self.table = Tabulation(analysis, training, out_of_place)
        self.layers = self.table.layers
        self.trace = Trace(len(self.rows))
        self.volumes = column(len(self.rows))
        """For every layer the tensor that holds its output."""
        self.images: dict[int, int] = {}
        """For every input its tensor."""
        self.parameters = ByLayer(len(self.rows))
        """For every layer with parameters of its own their tensors."""
        self.whole: dict[int, list[int]] = {}
        """Where those are shards: the bytes of the whole parameters."""
        self.gathered = -1
        """The tensor of whole parameters, where there are shards."""
        self.held = column(len(self.rows), len(self.rows)), column(len(self.rows), len(self.rows))
        """By layer where the tensors that it saved begin and end, among all that are kept."""
        self.cached: dict[int, list[int]] = {}
        """By owner the casts of its parameters, until autocast is left: weight, bias."""
        self.readers = analysis.network.times_read()
        self.held_until = held
        """By layer the volumes that are held until it is done: read by other parts of it."""
        for sources in held.values():
            for source in sources:
                self.readers[source] += 1

    def _saving(self, segments: "tuple[Segment, ...]") -> "tuple[Segment, ...]":
        """The segments whose layers save anything, with those layers; others are none."""
        found = []
        for segment in segments:
            savers = tuple(
                step
                for step in range(segment.first, segment.last + 1)
                if self.tracked[step] and (tensors := self.table.layers[step]) and tensors.saves
            )
            if savers:
                found.append(segment._replace(savers=savers))
        return tuple(found)

    def settle(self) -> None:
        """Make what is there before the run, the first tensors: parameters, buffers, inputs."""
        trace, width, settings = self.trace, self.table.number, self.settings
        cut = self.training and settings.shard in CUT and settings.gpus > 1
        for step, row in enumerate(self.rows):
            own, layer = row.parameters, row.step.layer
            if own is None or layer is None or not (own.learned or own.buffers):
                continue
            first = len(trace.of)
            sizes = tensor_bytes(own, layer.parameter_tensors(own), settings)
            if cut:
                self.whole[step], sizes = sizes, _shards(row, layer, sizes, settings.gpus)
            for size in sizes:
                trace.make(kind_of.PARAMETER, step, 0, size)
            self.parameters.put(step, range(first, len(trace.of)))
            if own.buffers:
                for size in (own.buffers // 2 * width, own.buffers // 2 * width, _COUNTER):
                    trace.make(kind_of.BUFFER, step, 0, size)
        for step, row in enumerate(self.rows):
            if row.step.layer is None:
                self.images[step] = trace.make(kind_of.INPUT, step, self.table.size_of(step))

    def run(self) -> Trace:
        """Run every layer in order."""
        trace, volumes, tracked = self.trace, self.volumes, self.tracked
        trace.begin = len(trace.events)
        if self.whole:
            size = gathered_bytes(self.settings, self.whole)
            self.gathered = trace.make(kind_of.GATHERED, NO_STEP, 0, size)
        starts = {segment.first: segment for segment in self.segments}
        last, inputs = -1, tuple[int, ...]()
        for step, row in enumerate(self.rows):
            if row.step.layer is None:
                trace.references[self.images[step]] += self.readers[step]
                volumes.append(self.images[step])
                continue
            if step in starts:
                last, inputs = starts[step].last, starts[step].inputs
                for source in inputs:  # by the segment and by the call
                    trace.references[volumes[source]] += 1
                    trace.keep(volumes[source], starts[step].savers[0])
            volumes.append(
                self.run_layer(step, row, volumes, self.readers[step],
                               saves=bool(tracked[step]) and step > last)
            )  # fmt: skip
            for source in self.held_until.get(step, ()):
                trace.release(volumes[source])
            if step == last:
                for source in inputs:
                    trace.release(volumes[source])
                inputs = ()
            trace.mark(FORWARD, step)
        if not len(self.rows) > len(self.images):  # no layers: the input is all there is
            trace.mark(FORWARD, 0)
        return trace

    def run_layer(
        self, step: int, row: Row, volumes: Volumes, readers: int, saves: bool, stops: bool = False
    ) -> int:
        """Run one layer and give the tensor of its output.

        Args:
            volumes: what its inputs are read from.
            readers: how often its output will be read.
            saves: whether it saves what its backward pass needs.
            stops: it stops as soon as all is saved that it saves, before its output is made.
        """
        trace, tensors, inputs = self.trace, self.layers[step], row.step.inputs
        assert tensors is not None, "inputs do not run"
        copies = self.cast_parameters(step) if tensors.casts_parameters else ()
        cast = trace.make(kind_of.CAST, step, tensors.cast) if tensors.cast else -1
        volume = -1
        if not stops:
            if tensors.view:
                volume = volumes[inputs[0]]
                trace.references[volume] += 1 + readers
            else:
                volume = trace.make(kind_of.VOLUME, step, tensors.size, references=1 + readers)
        if saves:
            self._save(step, tensors, volumes, volume, cast, copies)
            passing = tensors.saved.forward
        else:
            passing = self._unsaved(step, tensors)
        if (passing.each or passing.once) and not stops:
            trace.pass_through(step, passing)
        if cast >= 0:
            trace.release(cast)
        for source in inputs:
            trace.release(volumes[source])
        if volume >= 0:
            trace.release(volume)
        return volume

    def _unsaved(self, step: int, tensors: LayerTensors) -> Bytes:
        """What a layer makes for a moment where it saves nothing."""
        if not self.training:
            return tensors.inference
        return tensors.unsaved(copies=bool(self.tracked[step]))

    def cast_parameters(self, step: int) -> Sequence[int]:
        """The half copies of a layer's parameters, weight before bias; made once, bias first."""
        owner = self.owners[step]
        found = self.cached.get(owner)
        if found is None:
            trace, whole = self.trace, self.table.number
            found = [
                trace.make(kind_of.CAST, owner, 0, trace.once(tensor) // whole * HALF)
                for tensor in reversed(self.parameters[owner])
            ][::-1]
            self.cached[owner] = found
        return found

    def leave_autocast(self) -> None:
        """Let the cast parameters go, but for those that layers have saved."""
        for tensors in self.cached.values():
            for tensor in tensors:
                self.trace.release(tensor)
        self.cached = {}

    def _save(
        self,
        step: int,
        tensors: LayerTensors,
        volumes: Volumes,
        volume: int,
        cast: int,
        copies: Sequence[int],
    ) -> None:
        """Save what the layer needs for its backward pass.

        One that overwrites the input it saves has copied it first.
        """
        trace, saved, inputs = self.trace, tensors.saved, self.rows[step].step.inputs
        first = trace.keeps
        for position in saved.inputs:
            if not self._wanted(saved, inputs, position):
                continue
            if position or not tensors.copies:
                tensor = cast if cast >= 0 and not position else volumes[inputs[position]]
                trace.keep(tensor, step)
        if saved.output:
            trace.keep(volume, step)
        if copies and (self.tracked[inputs[0]] or not saved.needs_input_gradient):
            trace.keep(copies[0], step)
        if tensors.copies:
            trace.make_kept(step, Bytes(tensors.copies))
        for size in saved.kept:
            trace.make_kept(step, size)
        begins, ends = self.held
        begins[step], ends[step] = first, trace.keeps

    def _wanted(self, saved: Saved, inputs: Sequence[int], position: int) -> bool:
        """Whether an input is needed: a factor for the gradient of the other one."""
        return not saved.for_the_others or bool(self.tracked[inputs[not position]])

    def let_go(self, step: int) -> None:
        """A layer lets go of what it saved, if it has not before."""
        begins, ends = self.held
        first, end = begins[step], ends[step]
        if first < end:
            begins[step] = end
            self.trace.drop(step, self.trace.kept_between(first, end))


def inference(
    analysis: Analysis, taking_apart: "Callable[[Analysis], Apart | None]" = taken_apart
) -> Trace:
    """The trace of a forward pass of a network in use; the images are the caller's and stay."""
    if analysis.network.run is not None and as_recorded(analysis.settings):
        from convcalc.memory.recorded import recorded  # for networks of programs

        return recorded(analysis, analysis.network.run)
    apart = taking_apart(analysis)
    if apart is None:
        return run_inference(Forward(analysis, training=False))
    trace = run_inference(Forward(apart.analysis, training=False, held=apart.held))
    trace.renumber(apart.origin)
    return trace


def run_inference(forward: Forward) -> Trace:
    """The trace of a forward pass in use that has not begun."""
    forward.settle()
    trace = forward.run()
    if forward.cached:
        forward.leave_autocast()
        trace.mark_again()
    return trace


def _shards(row: Row, layer: Layer, sizes: list[int], gpus: int) -> list[int]:
    """Bytes of one rank's part of every parameter, cut along its first axis."""
    assert row.step.output is not None, "only a network that could be sized is run"
    arrays = layer.arrays(row.inputs[: len(row.step.inputs)], row.step.output)
    return [
        shard_bytes(size, array.shape[0], gpus) for size, array in zip(sizes, arrays, strict=False)
    ]
