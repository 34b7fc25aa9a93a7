"""Several volumes become one."""

from collections.abc import Sequence

import numpy as np

from convcalc.backend.arrays import Array


def add(inputs: Sequence[Array], out: Array) -> Array:
    """Sum of volumes of one shape; `out` may be the first."""
    if len(inputs) == 1:
        np.copyto(out, inputs[0])
        return out
    np.add(inputs[0], inputs[1], out=out)
    for other in inputs[2:]:
        out += other
    return out


def subtract(inputs: Sequence[Array]) -> Array:
    """The first volume less the second."""
    first, second = inputs
    return np.subtract(first, second)


def maximum(inputs: Sequence[Array]) -> Array:
    """The largest number of each place."""
    out = inputs[0].copy()
    for other in inputs[1:]:
        np.maximum(out, other, out=out)
    return out


def average(inputs: Sequence[Array]) -> Array:
    """The mean of the numbers of each place."""
    out = add(inputs, np.empty_like(inputs[0]))
    out /= len(inputs)
    return out


def multiply(inputs: Sequence[Array]) -> Array:
    """Product of volumes; a 1x1xC gate is spread over the positions, an HxWx1 over channels."""
    if len(inputs) == 1:
        return inputs[0].copy()
    whole = max(inputs, key=lambda x: x.size)
    gates = list(inputs)
    for i, x in enumerate(gates):
        if x is whole:
            del gates[i]
            break
    out = np.multiply(whole, gates[0])
    for gate in gates[1:]:
        out *= gate
    return out


def concat(inputs: Sequence[Array]) -> Array:
    """Volumes joined along the channels."""
    return np.concatenate(inputs, axis=-1)
