"""lrn: local response normalisation across channels."""

from convcalc.layers.base import Elementwise
from convcalc.layers.option import Count, Number


class LocalResponseNorm(Elementwise):
    """Divides by the neighbouring channels' energy (Krizhevsky et al. 2012, section 3.3).

    Size: the input's.
    Parameters: none.
    MACs: none: no weights.
    Example: 55x55x96 -> lrn: {size: 5} -> 55x55x96
    """

    kind = "lrn"

    size = Count("channels that are summed", default=5)
    alpha = Number("weight of the energy", default=1e-4)
    beta = Number("power of the divisor", default=0.75)
    k = Number("constant of the divisor", default=2.0)

    def describe(self) -> str:
        return f"lrn over {self.size}"
