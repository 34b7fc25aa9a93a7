"""The net that another one is nearly: of a spec with one option changed most steps are as before.

A repair is tried while the net as it is is kept. The steps that are equal are held once, and a
layer that reads the same as before is not sized again.
"""

from collections.abc import Sequence

from convcalc.layers.base import Layer, Roundings, Size
from convcalc.network.place import Place
from convcalc.network.record import Network, Step, shapes_read
from convcalc.shapes import Shape


class Before:
    """The steps of that net, each asked for by its number."""

    def __init__(self, network: Network) -> None:
        self.steps: Sequence[Step] = network.steps
        self._roundings = network.roundings
        self._alike: tuple[Layer | None, Layer | None] = None, None
        """A layer and an equal one of then: copies follow one another."""

    def size(
        self, at: int, layer: Layer, shapes: tuple[Shape, ...], roundings: Roundings
    ) -> Size | None:
        """The size of a step, if an equal layer read the same shapes there."""
        if at >= len(self.steps) or roundings != self._roundings:
            return None
        step = self.steps[at]
        if step.size.output is None or shapes_read(self.steps, step) != shapes:
            return None
        return step.size if self._is_alike(layer, step.layer) else None

    def step(self, at: int, step: Step) -> Step:
        """The step of that number, if it is equal; else this one with the parts that are."""
        if at >= len(self.steps):
            return step
        old = self.steps[at]
        if self._is_alike(step.layer, old.layer):
            step = step._replace(layer=old.layer)
        if step == old:
            return old
        name = old.name if step.name == old.name else step.name
        inputs = old.inputs if step.inputs == old.inputs else step.inputs
        return step._replace(name=name, inputs=inputs)

    def _is_alike(self, layer: Layer | None, old: Layer | None) -> bool:
        if self._alike[0] is not layer or self._alike[1] is not old:
            if layer != old:
                return False
            self._alike = layer, old
        return True

    def places(self) -> dict[int, Place]:
        """All places, each once."""
        return {id(step.place): step.place for step in self.steps}
