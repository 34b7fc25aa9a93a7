"""Kernels that show which inputs an output reads: a light put in at one place shines through.

An input is zero but for the places that are lit, weights are positive and biases zero, so sums
cannot cancel and an output is above zero exactly where some lit number reached it. Windows are
those of the real kernels; what works number by number is passed through, since it moves no light.
"""

from collections.abc import Sequence

import numpy as np

from convcalc.analysis.settings import Dtype
from convcalc.backend import merge
from convcalc.backend.arrays import Array
from convcalc.backend.ops import NumPyOps
from convcalc.backend.weights import kernel_shape
from convcalc.layers.base import Roundings
from convcalc.layers.ops import Learned, Sliding
from convcalc.shapes import Shape

DTYPE: Dtype = "float32"


class Footprint(NumPyOps):
    """`NumPyOps` for lit inputs. Nothing is written in place: volumes may be one another's."""

    def __init__(self, roundings: Roundings) -> None:
        # Winograd's transforms subtract, which leaves rounding where nothing was lit
        super().__init__(roundings, exact=True)

    def _target(self, x: Array) -> Array:
        return np.empty_like(x)

    def conv(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding, groups: int
    ) -> Array:
        return _full(super().conv(x, weight, bias, sliding, groups))

    def conv_transpose(
        self,
        x: Array,
        weight: Array,
        bias: Array | None,
        sliding: Sliding,
        output_pad: Shape,
        groups: int,
    ) -> Array:
        return _full(super().conv_transpose(x, weight, bias, sliding, output_pad, groups))

    def batch_norm(
        self, x: Array, mean: Array, variance: Array, scale: Array | None, shift: Array | None
    ) -> Array:
        return x

    def group_norm(self, x: Array, groups: int, scale: Array | None, shift: Array | None) -> Array:
        return x

    def layer_norm(self, x: Array, whole: bool, scale: Array | None, shift: Array | None) -> Array:
        return x

    def lrn(self, x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
        return x

    def scale(self, x: Array, factor: Array | float, shift: Array | None) -> Array:
        return x

    def prelu(self, x: Array, slope: Array) -> Array:
        return x

    def activation(self, kind: str, x: Array, parameter: float = 0.0) -> Array:
        return x

    def pad(self, x: Array, sides: Shape, channels: Shape, mode: str) -> Array:
        """Zeros whatever the mode: what mirrors the border is padding and no field."""
        return super().pad(x, sides, channels, "zeros")

    def softmax(self, x: Array) -> Array:
        return x

    def add(self, inputs: Sequence[Array]) -> Array:
        return self._joined(inputs)

    def subtract(self, inputs: Sequence[Array]) -> Array:
        """Two lit numbers must not cancel."""
        return self._joined(inputs)

    def multiply(self, inputs: Sequence[Array]) -> Array:
        """A product moves with either factor."""
        return self._joined(inputs)

    def _joined(self, inputs: Sequence[Array]) -> Array:
        """The sum of the inputs that lie position on position: a 1x1xC gate scales, no more."""
        largest = max(inputs, key=lambda x: x.size).shape
        aligned = [x for x in inputs if x.shape[:-1] == largest[:-1]]
        return merge.add(aligned, np.empty(largest, aligned[0].dtype))


def _full(x: Array) -> Array:
    """Every lit number as bright as can be: through many layers light would fade to zero."""
    return np.sign(x, out=x)


def even_weights(learned: Learned) -> Array:
    """The average of what is read, in the kernels' order; biases and the like are zero."""
    share = 1 / learned.fan_in if learned.name == "weight" else 0.0
    return np.full(kernel_shape(learned), share, DTYPE)


def lit(shape: Shape, axis: int, places: Sequence[int]) -> Array:
    """Images of `shape`, one a place: zero but for the slice at that place of a spatial axis."""
    images = np.zeros((len(places), *shape), DTYPE)
    for image, place in zip(images, places, strict=True):
        image[(slice(None),) * axis + (place,)] = 1
    return images


def reached(volume: Array, axis: int) -> list[list[bool]]:
    """For each image and each position of a spatial axis whether any light arrived there."""
    others = tuple(i for i in range(1, volume.ndim) if i != axis + 1)
    found: list[list[bool]] = np.any(volume > 0, axis=others).tolist()
    return found
