"""What outputs see behind a map that is resized to no multiple of its size."""

from typing import Any

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.layers.test_receptive_field_step import bilinear, nearest, windowed


@pytest.mark.parametrize("size", [250, 513, 2039])
@pytest.mark.parametrize(("mode", "reads"), [("nearest", nearest), ("bilinear", bilinear)])
def test_a_map_resized_to_any_size_is_followed(size: int, mode: str, reads: Any) -> None:
    """As nets for segmentation end: back to the image's size, which is no multiple, and a conv."""
    text = (
        f"input: 125x1\nlayers: [conv: {{filters: 1, kernel: 3, stride: 4, pad: 1}},"
        f" upsample: {{size: {size}, mode: {mode}}}, conv3-1]"
    )
    field = analyze(load("resized.yaml", text.encode())).rows[-1].receptive_field[0]
    for output in range(size):
        seen = set[int]()
        for first in windowed(3, 1, 1)(output):
            for second in reads(32, size)(first):
                seen |= windowed(3, 4, 1)(second)
        assert field.ends(output) == (min(seen), max(seen))
    assert field.size == max(last - first + 1 for first, last in field.fields)


def test_all_layers_of_a_long_net_keep_no_more_together() -> None:
    """Each layer behind a resize keeps what every output of a period sees."""
    text = 'input: 61x1\nlayers:\n  - upsample: {size: 2039}\n  - "[conv3-1]*%s"'
    for convs in (200, 600):
        rows = analyze(load("long.yaml", (text % convs).encode())).rows
        kept = sum(len(field.fields) for row in rows for field in row.receptive_field)
        assert kept == (2039 * (convs + 1) if convs == 200 else 0)
        assert rows[-1].receptive_field[0].is_estimate == (convs == 600)
