"""`check --fix` where a merge reads volumes beside vectors: a flatten before it."""

import pytest

from tests.fix.repairs import faults, first, offered

TWO = """\
inputs: {{image: 16x16x3, meta: 12}}
layers:
  - conv3-8:
    from: image
  - {}:
    name: img
  - {}:
    from: meta
    name: m
  - {}:
    from: [img, m]
  - fc-10
"""
FLATTENED = "  - flatten:\n    from: img\n    name: img_flat\n"


@pytest.mark.parametrize(
    ("volume", "vector", "merge"),
    [
        ("global_avg_pool", "fc-32", "concat"),
        ("pool2", "fc-32", "concat"),
        ("global_avg_pool", "fc-8", "add"),
        ("pool2", "fc-512", "maximum"),
    ],
)
def test_a_volume_beside_a_vector_is_flattened(volume: str, vector: str, merge: str) -> None:
    spec = TWO.format(volume, vector, merge)
    merged = f"  - {merge}:\n    from: [img"
    (best,) = offered(spec)
    assert best.text == spec.replace(merged, f"{FLATTENED}{merged}_flat")
    assert faults(spec) == ["CC107"] and faults(best.text) == []


def test_a_sum_of_other_lengths_gets_as_many_units_too() -> None:
    spec = TWO.format("global_avg_pool", "fc-32", "add")
    repaired = first(spec)
    assert FLATTENED in repaired and "fc-8" in repaired and faults(repaired) == []


def test_a_volume_that_no_flatten_makes_equal_stays_one() -> None:
    assert not any("flatten" in o.text for o in offered(TWO.format("pool2", "fc-32", "add")))


def test_every_branch_that_is_no_vector_is_flattened() -> None:
    spec = (
        "input: 8x8x4\nlayers:\n  - concat:\n      branches:\n        a: [global_avg_pool]\n"
        "        b: fc-32\n        c: [conv3-4, global_avg_pool]\n"
    )
    assert first(spec) == spec.replace("avg_pool]", "avg_pool, flatten]")
