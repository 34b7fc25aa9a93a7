"""The forward pass: volumes come and go with their readers.

A volume lives until its last reader has run; input and output of the running layer coexist. What
a layer keeps for its backward pass (training) stays beyond that.
"""

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.traffic import NO_BYTES, Traffic
from convcalc.memory import trace as kind_of
from convcalc.memory.trace import FORWARD, Trace
from convcalc.shapes import Shape

#: A layer with running statistics also counts its batches, in an int64.
_COUNTER = 8


class Forward:
    """A forward pass over a network that could be sized, and where it left every volume."""

    def __init__(self, analysis: Analysis, training: bool) -> None:
        self.rows = analysis.rows
        self.outputs = analysis.network.outputs
        self.width = analysis.settings.number_bytes
        self.training = training
        self.trace = Trace()
        self.volumes: list[int] = []
        """For every layer the tensor that holds its output."""
        self.parameters: dict[int, list[int]] = {}
        """For every layer with parameters of its own their tensors."""
        self.traffic: list[Traffic | None] = []
        self.tracked = _tracked(self.rows, self.outputs) if training else [False] * len(self.rows)
        """For every layer whether the loss's gradient comes through it."""
        self.extras: dict[int, list[int]] = {}
        """By layer the tensors that it made in order to keep them."""
        self.known: dict[tuple[int, tuple[Shape, ...], bool], Traffic] = {}

    def settle(self) -> None:
        """Make what is there before the run: parameters and buffers."""
        for step, row in enumerate(self.rows):
            own = row.parameters
            if own is None or not (own.learned or own.buffers) or row.step.layer is None:
                continue
            trace, width = self.trace, self.width
            self.parameters[step] = [
                trace.make(kind_of.PARAMETER, step, 0, size * width)
                for size in row.step.layer.parameter_tensors(own)
            ]
            if own.buffers:
                for size in (own.buffers // 2 * width, own.buffers // 2 * width, _COUNTER):
                    trace.make(kind_of.BUFFER, step, 0, size)

    def run(self) -> Trace:
        """Run every layer in order."""
        trace, volumes = self.trace, self.volumes
        readers = _readers(self.rows, self.outputs)
        for step, row in enumerate(self.rows):
            layer = row.step.layer
            size = (row.activations or 0) * self.width
            if layer is None:  # an input is the caller's: it stays
                volumes.append(trace.make(kind_of.INPUT, step, size, references=1 + readers[step]))
                self.traffic.append(None)
                continue
            inputs = row.step.inputs
            traffic = self._traffic_of(row, layer)
            self.traffic.append(traffic)
            if self._overwrites(step, row, layer, traffic):
                volume = volumes[inputs[0]]
                trace.references[volume] += 1 + readers[step]
            else:
                volume = trace.make(kind_of.VOLUME, step, size, references=1 + readers[step])
            volumes.append(volume)
            if self.training:
                self._keep(step, inputs, volume, traffic)
                passing = traffic.forward
            else:
                passing = traffic.inference
            if passing is not NO_BYTES:
                trace.pass_through(step, passing)
            for source in inputs:
                trace.release(volumes[source])
            trace.release(volume)
            trace.mark(FORWARD, step)
        return trace

    def _traffic_of(self, row: Row, layer: Layer) -> Traffic:
        key = (id(layer), row.inputs, row.in_place)
        found = self.known.get(key)
        if found is None:
            assert row.step.output is not None, "only a network that could be sized is run"
            found = self.known[key] = layer.traffic(
                row.inputs[: len(row.step.inputs)], row.step.output, row.in_place, self.width
            )
        return found

    def _overwrites(self, step: int, row: Row, layer: Layer, traffic: Traffic) -> bool:
        """Whether the layer makes no volume of its own.

        In training, one that keeps the input it would overwrite works on a copy.
        """
        if self.training:
            return row.in_place and not (0 in traffic.inputs and self.tracked[step])
        return row.in_place or layer.idle_in_inference

    def _keep(self, step: int, inputs: tuple[int, ...], volume: int, traffic: Traffic) -> None:
        trace = self.trace
        if not self.tracked[step]:
            for size in traffic.kept:
                trace.pass_through(step, size)
            return
        for position in traffic.inputs:
            trace.keep(self.volumes[inputs[position]], step)
        if traffic.output:
            trace.keep(volume, step)
        for size in traffic.kept:
            tensor = trace.make(kind_of.KEPT, step, *size)
            trace.keep(tensor, step)
            trace.release(tensor)
            self.extras.setdefault(step, []).append(tensor)


def inference(analysis: Analysis) -> Trace:
    """The trace of a forward pass of a network in use."""
    forward = Forward(analysis, training=False)
    forward.settle()
    return forward.run()


def _readers(rows: tuple[Row, ...], outputs: tuple[int, ...]) -> list[int]:
    """How often every layer's output is read; who takes an output of the net reads it."""
    readers = [0] * len(rows)
    for row in rows:
        for source in row.step.inputs:
            readers[source] += 1
    for output in outputs:
        readers[output] += 1
    return readers


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
