"""What follows from an entry that is wrong itself is no error of its own, and nothing is edited."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

CALL = """\
input: 32x32x3
blocks:
  res:
    args: {f: 3}
    layers: [conv3-8, relu]
layers:
  - res: [3, 4]
  - res: 5
  - relu:
    from: res1.conv1
"""
FOREIGN = """\
input: 32x32x3
layers:
  - Conv2D: {filters: 3, kernel_size: 3, spectral: 1}
  - conv3-3
  - add:
    from: [conv1, conv2]
"""
WHEN = """\
input: 32x32x3
layers:
  - conv3-16:
    name: r
  - conv: {filters: 8, kernel: 3, pad: 1}
    when: =in_channels != 16
    name: z
  - add:
    from: [r, z]
"""
HEADS = """\
input: 32x32x3
blocks:
  head: {args: {c: 8}, layers: [conv: {filters: =c, kernel: 3, pad: 1}, relu, conv3-4]}
layers:
  - {conv3-16: , name: p3}
  - {CALL, name: one}
  - {head: , name: two, from: p3, weights: one}
  - {head: , name: three, from: p3, weights: one}
outputs: [one, two]
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CALL, "CC012"),
        (FOREIGN, "CC011"),
        (FOREIGN.replace("Conv2D: {filters: 3, kernel_size: 3, spectral: 1}", "Wavelet"), "CC011"),
        (FOREIGN.replace("Conv2D: {filters: 3, kernel_size: 3, spectral: 1}", "conv3-8: {x: 1}"),
         "CC012"),
        (FOREIGN.replace("Conv2D: {filters: 3, kernel_size: 3, spectral: 1}", "Conv2D(a, b, c)"),
         "CC021"),
        (HEADS.replace("CALL", "head: , from: p5"), "CC017"),
        (HEADS.replace("CALL", "head: {d: 8}"), "CC012"),
        (HEADS.replace("CALL", "heat: "), "CC011"),
        ("input: 8x8x3\nvars: [width, 32]\nlayers: [conv: {filters: =width, kernel: 3}]\n",
         "CC014"),
    ],
)  # fmt: skip
def test_only_the_root_cause_is_told(text: str, code: str) -> None:
    network = load("net.yaml", text.encode())
    assert [f.code for f in network.findings] == [code]


def test_a_reference_is_not_rewritten_for_another_line() -> None:
    assert words_replaced(load("net.yaml", CALL.encode())) is None
    fixed = words_replaced(load("net.yaml", FOREIGN.replace(", spectral: 1", "").encode()))
    assert fixed is not None and "from: [conv1, conv2]" in fixed.text and fixed.errors == ()


def test_a_reference_that_has_no_layer_is_still_told() -> None:
    text = FOREIGN.replace("conv2", "far")
    codes = [f.code for f in load("net.yaml", text.encode()).findings]
    assert codes == ["CC011", "CC017"]


def test_a_layer_that_its_condition_leaves_out_is_not_below() -> None:
    (finding,) = load("net.yaml", WHEN.encode()).findings
    assert finding.message == "'z' is left out: its `when` in line 6 is not met"
    assert finding.help[0].startswith("read another layer, give this one the same `when`, or put")


def test_what_is_no_call_for_certain_is_told() -> None:
    found = load("net.yaml", HEADS.replace("CALL", "conv3-8: , from: p5").encode()).findings
    assert [f.code for f in found] == ["CC017", "CC123", "CC123"]


def test_weights_of_a_call_further_down_are_not_those_of_the_call_itself() -> None:
    text = HEADS.replace("CALL", "head: , weights: two")
    (first, *_) = load("net.yaml", text.encode()).findings
    assert first.message == "'two' is defined later"
