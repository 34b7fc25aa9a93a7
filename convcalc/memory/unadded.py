"""Gradients of shared parameters, added up before they are added to those of an earlier pass."""

from convcalc.layers.saved import Bytes
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.forward import Forward


class Unadded:
    """Gradients that wait until all layers that share the parameters have handed in theirs.

    Autograd adds to `.grad` once a pass: where gradients of an earlier pass are there, the first
    layer's wait beside them, and the other layers' are added to those. Where none are there, the
    first layer's become `.grad` themselves.
    """

    def __init__(self, forward: Forward, resident: ByLayer) -> None:
        self._trace = forward.trace
        self._last: dict[int, int] = {}
        """By owner the layer that the backward pass reaches last."""
        self._waiting: dict[int, range] = {}
        self._products: dict[int, int] = {}
        """By owner how many products have made gradients of its parameters."""
        shared = {owner for step, owner in enumerate(forward.owners) if owner != step}
        for step, owner in enumerate(forward.owners):
            if owner in shared and owner in resident and forward.tracked[step]:
                self._last.setdefault(owner, step)

    def of_a_product(self, step: int, owner: int, made: range, cast: bool) -> None:
        """The second gradient of a product's weight is added to the first in a new tensor.

        The first is a view, of the transposed: only what follows is added in place. So is a
        bias's, which is added before; where `.grad` is there already and no cast is between them,
        the last layer's sum goes into it at once.
        """
        count = self._products[owner] = self._products.get(owner, 0) + 1
        if count != 2:
            return
        weight, bias = self._trace.once(made[0]), sum(map(self._trace.once, made[1:]))
        gone = 2 * bias if not cast and self._last.get(owner) == step else bias
        self._trace.pass_through(step, Bytes(once=max(weight - gone, bias)))

    def waits(self, step: int, owner: int) -> bool:
        """Whether the gradients that a layer makes are the first of several."""
        return self._last.get(owner, step) != step and owner not in self._waiting

    def takes(self, step: int, owner: int, made: range) -> bool:
        """Whether a layer's gradients wait; the last layer's are added with those that do."""
        if self.waits(step, owner):
            self._waiting[owner] = made
            return True
        if step == self._last.get(owner) and owner in self._waiting:
            for tensor in self._waiting.pop(owner):
                self._trace.release(tensor)
        return False
