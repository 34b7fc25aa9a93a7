"""dropout: sets numbers to zero at random in training."""

from convcalc.layers.base import CanOverwrite
from convcalc.layers.option import Number


class Dropout(CanOverwrite):
    """Drops numbers with probability `rate` in training; nothing in inference (JMLR 15, 2014).

    Size: the input's.
    Parameters: none.
    MACs: none: no weights.
    Example: 4096 -> dropout: {rate: 0.5} -> 4096
    """

    kind = "dropout"
    idle_in_inference = True

    rate = Number("share of the numbers that are dropped", default=0.5, minimum=0.0, maximum=1.0)

    def describe(self) -> str:
        return f"dropout {self.rate:g}"
