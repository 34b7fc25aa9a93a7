"""Layers beside a `when` without a kind: they are one group under it, which is made once."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, offered

BLOCK = """\
input: 32x32x16
blocks:
  res:
    args: {{c: , s: 1}}
    layers:
      - add:
          branches:
            main:
              - conv: {{filters: =c, kernel: 3, stride: =s, pad: same}}
            shortcut:
{}
      - relu
layers:
  - res: {{c: 16}}
  - res: {{c: 32, s: 2}}
  - fc-10
"""
CONV = "conv: {filters: =c, kernel: 1, stride: =s, pad: same}"
HELP = "layers under one `when` stand inside `repeat: {times: 1, layers: [...]}`, with the "


def spec(*lines: str) -> str:
    return BLOCK.format("\n".join(f"              {line}" for line in lines))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (
            ("when: =s > 1", "layers:", f"  - {CONV}  # wider", "  - batch_norm"),
            ("when: =s > 1", "repeat:", "  times: 1", "  layers:", f"    - {CONV}  # wider",
             "    - batch_norm"),
        ),
        (
            ("layers:", f"  - {CONV}", "  - batch_norm", "when: =s > 1"),
            ("repeat:", "  times: 1", "  layers:", f"    - {CONV}", "    - batch_norm",
             "when: =s > 1"),
        ),
        (
            (f"- {{when: =s > 1, layers: [{CONV}, batch_norm]}}",),
            (f"- {{when: =s > 1, repeat: {{times: 1, layers: [{CONV}, batch_norm]}}}}",),
        ),
    ],
)  # fmt: skip
def test_layers_under_a_condition_are_made_once(
    now: tuple[str, ...], then: tuple[str, ...]
) -> None:
    text = spec(*now)
    (found,) = load("net.yaml", text.encode()).findings
    assert found.help == (f"{HELP}`when` beside it",)
    (offer,) = offered(text)
    assert offer.text == spec(*then)
    assert faults(offer.text) == []
