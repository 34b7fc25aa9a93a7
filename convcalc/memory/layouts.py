"""Which volumes and gradients lie channels last in memory, and what copies them for that.

Nets begin channels first; few have a layer that brings the channels last (`Layer.layout`).
"""

from math import prod

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.layout import Lies
from convcalc.layers.saved import Saved
from convcalc.records import NamedTuple
from convcalc.shapes import Shape


class Order(NamedTuple):
    """The order of what one layer makes, and of what it wants; True: channels last."""

    last: bool = False
    """Of its output."""
    gradient: bool | None = False
    """Of its input's gradient; None: that of the gradient that it is given."""
    wants: bool | None = None
    """Of the gradient that it is given, which it copies if it has another; None: of any."""
    weight: bool = False
    """Its weight's gradient lies otherwise than the weight."""

    def of_gradient(self, given: bool) -> bool:
        """The order of its input's gradient."""
        return given if self.gradient is None else self.gradient


def may_differ(analysis: Analysis) -> bool:
    """Whether some layer brings the channels last.

    A `reshape` does in code that numbers volumes as we do; not in a file that does otherwise.
    """
    makers = {Lies.LAST} if analysis.network.vectors_first else {Lies.LAST, Lies.IN_ROWS}
    return any(row.step.layer and row.step.layer.layout.output in makers for row in analysis.rows)


def order_of(
    row: Row,
    layer: Layer,
    in_place: bool,
    saved: Saved,
    cudnn: bool,
    lasts: tuple[bool, ...],
    vectors_first: bool = False,
) -> Order:
    """The order of a layer whose inputs lie so; `cudnn`: it runs on cuDNN's kernel."""
    layout, output = layer.layout, row.step.output
    assert output is not None, "only a network that could be sized is run"
    inputs = row.inputs[: len(row.step.inputs)]
    lies, gradient = layout.output, layout.gradient
    if in_place and lies is Lies.AS_NUMBERS:
        lies = Lies.AS_INPUT
    if vectors_first and lies is Lies.IN_ROWS:
        lies, gradient = Lies.FIRST, Lies.FIRST
    last = len(output) - 1 in layout.axes and _output_lies_last(lies, inputs, output, lasts)
    wants: bool | None = None
    if not lies_either_way(output):
        if cudnn and not saved.copies_slices:
            wants = last
        elif saved.contiguous_gradient or saved.copies_slices:
            wants = False
    axes = len(inputs[0]) - 1
    weight = last and layout.weight and _is_spread(layer, inputs, output)
    return Order(last, _of_gradient(gradient, inputs, output, lasts, axes in layout.gradient_axes),
                 wants, weight)  # fmt: skip


def lies_either_way(shape: Shape) -> bool:
    """Whether one channel or one position alone makes the order of the axes no matter."""
    return len(shape) < 2 or shape[-1] == 1 or prod(shape[:-1]) == 1


def _output_lies_last(
    lies: Lies, inputs: tuple[Shape, ...], output: Shape, lasts: tuple[bool, ...]
) -> bool:
    match lies:
        case Lies.LAST:
            return True
        case Lies.AS_INPUT:
            return lasts[0]
        case Lies.AS_NUMBERS:
            return not lies_either_way(output) and _of_the_whole(inputs, output, lasts)
        case Lies.AS_ALL:
            return all(lasts)
        case Lies.IN_ROWS:
            return lasts[0] if inputs[0][1:] and inputs[0][-1] == output[-1] else True
        case _:
            return False


def _of_the_whole(inputs: tuple[Shape, ...], output: Shape, lasts: tuple[bool, ...]) -> bool:
    """The order of the first input that is as large as the output, no gate."""
    pairs = zip(inputs, lasts, strict=True)
    return next((last for shape, last in pairs if shape == output), lasts[0])


def _of_gradient(
    lies: Lies, inputs: tuple[Shape, ...], output: Shape, lasts: tuple[bool, ...], on_axes: bool
) -> bool | None:
    """What `Order.gradient` says of a layer."""
    if not on_axes:
        return False
    if lies is Lies.AS_GIVEN or (lies is Lies.IN_ROWS and inputs[0][-1] == output[-1]):
        return None
    return lasts[0] if lies is Lies.AS_INPUT else lies in {Lies.LAST, Lies.IN_ROWS}


def _is_spread(layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> bool:
    """Whether a filter reads several channels and several places: its numbers have two orders."""
    _, channels, *taps = layer.arrays(inputs, output)[0].shape
    return channels > 1 and prod(taps) > 1
