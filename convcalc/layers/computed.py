"""What layers compute, however their options say it: equal for layers that compute the same."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from convcalc.records import NamedTuple

if TYPE_CHECKING:
    from convcalc.layers.base import Layer

Computed = tuple[Hashable, ...]

#: What a layer does that gives its input on as it is.
PASSES: Computed = ("passes",)

_MEMORY = frozenset({"in_place"})  #: options that say where an output lies, not what is in it


class Axis(NamedTuple):
    """How a window moves along one axis: all that decides what each output reads.

    The padding at the end does not: the output's size says where the last window lies.
    """

    kernel: int
    dilation: int
    begin: int
    """Padding before the first position."""
    stride: int
    """1 where there is one window, which goes nowhere."""


def moved(
    sizes: Sequence[int],
    kernels: Sequence[int],
    strides: Sequence[int],
    pads: Sequence[tuple[int, int]],
    dilations: Sequence[int],
) -> tuple[Axis, ...]:
    """The window along each axis; `sizes`: how many places it has there."""
    each = zip(sizes, kernels, strides, pads, dilations, strict=True)
    return tuple(
        Axis(kernel, dilation if kernel > 1 else 1, begin, stride if places > 1 else 1)
        for places, kernel, stride, (begin, _), dilation in each
    )


def said(layer: "Layer", aside: Collection[str] = ()) -> Iterator[Hashable]:
    """The values of a layer's options but for those `aside`, one number for equal ones."""
    for option in layer.options():
        if option.name in _MEMORY or option.name in aside:
            continue
        value = layer.__dict__[option.name]
        if isinstance(value, tuple) and value and len(set(value)) == 1:
            value = value[:1]
        yield value
