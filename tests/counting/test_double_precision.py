"""What thop counts of adaptive pools whose sizes do not divide: it divides in double precision."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.spec.load import load

#: measured with thop 0.1.1.post2209072238: (input, output, batch), what thop counts
_MEASURED = {
    ("8x8x1", "7", 1): 112,  # 64 + 49 = 113
    ("8x8x64", "7", 1): 7231,  # 7,232
    ("8x8x1", "7", 8): 903,  # 904
    ("13x13x1", "3", 1): 177,  # 178
    ("13x13x1", "6", 1): 204,  # 205
    ("13x13x3", "12", 2): 1877,  # 1,878
    ("13x14x15x1", "[12, 3, 7]", 1): 2981,  # 2,982
    ("14x14x512", "13", 1): 186879,  # 186,880
    # here the rounded quotient is large enough
    ("13x9x3", "[7, 4]", 1): 435,
    ("17x1", "5", 1): 22,
    ("9x13x5x2", "[4, 6, 3]", 1): 1314,
    ("8x8x1", "4", 1): 80,
}


@pytest.mark.parametrize(("shape", "output", "batch"), _MEASURED)
def test_adaptive_pools_to_the_integer(shape: str, output: str, batch: int) -> None:
    text = f"input: {shape}\nlayers:\n  - adaptive_avg_pool: {{output: {output}}}\n"
    counter = Counter(analyze(load("probe", text.encode())), batch=batch)
    count = counter.count(find("thop")).operations
    assert count == _MEASURED[shape, output, batch]
    assert counter.count(find("ultralytics")).operations == 2 * count
