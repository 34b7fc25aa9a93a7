"""Bytes of the learned parameters."""

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.layers.base import Parameters


def weights_bytes(weights: int, settings: Settings) -> int:
    """Bytes of one tensor of weights; with int4 two share a byte, the last of an odd number none.

    >>> weights_bytes(75, Settings(dtype="int4")), weights_bytes(75, Settings(dtype="int8"))
    (38, 75)
    """
    if settings.dtype == "int4":
        return -(-weights // 2)
    return weights * settings.number_bytes


def tensor_bytes(own: Parameters, sizes: tuple[int, ...], settings: Settings) -> list[int]:
    """Bytes of a layer's tensors, of so many numbers each: weights lead, where it has some."""
    width = settings.number_bytes
    found = [size * width for size in sizes]
    if own.weights and found:
        found[0] = weights_bytes(sizes[0], settings)
    return found


def parameter_bytes(analysis: Analysis) -> int:
    """Bytes of all parameters; shared ones once. 0 for a net without totals."""
    settings, totals = analysis.settings, analysis.totals
    width = settings.number_bytes
    if settings.dtype != "int4":
        return (totals.params or 0) * width
    rows = [row.parameters for row in analysis.rows if row.parameters is not None]
    return sum(weights_bytes(o.weights, settings) + width * (o.biases + o.norm) for o in rows)
