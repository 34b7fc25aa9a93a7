"""Fractional pooling (CS231n notes, Pooling Layer, Recent developments; Graham 2014).

Volumes whose numbers are their own positions show where each region ends.
"""

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from convcalc.backend.arrays import Scratch
from convcalc.backend.pool_to_size import fractional_max_pool
from convcalc.spec.load import load


class Fixed(Random):
    """Draws one offset, over and over."""

    def __init__(self, u):
        super().__init__(0)
        self.u = u

    def randrange(self, start, stop=None, step=1):
        return int(self.u * start)


def ends(size, count, overlapping, grids):
    """The last position of each region of one axis."""
    ramp = np.arange(size, dtype="f4").reshape(1, size, 1)
    out = fractional_max_pool(ramp, 0.0, (count,), overlapping, grids, Scratch())
    return [int(end) for end in out.reshape(-1)]


@pytest.mark.parametrize(("size", "count"), [(25, 16), (25, 17), (10, 9), (7, 4), (9, 5)])
@pytest.mark.parametrize("seed", range(20))
def test_regions_that_divide_are_one_or_two_wide(size, count, seed):
    """Regions of 1x1, 1x2, 2x1 or 2x2 that tile the input."""
    found = ends(size, count, False, Random(seed))
    widths = [b - a for a, b in zip([-1, *found], found, strict=False)]
    assert sum(widths) == size and set(widths) == {1, 2}
    assert widths.count(2) == size - count


@pytest.mark.parametrize("seed", range(20))
def test_overlapping_regions_are_two_wide_and_reach_both_edges(seed):
    found = ends(25, 17, True, Random(seed))
    assert found[0] == 1 and found[-1] == 24
    assert {b - a for a, b in pairwise(found)} <= {1, 2}


def test_every_pass_has_its_own_grid_and_every_seed_the_same():
    grids = Random(5)
    several = [ends(25, 17, False, grids) for _ in range(6)]
    assert len({tuple(one) for one in several}) > 2
    assert several[0] == ends(25, 17, False, Random(5))


@pytest.mark.parametrize("u", [0.0, 0.125, 0.5, 0.875])
@pytest.mark.parametrize(("shape", "output"), [((13, 14), (9, 8)), ((25, 25), (17, 17))])
def test_an_offset_makes_what_pytorch_makes_of_it(shape, output, u):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(3).normal(size=(2, *shape, 3)).astype("f4")
    ours = fractional_max_pool(x, 0.0, output, True, Fixed(u), Scratch())
    theirs = torch.nn.functional.fractional_max_pool2d(
        torch.tensor(np.moveaxis(x, -1, 1).copy()), 2, output_size=output,
        _random_samples=torch.full((2, 3, 2), u),
    )  # fmt: skip
    np.testing.assert_array_equal(np.moveaxis(ours, -1, 1), theirs.numpy())


@pytest.mark.parametrize(
    ("size", "ratio", "made"),
    [(100, 0.29, 28), (50, 0.58, 28), (25, 0.7, 17), (100, 0.28, 28), (10, 1.25, 8)],
)
def test_a_ratio_is_taken_in_floats_as_pytorch_does(size: int, ratio: float, made: int) -> None:
    spec = f"input: {size}x{size}x2\nlayers: [{{fractional_max_pool: {{ratio: {ratio}}}}}]\n"
    assert load("net.yaml", spec.encode()).steps[-1].output == (made, made, 2)
