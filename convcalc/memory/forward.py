"""The forward pass: volumes come and go with their readers.

A volume lives until its last reader has run; input and output of the running layer coexist. What
a layer keeps for its backward pass (training) stays beyond that.
"""

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.saved import NO_BYTES, Bytes, Saved
from convcalc.memory import trace as kind_of
from convcalc.memory.trace import FORWARD, Trace
from convcalc.shapes import Shape

#: A layer with running statistics also counts its batches, in an int64.
_COUNTER = 8


class Forward:
    """A forward pass over a network that could be sized, and where it left every volume."""

    def __init__(self, analysis: Analysis, training: bool) -> None:
        self.rows = analysis.rows
        self.network = analysis.network
        self.outputs = analysis.network.outputs
        self.width = analysis.settings.number_bytes
        self.training = training
        self.trace = Trace()
        self.volumes: list[int] = []
        """For every layer the tensor that holds its output."""
        self.images: dict[int, int] = {}
        """For every input its tensor."""
        self.parameters: dict[int, list[int]] = {}
        """For every layer with parameters of its own their tensors."""
        self.saved: list[Saved | None] = []
        self.tracked = _tracked(self.rows, self.outputs) if training else [False] * len(self.rows)
        """For every layer whether the loss's gradient comes through it."""
        self.own: dict[int, list[int]] = {}
        """By layer the tensors that it made in order to keep them."""
        self.known: dict[tuple[int, tuple[Shape, ...], bool], Saved] = {}

    def settle(self) -> None:
        """Make what is there before the run, the first tensors: parameters, buffers, inputs."""
        trace, width = self.trace, self.width
        made: list[tuple[str, int, int]] = []
        for step, row in enumerate(self.rows):
            own, layer = row.parameters, row.step.layer
            if own is None or layer is None or not (own.learned or own.buffers):
                continue
            first = len(made)
            for size in layer.parameter_tensors(own):
                made.append((kind_of.PARAMETER, step, size * width))
            self.parameters[step] = list(range(first, len(made)))
            if own.buffers:
                for size in (own.buffers // 2 * width, own.buffers // 2 * width, _COUNTER):
                    made.append((kind_of.BUFFER, step, size))
        trace.make_all(made)
        for step, row in enumerate(self.rows):
            if row.step.layer is None:
                self.images[step] = trace.make(kind_of.INPUT, step, self.size_of(step))

    def run(self) -> Trace:
        """Run every layer in order."""
        trace, volumes = self.trace, self.volumes
        trace.begin = len(trace.events)
        readers = [len(found) for found in self.network.readers()]
        idles = not self.training
        for step, row in enumerate(self.rows):
            layer = row.step.layer
            if layer is None:
                trace.references[self.images[step]] += readers[step]
                volumes.append(self.images[step])
                self.saved.append(None)
                continue
            inputs = row.step.inputs
            saved = self._saved_by(row, layer)
            self.saved.append(saved)
            if row.in_place or (idles and layer.identity_in_inference):
                volume = volumes[inputs[0]]
                trace.references[volume] += 1 + readers[step]
            else:
                size = self.size_of(step)
                volume = trace.make(kind_of.VOLUME, step, size, references=1 + readers[step])
            volumes.append(volume)
            if self.training:
                self._keep(step, row, volume, saved)
                passing = saved.forward
            else:
                passing = saved.inference
            if passing is not NO_BYTES:
                trace.pass_through(step, passing)
            for source in inputs:
                trace.release(volumes[source])
            trace.release(volume)
            trace.mark(FORWARD, step)
        if not trace.marks:  # no layers: the input is all there is
            trace.mark(FORWARD, 0)
        return trace

    def _saved_by(self, row: Row, layer: Layer) -> Saved:
        key = (id(layer), row.inputs, row.in_place)
        found = self.known.get(key)
        if found is None:
            assert row.step.output is not None, "only a network that could be sized is run"
            found = self.known[key] = layer.saved_for_backward(
                row.inputs[: len(row.step.inputs)], row.step.output, row.in_place, self.width
            )
        return found

    def _keep(self, step: int, row: Row, volume: int, saved: Saved) -> None:
        """Keep what the layer needs for its backward pass.

        One that overwrites the input it keeps has copied it first.
        """
        trace = self.trace
        if not self.tracked[step]:
            for size in saved.kept:
                trace.pass_through(step, size)
            return
        own = saved.kept
        for position in saved.inputs:
            source = row.step.inputs[position]
            if row.in_place and not position:
                own = (Bytes(self.size_of(source)), *own)
            else:
                trace.keep(self.volumes[source], step)
        if saved.output:
            trace.keep(volume, step)
        if own:
            self.own[step] = [trace.make_kept(step, size) for size in own]

    def size_of(self, step: int) -> int:
        """Bytes of a layer's output for one image."""
        return (self.rows[step].activations or 0) * self.width


def inference(analysis: Analysis) -> Trace:
    """The trace of a forward pass of a network in use; the images are the caller's and stay."""
    forward = Forward(analysis, False)
    forward.settle()
    return forward.run()


def _tracked(rows: tuple[Row, ...], outputs: tuple[int, ...]) -> list[bool]:
    """Layers between learned parameters and the loss."""
    learning: list[bool] = []
    for row in rows:
        shared = row.step.shares is not None
        own = shared or bool(row.params)
        learning.append(own or any(learning[source] for source in row.step.inputs))
    leading = [False] * len(rows)
    for output in outputs:
        leading[output] = True
    for step in range(len(rows) - 1, -1, -1):
        if leading[step]:
            for source in rows[step].step.inputs:
                leading[source] = True
    return [a and b for a, b in zip(learning, leading, strict=True)]
