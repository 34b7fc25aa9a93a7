"""`check --fix`: the `from:` of a second tower, which reads the first while an input is unused."""

import pytest

from tests.fix.repairs import first, offered, told

BLOCKS = """\
inputs: {rgb: 28x28x3, depth: 28x28x1}
blocks:
  enc:
    layers:
      - conv: {filters: 4, kernel: 3, pad: 1}
      - pool2
      - pool2
layers:
  - enc:
    from: rgb
    name: a
  - enc:
    name: b
    from: depth
  - concat:
    from: [a, b]
"""
LAYERS = """\
inputs: {rgb: 16x16x3, depth: 16x16x1, ir: 16x16x1}
layers:
  - {conv3-4: , from: rgb}
  - {pool2: , name: a}
  - conv3-4:
    from: depth
  - {pool2: , name: b}
  - {conv3-4: , from: ir}
  - {pool2: , name: c}
  - {concat: , from: [a, b, c]}
"""
#: no error, but that an input is unused
POOLED = LAYERS.replace("pool2", "global_avg_pool")
#: a skip around one conv, and an input that nothing reads yet
SKIP = """\
inputs: {img: 16x16x3, mask: 16x16x1}
layers:
  - {conv3-4: , from: img}
  - {relu: , name: x}
  - {conv3-4: , name: y}
  - {add: , from: [x, y]}
"""


@pytest.mark.parametrize("spec", [BLOCKS, LAYERS])
def test_the_second_tower_reads_the_input_that_nothing_reads(spec: str) -> None:
    slip = spec.replace("    from: depth\n", "").replace("- conv3-4:\n", "- conv3-4\n")
    assert slip != spec and first(slip) == spec
    assert told(offered(slip)[0])[0][1:] == ("from", "depth")


@pytest.mark.parametrize("spec", [LAYERS, POOLED])
def test_of_three_towers_each_reads_its_own(spec: str) -> None:
    slip = spec.replace("    from: depth\n", "").replace("conv3-4: , from: ir", "conv3-4: ")
    (best, *_) = offered(slip)
    assert [after for _, _, after in told(best)] == ["depth", "ir"]
    assert best.left == (0, 0, 0)


def test_a_skip_is_no_second_tower() -> None:
    assert all(change.option != "from" for offer in offered(SKIP) for change in offer.changes)
