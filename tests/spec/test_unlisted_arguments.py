"""An argument that a block uses and a call gives, and that is not listed in `args:`."""

import convcalc

NET = """
input: 8x8x3
blocks:
  unit:
    args: {c: }
    layers:
      - conv: {filters: =c, kernel: 3, stride: =step, pad: 1}
layers:
  - unit: {c: 8, GIVEN: 1}
"""


def helps(text: str) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.help for finding in convcalc.load(text).findings}


def test_an_argument_that_the_block_uses_is_to_be_listed() -> None:
    assert helps(NET.replace("GIVEN", "step"))["CC012"] == (
        "unit uses it: add `step: ` to its `args:`",
        "unit takes c",
    )
    listed = NET.replace("{c: }", "{c: , step: }").replace("GIVEN", "step")
    assert convcalc.load(listed).ok


def test_one_that_nothing_uses_is_not() -> None:
    assert helps(NET.replace("GIVEN", "width"))["CC012"] == ("unit takes c",)
