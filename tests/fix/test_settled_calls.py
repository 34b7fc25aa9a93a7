"""`check --fix` where the calls of a block differ: what is right in some of them stays so."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered, told

STRIDED = """\
input: 32x32x8
blocks:
  b: {args: {s: 1}, layers: [conv: {filters: 8, kernel: 3, stride: =s, pad: 1}]}
layers:
  - b: 1
  - b: 2
  - fc-10
"""
NORMED = """\
input: 224x224x3
blocks:
  cbr:
    args: {c: 8, s: 1}
    layers: [conv: {filters: =c, kernel: 3, stride: =s, pad: 1, bias: false}, batch_norm, relu]
layers:
  - cbr: [32, 2]
  - cbr: 64
  - cbr: [128, 2]
  - cbr: 128
"""
FLOOR = [("", "rounding", "{conv: floor}")]


@pytest.mark.parametrize("spec", [STRIDED, STRIDED.replace("  - fc", "  - b: 2\n  - fc"), NORMED])
def test_a_strided_block_is_rounded_down_before_its_other_calls_grow(spec: str) -> None:
    found = [told(offer) for offer in offered(spec)]
    assert found[0] == FLOOR
    assert all(o.reach == 3 for o in offered(spec) if not o.only_floors)


def test_padding_of_a_block_whose_calls_all_step_comes_first() -> None:
    spec = STRIDED.replace("  - b: 1\n", "")
    assert told(offered(spec)[0]) == [("b1.conv1", "pad", "[1, 0, 1, 0]")]


UNREAD = """\
input: 32x32x3
blocks:
  b:
    args: {c: }
    layers:
      - add:
          branches:
            - [conv: {filters: =c, kernel: 1}, batch_norm]
            - []
layers:
  - conv3-32
  - b: 16
  - b: {c: 24, n: 2}
"""


@pytest.mark.parametrize("second", ["b: {c: 24, n: 2}", "b: {c: =x}", "b: [24, 3, 4]"])
def test_no_layer_is_changed_to_fit_the_calls_that_could_be_read(second: str) -> None:
    spec = UNREAD.replace("b: {c: 24, n: 2}", second)
    found = offered(spec)
    assert found and all(o.text.partition("layers:\n  -")[2] == spec.partition("layers:\n  -")[2]
                         for o in found)  # fmt: skip
    mended = found[0].text.replace(second, "b: 24")
    assert not [f for f in load("net.yaml", mended.encode()).findings if f.severity == "error"]


def test_the_rounding_of_the_file_is_no_change_to_fit_some_calls() -> None:
    spec = STRIDED.replace("b: 1\n  - b: 2\n", "b: 2\n  - b: {s: 1, n: 2}\n")
    found = [told(offer) for offer in offered(spec)]
    assert found[0] == [("b1.conv1", "pad", "[1, 0, 1, 0]")] and FLOOR in found
    assert not any(option == "input" for one in found for _, option, _ in one)
