"""The working memory of the kernels, before they run: what grows with the options of a layer.

A padded copy is as large as the dilation makes it, whatever its input and its output; and axes
are enlarged and pooled one after the other, so that what lies between may be larger than both.
All else that kernels take is a few cache-sized pieces.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from convcalc.backend import conv, locally_connected, norm, pool
from convcalc.backend.arrays import Array, Counted, shape_only
from convcalc.backend.placement import place, spread
from convcalc.backend.resize import counts_of
from convcalc.layers.base import Layer, Roundings
from convcalc.layers.ops import Sliding
from convcalc.shapes import Shape, elements


def workspace(
    layer: Layer,
    roundings: Roundings,
    inputs: Sequence[Shape],
    made: Shape,
    weights: Mapping[str, Shape],
    dtype: str,
    exact: bool,
) -> int:
    """Bytes that a layer works in; nothing is made, and no number is looked at.

    Shapes are (N, *spatial, C), and those of weights as the kernels have them;
    `made` is the output, () where it is an input's.
    """
    if layer.is_view or layer.identity_in_inference:
        return 0
    wide = 0
    if dtype == "float16":  # computed in float32, in copies
        read = inputs[:-1] if getattr(layer, "like", None) is not None else inputs
        copied = (*read, *weights.values(), *((made,) if made else ()))
        wide = 4 * sum(map(elements, copied))
        dtype = "float32"
    kind = np.dtype(dtype)
    ops: Any = _Workspace(roundings, exact)
    arrays = {name: shape_only(shape, kind) for name, shape in weights.items()}
    layer.forward(ops, [shape_only(shape, kind) for shape in inputs], arrays)
    taken: int = ops.scratch.bytes
    return wide + taken


class _Workspace:
    """The kernels that need room of their own; the others are asked for nothing."""

    def __init__(self, roundings: Roundings, exact: bool) -> None:
        self.roundings = roundings
        self.exact = exact
        self.scratch = Counted()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda x, *rest: x

    def shape(self, x: Array) -> Shape:
        return tuple(x.shape[1:])

    def conv(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding, groups: int
    ) -> Array:
        conv.rooms_of(x, weight, sliding, groups, self.scratch, self.exact)
        return x

    def locally_connected(
        self, x: Array, weight: Array, bias: Array | None, sliding: Sliding
    ) -> Array:
        locally_connected.rooms_of(x, weight, place(x.shape[1:-1], sliding), self.scratch)
        return x

    def group_norm(self, x: Array, groups: int, scale: Array | None, shift: Array | None) -> Array:
        norm.rooms_of(x, groups, self.scratch)
        return x

    def layer_norm(self, x: Array, whole: bool, scale: Array | None, shift: Array | None) -> Array:
        if whole:
            norm.rooms_of(x, 1, self.scratch)
        return x

    def max_pool(self, x: Array, sliding: Sliding) -> Array:
        return self._pooled(x, sliding)

    def avg_pool(self, x: Array, sliding: Sliding, count_padding: bool) -> Array:
        return self._pooled(x, sliding)

    def l2_pool(self, x: Array, sliding: Sliding) -> Array:
        return self._pooled(x, sliding, squared=True)

    def _pooled(self, x: Array, sliding: Sliding, squared: bool = False) -> Array:
        pool.rooms_of(x, place(x.shape[1:-1], sliding), self.scratch, squared)
        return x

    def adaptive_max_pool(self, x: Array, output: Shape) -> Array:
        return self._between(x, spread(output, x.ndim - 2))

    def adaptive_avg_pool(self, x: Array, output: Shape) -> Array:
        return self._between(x, spread(output, x.ndim - 2))

    def fractional_max_pool(
        self, x: Array, ratio: float, output: Shape, overlapping: bool
    ) -> Array:
        return self._between(x, spread(output, x.ndim - 2)) if output else x

    def upsample(self, x: Array, scale: Shape, size: Shape, linear: bool) -> Array:
        counts = counts_of(x, scale, size)
        if linear:  # a line of the axis at hand
            for number, shape in enumerate(_stages(x, counts), 1):
                before = (*shape[:number], x.shape[number], *shape[number + 1 :])
                self.scratch.empty((math.prod(before) // before[number],), x.dtype)
        else:  # what each position repeats
            self.scratch.empty((sum(counts),), np.dtype(np.int64))
        return self._between(x, counts)

    def _between(self, x: Array, counts: Sequence[int]) -> Array:
        """The volumes between axis and axis, of which the last is the output."""
        for shape in _stages(x, counts)[:-1]:
            self.scratch.empty(shape, x.dtype)
        return x


def _stages(x: Array, counts: Sequence[int]) -> list[Shape]:
    """The shapes of a volume as its axes get their sizes one after the other."""
    numbers = range(1, len(counts) + 1)
    return [(*x.shape[:1], *counts[:number], *x.shape[number + 1 :]) for number in numbers]
