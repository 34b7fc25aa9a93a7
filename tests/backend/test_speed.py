"""What the machine can do is measured once, not for every net that runs."""

import numpy as np
import pytest

from convcalc.backend import speed


def test_the_rate_of_the_machine_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[int] = []
    product = np.matmul

    def matmul(a, b, out):
        sides.append(len(a))
        return product(a, b, out=out)

    monkeypatch.setattr(np, "matmul", matmul)
    speed.product_rate.cache_clear()
    rates = {speed.product_rate("float32") for _ in range(3)}
    assert len(rates) == 1 and min(rates) > 0
    assert sides == [1024] * 4
