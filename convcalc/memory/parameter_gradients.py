"""The gradients of parameters: when each is made, and added to those that are there."""

from typing import TYPE_CHECKING

from convcalc.layers.saved import Bytes
from convcalc.memory import trace as kind_of
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.forward import Forward
from convcalc.memory.layer_tensors import LayerTensors

if TYPE_CHECKING:
    from convcalc.memory.unadded import Unadded

_NOTHING = range(0)


class ParameterGradients:
    """Those of one backward pass; `resident`: those that it finds."""

    def __init__(self, forward: Forward, resident: ByLayer) -> None:
        self.forward = forward
        self.trace = forward.trace
        self.learned = resident
        """By layer the gradients of its parameters."""
        self._narrow: dict[int, range] = {}
        """By owner the half gradients of its cast parameters, until the cast's own pass."""
        self._casters = self._first_users() if forward.table.mode.autocast else {}
        shares = any(owner != step for step, owner in enumerate(forward.owners))
        self._unadded = _unadded(forward, resident) if shares else None
        self._turned = _turned(forward, resident)

    def shift_of(self, step: int, owner: int, tensors: LayerTensors) -> int:
        """The gradient of a shift, which was added last: it is made before all others.

        Where gradients are there, it is added to them and gone before the factor's is made.
        """
        _, *others = self._sizes(owner, tensors)
        shift = self.trace.make(kind_of.PARAMETER_GRADIENT, owner, 0, sum(others)) if others else -1
        waits = self._unadded is not None and self._unadded.waits(step, owner)
        if others and owner in self.learned and not waits:
            self.trace.release(shift)
        return shift

    def _sizes(self, owner: int, tensors: LayerTensors) -> list[int]:
        """Bytes of the gradients of a layer's parameters as the layer makes them."""
        forward = self.forward
        sizes = [*(forward.whole.get(owner) or map(self.trace.once, forward.parameters[owner]))]
        return [size // 2 for size in sizes] if tensors.casts_parameters else sizes

    def made(self, step: int, owner: int, tensors: LayerTensors, shift: int, gone: bool) -> range:
        """The gradients of a layer's parameters as the layer makes them.

        A product's bias gets a sum after the product's own pass. `shift`: that of a shift, made
        before, which takes its place behind the factor's. `gone`: what a product has saved goes
        before its bias' gradient is made: it was made again, or that is a copy and no sum.
        """
        trace, role, sizes = self.trace, kind_of.PARAMETER_GRADIENT, self._sizes(owner, tensors)
        if shift >= 0 and trace.references[shift]:
            trace.release(shift)
        elif shift >= 0:
            sizes = sizes[:1]
        made = trace.make_in_a_row(role, owner, sizes[:1])
        if gone and tensors.saved.needs_input_gradient:
            self.forward.let_go(step)
        return range(made.start, trace.make_in_a_row(role, owner, sizes[1:]).stop)

    def of_a_product(self, step: int, owner: int, made: range, cast: bool) -> None:
        """A product has made gradients of its parameters."""
        if self._unadded:
            self._unadded.of_a_product(step, owner, made, cast)

    def add(self, step: int, owner: int, made: range) -> None:
        """Store the gradients of parameters, or add them to those that are there.

        Those of shared parameters are added up before they are added to what an earlier pass left.
        """
        trace, whole = self.trace, self.forward.whole
        if self._unadded and self._unadded.takes(step, owner, made):
            return
        if whole and owner not in self.learned:  # reduced, scattered: a shard of it stays
            shards = map(trace.once, self.forward.parameters[owner])
            own = trace.make_in_a_row(kind_of.PARAMETER_GRADIENT, owner, shards)
            self.learned.put(owner, own)
        if owner in self.learned:
            for tensor in made:
                trace.release(tensor)
        else:
            self.learned.put(owner, made)
        if not self._casters and self._turned.get(owner) == step:
            trace.pass_through(step, Bytes(once=trace.once(made[0])))

    def widen(self, step: int, owner: int, made: range) -> None:
        """The backward pass of the parameters' casts, when the first layer that made them has run.

        Half gradients of shared parameters are added up until then.
        """
        trace = self.trace
        if owner in self._narrow:
            for tensor in made:
                trace.release(tensor)
            made = self._narrow[owner]
        if step != self._casters[owner]:
            self._narrow[owner] = made
            return
        self._narrow.pop(owner, None)
        first, unadded = len(trace.of), self._unadded
        at_once = owner in self.learned and not (unadded and unadded.waits(step, owner))
        for tensor in made:
            wide = trace.make(kind_of.PARAMETER_GRADIENT, owner, 0, 2 * trace.once(tensor))
            trace.release(tensor)
            if at_once:
                trace.release(wide)
            elif tensor == made[0] and self._turned.get(owner) == step:  # before its bias is cast
                first = trace.make(kind_of.PARAMETER_GRADIENT, owner, 0, trace.once(wide))
                trace.release(wide)
        self.add(step, owner, _NOTHING if at_once else range(first, len(trace.of)))

    def _first_users(self) -> dict[int, int]:
        """By owner the first layer that casts its parameters.

        One cast for all that share them, checkpointed or not: a segment's layers are run again for
        what they save, gradients take the way of the first run, where casts are cached.
        """
        found: dict[int, int] = {}
        for step, tensors in enumerate(self.forward.layers):
            if tensors is not None and tensors.casts_parameters and self.forward.tracked[step]:
                found.setdefault(self.forward.owners[step], step)
        return found

    def before_its_sum(self, step: int, tensors: LayerTensors, made: range) -> int:
        """A parameter's gradient as a volume; the sum of it is made only when it goes."""
        each = tensors.saved.summed.each
        return self.trace.make(kind_of.SCRATCH, step, each, -self.trace.once(made[0]))


def _turned(forward: Forward, resident: ByLayer) -> dict[int, int]:
    """By owner of a weight the layer at which autograd copies its gradient into the weight's order.

    All that share it are summed up first, in the order of the one that is reached first. What is
    there already is added to in place.
    """
    found: dict[int, int] = {}
    if not forward.table.orders_differ:
        return found
    lies: dict[int, bool] = {}
    for step, tensors in enumerate(forward.layers):
        owner = forward.owners[step]
        if tensors is not None and forward.tracked[step] and owner in forward.parameters:
            lies[owner] = tensors.order.weight
            if not forward.whole and owner not in resident:
                found.setdefault(owner, step)
    return {owner: step for owner, step in found.items() if lies[owner]}


def _unadded(forward: Forward, resident: ByLayer) -> "Unadded":
    from convcalc.memory.unadded import Unadded  # for few nets

    return Unadded(forward, resident)
