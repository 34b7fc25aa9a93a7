"""What this machine can do at best: the rate of a plain matrix product."""

from functools import cache
from time import perf_counter

import numpy as np


@cache  # it takes longer than most nets that are run
def product_rate(dtype: str) -> int:
    """Multiply-accumulates a second of a 1024x1024 matrix product, the best of a few."""
    side = 1024
    kind = np.float64 if dtype == "float64" else np.float32
    a, out = np.ones((side, side), kind), np.empty((side, side), kind)
    best = float("inf")
    for _ in range(4):
        start = perf_counter()
        np.matmul(a, a, out=out)
        best = min(best, perf_counter() - start)
    return round(side**3 / best)
