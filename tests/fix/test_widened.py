"""`check --fix` where a shortcut's condition asks for the stride and not for the depth."""

import pytest

from tests.fix.repairs import faults, first, offered

CONV = "conv: {filters: =width, kernel: 1, stride: =stride, bias: false}"
BLOCK = """\
input: 64x64x3
rounding: floor
blocks:
  residual:
    args: {{width: , stride: 1}}
    layers:
      - add:
          branches:
            body:
              - conv: {{filters: =width, kernel: 3, stride: =stride, pad: 1, bias: false}}
              - batch_norm
              - relu
              - conv: {{filters: =width, kernel: 3, pad: 1, bias: false}}
              - batch_norm
            skip:
{}
      - relu
layers:
  - conv: {{filters: {}, kernel: 3, pad: 1}}
  - relu
  - residual: 64
    times: 2
  - residual: [128, 2]
  - residual: 128
  - global_avg_pool
  - fc-10
"""


def entry(*lines: str) -> str:
    return "\n".join(f"              {line}" for line in lines)


@pytest.mark.parametrize("when", ["stride != 1", "stride > 1", "stride == 2"])
def test_the_channels_are_asked_for_before_a_stage_is_made_narrower(when: str) -> None:
    spec = BLOCK.format(entry(f"- {CONV}", f"  when: ={when}"), 16)
    repaired = first(spec)
    assert repaired == spec.replace(f"when: ={when}", f"when: ={when} or in_channels != width")
    assert faults(repaired) == []
    assert len(offered(spec)) > 1


def test_the_norm_behind_the_projection_goes_with_it() -> None:
    parts = f"- {CONV}", "  when: =stride != 1", "- batch_norm:", "  when: =stride != 1"
    condition = "  when: =stride != 1 or in_channels != width"
    together = f"- repeat: {{times: 1, layers: [{{{CONV}}}, batch_norm]}}"
    spec = BLOCK.format(entry(*parts), 16)
    assert first(spec) == BLOCK.format(entry(together, condition), 16)
    assert faults(first(spec)) == []
    assert first(BLOCK.format(entry(together, "  when: =stride != 1"), 16)) == first(spec)


def test_a_condition_that_asks_for_them_is_left_alone() -> None:
    spec = BLOCK.format(entry(f"- {CONV}", "  when: =in_channels < 16 or stride == 2"), 16)
    assert all("!= width" not in offer.text for offer in offered(spec))
    assert offered(BLOCK.format(entry(f"- {CONV}", "  when: =stride != 1"), 64)) == []
