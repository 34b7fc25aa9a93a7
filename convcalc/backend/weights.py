"""Arrays for a run: random ones, or those of a state_dict put into the kernels' order once."""

from collections.abc import Sequence

import numpy as np
from numpy.random import default_rng

from convcalc.backend.arrays import Array
from convcalc.layers.ops import Learned
from convcalc.shapes import Shape

#: Random numbers that are drawn; larger arrays repeat them. Shapes and memory need numbers that
#: are finite and varied, not new: drawing VGG-16's 138 million takes longer than running it.
BLOCK = 2**20

#: Filters that are reordered at once: with a cache line of each row, large arrays take a quarter
#: of the time.
_STRIPE = 16


class RandomWeights:
    """Varied numbers of a sensible size for any array, the same for the same seed."""

    def __init__(self, seed: int, dtype: str, numbers: int = BLOCK) -> None:
        draw = default_rng(seed).standard_normal
        self._block = draw(max(min(numbers, BLOCK), 1024), np.float32).astype(dtype)
        self._at = 0

    def array(self, learned: Learned) -> Array:
        """Values in the kernels' order: He's scale for filters, near 1 or 0 for the rest."""
        out = np.empty(kernel_shape(learned), self._block.dtype)
        flat = out.reshape(-1)
        spread, centre = _spread(learned)
        at = 0
        while at < flat.size:
            piece = self._block[self._at : self._at + flat.size - at]
            np.multiply(piece, spread, out=flat[at : at + piece.size])
            at += piece.size
            self._at = (self._at + piece.size) % self._block.size
        if centre:
            out += centre
        if learned.name == "running_var":
            np.abs(out, out=out)
        return out


def kernel_shape(learned: Learned) -> Shape:
    """The shape of an array in the kernels' order."""
    shape = learned.apart or learned.shape
    return tuple(shape[i] for i in learned.order) if learned.order else shape


def _spread(learned: Learned) -> tuple[float, float]:
    """Standard deviation and mean. Norms scale by 0.7, which keeps sums of many blocks finite."""
    if learned.fan_in > 1:
        return (2 / learned.fan_in) ** 0.5, 0.0
    if learned.name == "weight":
        return 0.05, 0.7
    return 0.1, 1.0 if learned.name == "running_var" else 0.0


def gain(learned: Learned) -> float:
    """How many times as large random weights make the numbers that a layer reads."""
    spread, centre = _spread(learned)
    return centre or float(spread * learned.fan_in**0.5)


def packed(array: Array, learned: Learned, flattened: Sequence[Shape], dtype: str) -> Array:
    """An array of a state_dict in the kernels' order, channels last, contiguous."""
    if flattened:
        array = array[..., channels_last(flattened)]
    if learned.order:
        array = array.reshape(learned.apart or learned.shape).transpose(learned.order)
        out = np.empty(array.shape, dtype)
        for at in range(0, array.shape[-1], _STRIPE):
            out[..., at : at + _STRIPE] = array[..., at : at + _STRIPE]
        return out
    return np.ascontiguousarray(array, dtype)


def channels_last(volumes: Sequence[Shape]) -> Array:
    """Where each number of flattened volumes, channels last, lies when flattened channels first."""
    parts, offset = [], 0
    for *spatial, channels in volumes:
        count = int(np.prod(spatial, dtype=np.int64)) * channels
        places = np.arange(offset, offset + count).reshape(channels, *spatial)
        parts.append(np.moveaxis(places, 0, -1).reshape(-1))
        offset += count
    return np.concatenate(parts)


def channels_first(array: Array, volumes: Sequence[Shape]) -> Array:
    """Weights over volumes flattened channels last, in PyTorch's order instead.

    Args:
        array: its last axis runs over the numbers of all volumes.
        volumes: their shapes, channels last.
    """
    found = np.empty_like(array)
    found[..., channels_last(volumes)] = array
    return found


def reciprocal(array: Array) -> Array:
    """One over every number; infinite where it is 0."""
    with np.errstate(divide="ignore"):
        return 1 / array


def constant(shape: Shape, number: float) -> Array:
    """One number everywhere."""
    return np.full(shape, number, np.float32)


def random_volume(seed: int, shape: tuple[int, ...], dtype: str) -> Array:
    """A batch of pictures of noise."""
    draw = default_rng(seed).standard_normal
    flat = np.empty(shape, dtype).reshape(-1)
    block = draw(min(flat.size, BLOCK), np.float32)
    for at in range(0, flat.size, BLOCK):
        flat[at : at + BLOCK] = block[: flat.size - at]
    return flat.reshape(shape)


def as_batch(pictures: Array, dtype: str) -> Array:
    """Pictures in the dtype of a run; a copy, which the run accounts for."""
    return np.array(pictures, dtype, order="C")


def finite(array: Array, dtype: str | None = None) -> bool:
    """Whether there is neither a NaN nor an infinity, without a second array of that size.

    With `dtype` whether there would be none in that type.
    """
    if not array.size:
        return True
    ends = np.array([array.min(), array.max()])  # a NaN is both
    return bool(np.isfinite(ends if dtype is None else ends.astype(dtype)).all())
