"""`NumPyOps`: the kernels under the names that layer kinds call."""

from collections.abc import Sequence
from random import Random

import numpy as np

from convcalc.backend import (
    activation,
    conv,
    conv_transpose,
    fc,
    locally_connected,
    merge,
    norm,
    pool,
    pool_to_size,
    rearrange,
    resize,
)
from convcalc.backend.arrays import Array, Scratch
from convcalc.layers.base import Roundings
from convcalc.layers.ops import Sliding
from convcalc.shapes import Shape

_FILE_DEFAULT = Roundings()


class NumPyOps:
    """`convcalc.layers.ops.Ops` on NumPy arrays.

    `in_place` lets kernels that can write into their first input; `exact` leaves out kernels that
    reorder a convolution's arithmetic; `seed` is of the grids of fractional pools, which a pass
    draws one after another.
    """

    def __init__(
        self, roundings: Roundings = _FILE_DEFAULT, exact: bool = False, seed: int = 0
    ) -> None:
        self.roundings = roundings
        self.exact = exact
        self.in_place = False
        self.scratch = Scratch()
        self.grids = Random(seed)

    def _target(self, x: Array) -> Array:
        return x if self.in_place else np.empty_like(x)

    def conv(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding, groups: int
    ) -> Array:
        return conv.conv(x, weight, bias, sliding, groups, self.scratch, self.exact)

    def conv_transpose(
        self,
        x: Array,
        weight: Array,
        bias: Array | None,
        sliding: Sliding,
        output_pad: Shape,
        groups: int,
    ) -> Array:
        return conv_transpose.conv_transpose(
            x, weight, bias, sliding, output_pad, groups, self.scratch
        )

    def locally_connected(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding
    ) -> Array:
        return locally_connected.locally_connected(x, weight, bias, sliding, self.scratch)

    def fc(self, x: Array, weight: Array, bias: Array | None) -> Array:
        return fc.fc(x, weight, bias)

    def max_pool(self, x: Array, sliding: Sliding) -> Array:
        return pool.max_pool(x, sliding, self.scratch)

    def avg_pool(self, x: Array, sliding: Sliding, count_padding: bool) -> Array:
        return pool.avg_pool(x, sliding, count_padding, self.scratch)

    def l2_pool(self, x: Array, sliding: Sliding) -> Array:
        return pool.l2_pool(x, sliding, self.scratch)

    def adaptive_max_pool(self, x: Array, output: Shape) -> Array:
        return pool_to_size.adaptive_max_pool(x, output, self.scratch)

    def adaptive_avg_pool(self, x: Array, output: Shape) -> Array:
        return pool_to_size.adaptive_avg_pool(x, output, self.scratch)

    def fractional_max_pool(
        self, x: Array, ratio: float, output: Shape, overlapping: bool
    ) -> Array:
        return pool_to_size.fractional_max_pool(
            x, ratio, output, overlapping, self.grids, self.scratch
        )

    def batch_norm(
        self, x: Array, mean: Array, variance: Array, scale: Array | None, shift: Array | None
    ) -> Array:
        return norm.batch_norm(x, mean, variance, scale, shift, self.scratch)

    def group_norm(self, x: Array, groups: int, scale: Array | None, shift: Array | None) -> Array:
        return norm.group_norm(x, groups, scale, shift, self.scratch)

    def layer_norm(self, x: Array, whole: bool, scale: Array | None, shift: Array | None) -> Array:
        return norm.layer_norm(x, whole, scale, shift, self.scratch)

    def lrn(self, x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
        return norm.lrn(x, size, alpha, beta, k, self.scratch)

    def scale(self, x: Array, factor: Array | float, shift: Array | None) -> Array:
        return norm.scaled(x, factor, shift, self.scratch)

    def prelu(self, x: Array, slope: Array) -> Array:
        return activation.prelu(x, slope, self.scratch)

    def activation(self, kind: str, x: Array, parameter: float = 0.0) -> Array:
        return activation.activation(kind, x, self._target(x), parameter, self.scratch)

    def softmax(self, x: Array) -> Array:
        return activation.softmax(x, self._target(x))

    def add(self, inputs: Sequence[Array]) -> Array:
        return merge.add(inputs, self._target(inputs[0]))

    def subtract(self, inputs: Sequence[Array]) -> Array:
        return merge.subtract(inputs)

    def multiply(self, inputs: Sequence[Array]) -> Array:
        return merge.multiply(inputs)

    def maximum(self, inputs: Sequence[Array]) -> Array:
        return merge.maximum(inputs)

    def average(self, inputs: Sequence[Array]) -> Array:
        return merge.average(inputs)

    def concat(self, inputs: Sequence[Array]) -> Array:
        return merge.concat(inputs)

    def reshape(self, x: Array, shape: Shape) -> Array:
        return x.reshape(len(x), *shape)

    def slice(self, x: Array, start: int, stop: int) -> Array:
        return rearrange.slice_channels(x, start, stop)

    def pad(self, x: Array, sides: Shape, channels: Shape, mode: str) -> Array:
        return rearrange.pad(x, sides, channels, mode)

    def crop_sides(self, x: Array, sides: Shape) -> Array:
        return rearrange.crop_sides(x, sides)

    def crop_middle(self, x: Array, size: Shape) -> Array:
        return rearrange.crop_middle(x, size)

    def upsample(self, x: Array, scale: Shape, size: Shape, linear: bool) -> Array:
        return resize.upsample(x, scale, size, linear, self.scratch)

    def pixel_shuffle(self, x: Array, factor: int, depth_first: bool) -> Array:
        return rearrange.pixel_shuffle(x, factor, depth_first)

    def space_to_depth(self, x: Array, factor: int, depth_first: bool) -> Array:
        return rearrange.space_to_depth(x, factor, depth_first)

    def channel_shuffle(self, x: Array, groups: int) -> Array:
        return rearrange.channel_shuffle(x, groups)

    def shape(self, x: Array) -> Shape:
        return tuple(x.shape[1:])
