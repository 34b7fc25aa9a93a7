"""Bases that answer aspects of a kind: each only what its name promises, and for good.

A kind lists them before `Layer`: ``class Slice(SavesNothing, NoParameters, ReadsOnePosition,
Layer)``. Their answers are final: a kind that keeps its input's shape but for one option is no
`KeepsShape`. What a kind saves for backward has such bases in `layers/saved.py`.
"""

from math import prod
from typing import final

from convcalc.layers.base import Layer, Parameters, Roundings, Size
from convcalc.layers.field_step import FieldStep
from convcalc.layers.ops import Learned
from convcalc.layers.option import InPlace
from convcalc.layers.traits import Places
from convcalc.shapes import Shape


class NoParameters(Layer):
    """Learns nothing and multiplies by no weights."""

    @final
    def parameters(self, inputs: tuple[Shape, ...], output: Shape) -> Parameters:
        return Parameters()

    @final
    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return 0

    @final
    def arrays(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[Learned, ...]:
        return ()


class NoMacs(Layer):
    """Its parameters are factors, shifts and slopes (counted as norm): no products are summed."""

    @final
    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        return 0


class KeepsShape(Layer):
    """Its output has the shape of its input, whatever that is."""

    @final
    def sizing(self, inputs: tuple[Shape, ...], roundings: Roundings) -> Size:
        return Size(inputs[0])


class ReadsOnePosition(Layer):
    """Each output position reads its own input position alone; normalisation counts as that."""

    @final
    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        return (FieldStep(),) * (len(inputs[0]) - 1)


class ReadsAllPositions(Layer):
    """Each output reads every position of its input, as its neighbours do."""

    needs_whole_input = True

    @final
    def receptive_field_step(self, inputs: tuple[Shape, ...], size: Size) -> tuple[FieldStep, ...]:
        places = (size.output or ())[:-1]
        read = inputs[0][:-1] or (1,) * len(places)  # a vector is one position on every axis
        stride = 1 if prod(places) == 1 else 0  # of one position too: it may be enlarged again
        return tuple(FieldStep(width, stride) for width in read)


class NamedByKind(Layer):
    """Its words in a table are its kind's name: options do not matter there."""

    @final
    def describe(self, axes: int = 2) -> str:
        return self.kind


class Pointwise(NoParameters, KeepsShape, ReadsOnePosition):
    """A function of each number alone, without parameters: relu and its kin."""

    places = Places.KEPT
    is_local = True
    is_elementwise = True


class CanOverwrite(Layer):
    """A kind with the `in_place` option."""

    in_place = InPlace(
        "overwrite the input instead of making a new volume (default: false)", default=None
    )


class CanOverwriteElsewhere(CanOverwrite):
    """A kind with the `in_place` option that PyTorch has no in-place form of."""

    in_place = InPlace(
        "overwrite the input instead of making a new volume (default: false); PyTorch has none "
        "that does",
        default=None,
    )


class Overwrites(CanOverwrite):
    """A kind that overwrites its input unless it is told not to, or something else reads it."""

    in_place_by_default = True
    in_place = InPlace(
        "overwrite the input instead of making a new volume (default: where nothing else reads it)",
        default=None,
    )
