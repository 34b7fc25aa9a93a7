"""float16 by computing in float32: volumes and parameters are half as large, kernels are not."""

from collections.abc import Mapping, Sequence

import numpy as np

from convcalc.backend.arrays import Array
from convcalc.backend.ops import NumPyOps
from convcalc.layers.base import Layer


def forward(
    layer: Layer, ops: NumPyOps, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> Array:
    """The forward pass of a layer on float16 arrays; its float32 copies count as workspace."""
    if layer.is_view or layer.identity_in_inference:
        return layer.forward(ops, inputs, weights)  # type: ignore[no-any-return]
    wide = [_wide(x, ops) for x in inputs]
    result = layer.forward(ops, wide, {name: _wide(w, ops) for name, w in weights.items()})
    if ops.in_place:
        np.copyto(inputs[0], result, casting="same_kind")
        return inputs[0]
    return ops.scratch.adopt(result).astype(np.float16)


def _wide(x: Array, ops: NumPyOps) -> Array:
    if not any(x.strides):  # a shape without numbers
        return x
    room = ops.scratch.empty(x.shape, np.dtype(np.float32))
    np.copyto(room, x)
    return room
