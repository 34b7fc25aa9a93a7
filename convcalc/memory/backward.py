"""The backward pass: the forward pass in reverse, layer by layer.

The gradients of a layer's inputs and parameters are made while its output's gradient and all that
is saved live; then those two go; then gradients take the width of the tensor they belong to, and
each input's is handed to the layer that made it.
"""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Row
from convcalc.layers.saved import PASSES_GRADIENT, Bytes, Gradient
from convcalc.memory import trace as kind_of
from convcalc.memory.by_layer import ByLayer
from convcalc.memory.forward import Forward
from convcalc.memory.layer_tensors import LayerTensors
from convcalc.memory.parameter_gradients import ParameterGradients
from convcalc.memory.trace import BACKWARD, NO_STEP
from convcalc.memory.views import overwriting_views

if TYPE_CHECKING:
    from convcalc.memory.recomputation import Recomputation

#: What a gradient is of its tensor: all of it, all of it in another shape (a view, which keeps the
#: tensor that it is of), or a slice. What is added to it is added in place to the first alone.
_WHOLE, _VIEW, _SLICE = range(3)

#: A gradient on its way to an input: the layer that made the input, the tensor, what it is of it,
#: the bytes of the sum that is made of it (0 where none is), those of the input's own width (0
#: where it has them).
_Handed = tuple[int, int, int, int, int]


_NOTHING = range(0)


class _Waiting:
    """The gradient of one layer's output while it waits for that layer."""

    __slots__ = ("last", "part", "tensor")

    def __init__(self, tensor: int, part: int, last: bool) -> None:
        self.tensor = tensor
        self.part = part
        self.last = last
        """It lies channels last."""


class Backward:
    """The backward pass after a forward pass; `single` says that the batch is 1."""

    def __init__(self, forward: Forward, single: bool, resident: ByLayer) -> None:
        self.forward = forward
        self.trace = forward.trace
        self.rows = forward.rows
        self.single = single
        """Slices of a batch of 1 are dense."""
        self._waiting: dict[int, _Waiting] = {}
        """By layer the gradient that waits for it."""
        self._again = _recomputations(forward) if forward.segments else {}
        self._on_views = overwriting_views(forward)
        self._same = _same_tensors(forward)
        """By layer whose output is its input itself, which autograd knows nothing of: its maker."""
        self.parameters = ParameterGradients(forward, resident)

    def run(self) -> None:
        """Every layer that a gradient reaches, from the last to the first."""
        tracked = self.forward.tracked
        for step in range(len(self.rows) - 1, -1, -1):
            if tracked[step] and step in self._waiting:
                self._layer(step, self.rows[step])
                del self._waiting[step]
            elif step in self._same:
                self.trace.mark(BACKWARD, step)

    def _layer(self, step: int, row: Row) -> None:
        forward, trace = self.forward, self.trace
        tensors, waiting = forward.layers[step], self._waiting[step]
        assert tensors is not None, "it was handed a gradient"
        again = self._again.get(step) if self._again else None
        own, owner = self.parameters, forward.owners[step]
        learns = owner in forward.parameters
        shift = own.shift_of(step, owner, tensors) if learns and tensors.saved.summed.each else -1
        if again is not None:
            copied = step in self._on_views and len(row.step.inputs) == 1
            again.before(step, 2 * tensors.size if copied else 0)
        copy = unread = volume = -1
        sliced, wants = waiting.part == _SLICE, tensors.order.wants
        turned = wants is not None and waiting.last != wants
        if self._on_views.get(step) or ((sliced or turned) and tensors.saved.copies_slices):
            whole = trace.make(kind_of.GRADIENT, step, tensors.size)
            trace.release(waiting.tensor)
            waiting.tensor, waiting.part = whole, _WHOLE
        elif turned or (sliced and tensors.contiguous):
            copy = trace.make(kind_of.GRADIENT, step, tensors.size)
        handed = self._input_gradients(step, row, waiting, tensors)
        if tensors.for_images and not handed:
            unread = trace.make(kind_of.GRADIENT, row.step.inputs[0], tensors.size)
        made = _NOTHING
        if learns:
            bias_alone = tensors.saved.of_its_shape and tensors.saved.needs_input_gradient
            trace.alone = trace.alone or bias_alone
            gone = again is not None or (self.single and bias_alone)
            made = own.made(step, owner, tensors, shift, gone)
        scratch = tensors.saved.backward
        if scratch.each or scratch.once:
            trace.pass_through(step, scratch)
        if step in self._on_views:  # autograd copies the gradient for the view, and for the layer
            copies = 2 - (len(handed) if len(row.step.inputs) > 1 else 0)  # a sum's are handed on
            trace.pass_through(step, Bytes(copies * tensors.size))
        if tensors.saved.summed.each and not (self.single and tensors.saved.of_its_shape):
            trace.alone = trace.alone or tensors.saved.of_its_shape
            volume = own.before_its_sum(step, tensors, made)
        if unread >= 0:
            trace.release(unread)
        if tensors.mixed or volume >= 0:  # while the layer has what it was given and has saved
            if again is not None:  # but for what was made again: it is held by nobody else
                forward.let_go(step)
            handed = self._converted(handed) if tensors.mixed else handed
        if volume >= 0:
            trace.pass_through(step, Bytes(once=trace.once(made[0])))
            trace.release(volume)
        gradient = waiting.tensor
        if not self._slices_for_nobody(row, tensors):
            trace.release(gradient)
            gradient = -1
        if copy >= 0:
            trace.release(copy)
        forward.let_go(step)
        if again is not None:
            again.after(step)
        if tensors.cast:
            handed = self._converted(handed)
        product, casts = tensors.saved.needs_input_gradient, tensors.casts_parameters
        later = tensors.cast or casts  # what is cast is handed on by the cast's own pass
        if made and product and later:
            own.of_a_product(step, owner, made, casts)
        if tensors.cast and not casts:
            own.add(step, owner, made)
        last = tensors.saved.handed_as_view  # a view of the input was made before all casts
        if casts and last:
            own.widen(step, owner, made)
        added = self._hand_on(step, handed, tensors, waiting.last)
        if made and product and not later:
            own.of_a_product(step, owner, made, casts)
        for tensor in added:  # until all are handed on
            trace.release(tensor)
        if made and not later:
            own.add(step, owner, made)
        if casts and not last:  # before the input's cast were the parameters'
            own.widen(step, owner, made)
        if gradient >= 0:
            trace.release(gradient)
        trace.mark(BACKWARD, step)

    def _input_gradients(
        self, step: int, row: Row, waiting: _Waiting, tensors: LayerTensors
    ) -> list[_Handed]:
        """The gradients as the layer makes them, for each input that wants one."""
        trace, sources, tracked = self.trace, row.step.inputs, self.forward.tracked
        how, found = tensors.saved.gradient, []
        least = _VIEW if tensors.saved.handed_as_view else _WHOLE
        copied = step in self._on_views
        for position, source in enumerate(sources):
            if not tracked[source]:
                continue
            size, own = tensors.gradients[position], tensors.own[position]
            total = tensors.sums[position] if tensors.sums else 0
            other = own if (total or size) != own else 0
            if how is Gradient.NEW or (how is Gradient.FIRST_SAME and position) or copied:
                made = trace.make(kind_of.GRADIENT, source, size)
                found.append((source, made, least, total, other))
                continue
            trace.references[waiting.tensor] += 1
            dense = self.single and not waiting.last
            sliced = how is Gradient.SLICES and len(sources) > 1 and not dense
            trace.alone = trace.alone or sliced
            part = _SLICE if sliced else max(waiting.part, least)
            found.append((source, waiting.tensor, part, total, other))
        return found

    def _hand_on(
        self, step: int, handed: list[_Handed], tensors: LayerTensors, last: bool
    ) -> list[int]:
        """Give every input its gradient; those that were added to others.

        `last`: the layer was given one that lies channels last. One that overwrites a view gets a
        copy that does not, and what it makes for the view is put into the order of that.
        """
        on_view, order = step in self._on_views, tensors.order
        lies_last = order.of_gradient(last and not on_view)
        view = self.rows[step].step.inputs[0] if on_view else NO_STEP
        return [
            tensor
            for source, tensor, part, _, _ in handed
            if self.hand(source, tensor, part, order.last if source == view else lies_last)
        ]

    def _slices_for_nobody(self, row: Row, tensors: LayerTensors) -> bool:
        """Whether a concat makes slices that nobody wants, the images' for one.

        They hold its gradient until the others are handed on, copied to another width or not.
        """
        if tensors.saved.gradient is not Gradient.SLICES or not tensors.mixed:
            return False
        return not all(self.forward.tracked[source] for source in row.step.inputs)

    def _converted(self, handed: list[_Handed]) -> list[_Handed]:
        """Gradients summed up and in their tensors' own width, one after the other."""
        trace, found = self.trace, list[_Handed]()
        for source, given, part, total, own in handed:
            tensor = given
            for size in (total, own):
                if size:
                    made = trace.make(kind_of.GRADIENT, source, size)
                    trace.release(tensor)
                    tensor = made
            found.append((source, tensor, part if tensor == given else _WHOLE, 0, 0))
        return found

    def hand(self, step: int, tensor: int, part: int = _WHOLE, last: bool = False) -> bool:
        """Give a layer a gradient of its output; whether it was added to one that waits already.

        In place where the waiting one is whole and nothing else refers to it, else in a new tensor.
        The sum lies in the order of the first, `last` for channels last.
        """
        step = self._same.get(step, step)
        trace, waiting = self.trace, self._waiting.get(step)
        if waiting is None:
            self._waiting[step] = _Waiting(tensor, part, last)
            return False
        if waiting.part != _WHOLE or trace.references[waiting.tensor] > 1:
            total = trace.make(kind_of.GRADIENT, step, self.forward.table.size_of(step))
            trace.release(waiting.tensor)
            waiting.tensor, waiting.part = total, _WHOLE
        return True


def _same_tensors(forward: Forward) -> dict[int, int]:
    """Identities, by layer what makes their input: a gradient goes there at once."""
    found: dict[int, int] = {}
    for step, row in enumerate(forward.rows):
        layer = row.step.layer
        if layer is None or not layer.is_view or not forward.tracked[step]:
            continue
        tensors = forward.layers[step]
        if tensors is not None and tensors.saved == PASSES_GRADIENT:
            source = row.step.inputs[0]
            found[step] = found.get(source, source)
    return found


def _recomputations(forward: Forward) -> "dict[int, Recomputation]":
    """By layer of a segment what runs it again."""
    from convcalc.memory.recomputation import Recomputation  # for few nets

    return {
        step: again
        for again in [Recomputation(forward, segment) for segment in forward.segments]
        for step in range(again.segment.first, again.segment.last + 1)
    }
