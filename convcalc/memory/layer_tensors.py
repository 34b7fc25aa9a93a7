"""What every layer makes, casts and saves under the settings, worked out before the run.

Every volume has its own width: under autocast some are half (2 bytes a number), some full (4), as
the kinds' `Precision` says; otherwise all have the dtype's.
"""

from collections.abc import Sequence

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.precision import AS_INPUT, Cast
from convcalc.layers.saved import Bytes, Gradient, Saved
from convcalc.memory.layouts import Order, may_differ, order_of
from convcalc.memory.precisions import FULL, HALF, PrecisionMode, mode_of
from convcalc.memory.widths import Widths, widths_of
from convcalc.shapes import Shape

_CHANNELS_FIRST = Order()
#: Unlike layers whose tensors are kept: those of a very long net may all differ.
_MOST_KNOWN = 4096


class LayerTensors:
    """The tensors of a layer besides parameters; shared by layers that are alike."""

    __slots__ = (
        "cast", "casts_parameters", "contiguous", "copies", "for_images", "gradients", "inference",
        "mixed", "order", "own", "saved", "saves", "size", "stops_early", "sums", "view", "width",
    )  # fmt: skip

    def __init__(self, view: bool, width: int, size: int, saved: Saved) -> None:
        self.view = view
        """Its output is its (first) input's storage."""
        self.width = width
        """Bytes of a number of its output."""
        self.size = size
        """Bytes of its output for one image."""
        self.saved = saved
        self.copies = 0
        """Bytes for one image of the copy of the input that it makes before it overwrites it."""
        self.cast = 0
        """Bytes for one image of the copy of its input in another width; 0 where it makes none."""
        self.casts_parameters = False
        """It runs with half copies of its parameters."""
        self.gradients: tuple[int, ...] = ()
        """Bytes for one image of the gradient that it makes for each input."""
        self.own: tuple[int, ...] = ()
        """Bytes for one image of the gradient in the width of the input itself."""
        self.sums: tuple[int, ...] = ()
        """Bytes for one image of the sum of the gradient; 0 for inputs that are not spread."""
        self.mixed = False
        """Some gradient is made in another width or shape than its input's, and converted."""
        self.saves = False
        """It saves anything for its backward pass."""
        self.stops_early = False
        """All that it saves exists before its output does."""
        self.contiguous = False
        """It copies an output gradient that is a slice."""
        self.for_images = False
        """Its kernel makes the gradient of its input for images too, which want none."""
        self.order = _CHANNELS_FIRST
        """In which order its output and its gradients lie in memory."""
        self.inference = saved.inference

    def unsaved(self, copies: bool) -> Bytes:
        """Made and freed in a forward pass of training that saves nothing: what is made to be
        saved and what is made in passing, all at once. `copies`: also of what is overwritten.
        """
        saved = self.saved
        if saved.composed:
            return self.inference
        kept = [Bytes(self.copies if copies else 0), *saved.kept, saved.forward]
        return Bytes(sum(size.each for size in kept), sum(size.once for size in kept))


#: What layers that are alike have in common: the layer itself, the shapes of its inputs, whether
#: it works in place, the widths of its inputs and whether they lie channels last.
_Key = tuple[int, tuple[Shape, ...], bool, tuple[int, ...], tuple[bool, ...]]


class Tabulation:
    """The tensors of all layers; `out_of_place` may not overwrite their inputs."""

    def __init__(
        self, analysis: Analysis, training: bool, out_of_place: frozenset[int] = frozenset()
    ) -> None:
        self.rows = analysis.rows
        self.training = training
        self.mode: PrecisionMode = mode_of(analysis.settings)
        self.number = analysis.settings.number_bytes
        self.widths = bytearray()
        """Bytes of a number of every layer's output."""
        self._single = () if self.mode.autocast else (self.number,)
        self._out_of_place = out_of_place
        self._known: dict[_Key, LayerTensors] = {}
        self.orders_differ = training and may_differ(analysis)
        self._last = bytearray()
        """Which outputs lie channels last; empty where none does."""
        self._vectors_first = analysis.network.vectors_first
        self.layers: Sequence[LayerTensors | None] = self._all() or _made_again(self)

    def _all(self) -> list[LayerTensors | None]:
        """The tensors of every layer; none at all where too many layers differ to keep them."""
        found: list[LayerTensors | None] = []
        unlike = False
        for step, row in enumerate(self.rows):
            if unlike and self._single and not self.orders_differ:
                break  # nothing of a layer depends on those before it
            tensors = self.made(step, row)
            self.widths.append(self.number if tensors is None else tensors.width)
            if self.orders_differ:
                self._last.append(tensors is not None and tensors.order.last)
            unlike = unlike or len(self._known) >= _MOST_KNOWN
            if unlike:
                found.clear()
            else:
                found.append(tensors)
        self.widths.extend([self.number] * (len(self.rows) - len(self.widths)))
        return found

    def made(self, step: int, row: Row) -> LayerTensors | None:
        """The tensors of one layer; None of an input."""
        layer = row.step.layer
        if layer is None:
            return None
        in_place = row.in_place and step not in self._out_of_place
        inputs = row.step.inputs
        widths = self._single or tuple([self.widths[source] for source in inputs])
        lasts = tuple([bool(self._last[i]) for i in inputs]) if self.orders_differ else ()
        key = (id(layer), row.inputs, in_place, widths, lasts)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._tensors(row, layer, in_place, widths)
            if lasts:
                cudnn = found.saved.cudnn and not self._native(found.saved, widths[0])
                found.order = order_of(
                    row, layer, in_place, found.saved, cudnn, lasts, self._vectors_first
                )
        return found

    def size_of(self, step: int) -> int:
        """Bytes of a layer's output for one image."""
        return (self.rows[step].activations or 0) * self.widths[step]

    def _tensors(
        self, row: Row, layer: Layer, in_place: bool, widths: tuple[int, ...]
    ) -> LayerTensors:
        """The tensors of a layer whose inputs have these widths."""
        inputs = row.step.inputs
        own = tuple([self.size_of(source) for source in inputs])
        width, computed, cast = self._widths(layer, in_place, widths)
        saved = self._saved(row, layer, in_place, computed, widths[0])
        view = in_place or (not self.training and layer.identity_in_inference)
        found = LayerTensors(view, width, (row.activations or 0) * width, saved)
        if cast:
            found.cast = own[0] // widths[0] * cast
            found.inference = saved.inference_cast if saved.composed else saved.inference
        found.casts_parameters = (
            bool(self.mode.autocast) and layer.precision.casts is Cast.OPERANDS_TO_HALF
        )
        if in_place and 0 in saved.inputs:
            found.copies = own[0]
        found.own = found.gradients = own
        if self.mode.autocast:
            found.gradients = self._gradients(row, saved, computed, found)
            found.mixed = not found.cast and found.gradients != own
        if saved.spread:
            self._spread(row, saved, computed, found)
        found.saves = bool(saved.inputs or saved.output or saved.kept)
        found.stops_early = not (saved.output or saved.kept)
        native = self._native(saved, widths[0])
        found.contiguous = saved.contiguous_gradient or not native
        found.for_images = saved.both_gradients or not native
        if native and saved.native.once:
            passing = saved.inference
            found.inference = Bytes(passing.each, passing.once + saved.native.once)
        return found

    def _widths(self, layer: Layer, in_place: bool, widths: tuple[int, ...]) -> Widths:
        """The widths of what a layer makes."""
        if not self.mode.autocast:
            return Widths(self.number, self.number)
        return widths_of(self.mode, layer, in_place, widths)

    def _saved(self, row: Row, layer: Layer, in_place: bool, computed: int, first: int) -> Saved:
        output = row.step.output
        assert output is not None, "only a network that could be sized is run"
        if self.mode.autocast and layer.precision.casts is Cast.DIVISOR_TO_FULL and first < FULL:
            from convcalc.layers.lrn import LocalResponseNorm

            assert isinstance(layer, LocalResponseNorm), "the one kind with a divisor"
            return layer.saved_with_full_divisor(output, first)
        shapes = row.inputs[: len(row.step.inputs)]
        if self.mode.autocast and layer.precision is AS_INPUT and layer.has_weights:
            computed = FULL  # a norm's tensors have the width of its parameters and statistics
        return layer.saved_for_backward(shapes, output, in_place, computed)

    def _gradients(
        self, row: Row, saved: Saved, computed: int, found: LayerTensors
    ) -> tuple[int, ...]:
        """Bytes of the gradients as the layer makes them, before they have their inputs' width."""
        sources, layer = row.step.inputs, row.step.layer
        assert layer is not None
        if saved.gradient is not Gradient.NEW:
            computed = found.width
        elif layer.precision.casts is Cast.INPUT_TO_FULL_IN_BFLOAT16 and not found.cast:
            return found.own  # float16 is read directly, its gradient made directly
        return tuple([(self.rows[source].activations or 0) * computed for source in sources])

    def _spread(self, row: Row, saved: Saved, computed: int, found: LayerTensors) -> None:
        """Gradients of gates: as large as the output, then summed, then in the gate's width."""
        whole, sources = (row.activations or 0) * computed, row.step.inputs
        found.mixed = True
        found.gradients = tuple(
            whole if number in saved.spread else size for number, size in enumerate(found.gradients)
        )
        found.sums = tuple(
            (self.rows[source].activations or 0) * computed if number in saved.spread else 0
            for number, source in enumerate(sources)
        )

    def _native(self, saved: Saved, width: int) -> bool:
        """Whether a batch norm takes PyTorch's own kernel."""
        return not saved.cudnn or (self.mode.native_norm and width == HALF)


def _made_again(table: Tabulation) -> Sequence[LayerTensors | None]:
    from convcalc.memory.made_again import MadeAgain  # for few nets

    return MadeAgain(table)
