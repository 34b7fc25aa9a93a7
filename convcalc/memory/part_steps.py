"""The steps of a long net whose layers are taken apart: each is made when it is asked for.

Such a net has more steps than the one it is of, and nearly all that they say is what that one's
say. A step as a record takes 300 bytes and more, its part of the columns 30.
"""

from array import array
from collections.abc import Sequence

from convcalc.layers.base import Layer, Size
from convcalc.memory.columns import Column, Wide
from convcalc.network.on_demand import OnDemand
from convcalc.network.record import Step
from convcalc.shapes import Shape

#: No layer of its own: the step is its net's.
_WHOLE = -1


class PartSteps(OnDemand[Step]):
    """Steps in order, of a net's own ones; `append` adds the next."""

    def __init__(self, own: Sequence[Step], origin: Column, ends: Column, weighs: Column) -> None:
        """The columns are those of `Apart`, each written before a step is made that needs it."""
        self._own = own
        self._origin = origin
        self._ends = ends
        self._weighs = weighs
        self._layers: list[Layer] = []
        self._numbers: dict[int, int] = {}
        """By the identity of a layer its position in `_layers`."""
        self._of = array("i")
        self._outputs = Wide()
        """The shapes of outputs that no layer of the net itself has, one after the other."""
        self._begins = array("q", [0])

    def append(self, step: Step, part: bool, last: bool) -> None:
        """The next step; whether it is a part of a layer, and the last one."""
        number, layer = _WHOLE, step.layer
        if part and layer is not None:
            number = self._numbers.setdefault(id(layer), len(self._layers))
            if number == len(self._layers):
                self._layers.append(layer)
            if not last:
                for size in step.size.output or ():
                    self._outputs.append(size)
        self._of.append(number)
        self._begins.append(len(self._outputs.numbers))

    def __len__(self) -> int:
        return len(self._of)

    def _at(self, index: int) -> Step:
        number = self._of[index]
        origin, ends = self._origin[index], self._ends
        own = self._own[origin]
        name, kind, layer, inputs, size, place, units, like, shares, ignore, checkpoint = own
        inputs = tuple([ends[source] for source in inputs])
        if shares is not None:
            shares = self._weighs[shares]
        if number != _WHOLE:
            layer, size = self._layers[number], Size(self._output(index, own))
            first = ends[origin - 1] + 1 if origin else 0
            at = index - first
            inputs = (index - 1 if at else inputs[0], *inputs[at + 1 : at + 2])
            if not layer.has_weights:
                shares = None
        return Step(name, kind, layer, inputs, size, place, units, like, shares, ignore, checkpoint)

    def _output(self, index: int, own: Step) -> Shape | None:
        """What a part makes: the last one what its layer does."""
        begin, end = self._begins[index], self._begins[index + 1]
        return own.size.output if begin == end else tuple(self._outputs.numbers[begin:end])
