"""`check --fix` of a formula in a block that gives a branch the wrong depth in every call."""

import pytest

from convcalc import zoo
from tests.fix.repairs import faults, first, offered, told

SCALED = """\
input: 32x32x32
blocks:
  se:
    args: {c: }
    layers:
      - multiply:
          branches:
            body: identity
            scale: [global_avg_pool, conv: {filters: =c/16, kernel: 1}, relu,
                    conv: {filters: =c/16, kernel: 1}, sigmoid]
layers:
  - conv3-32
  - se: 32
  - conv3-64
  - se: 64
"""
PROJECTED = """\
input: 32x32x32
rounding: floor
blocks:
  unit:
    args: {c: , s: 1}
    layers:
      - add:
          branches:
            body: [conv: {filters: =c, kernel: 3, stride: =s, pad: 1}, relu,
                   conv: {filters: =4*c, kernel: 1}]
            skip: [conv: {filters: =2*c, kernel: 1, stride: =s}]
      - relu
layers:
  - unit: 32
  - unit: [64, 2]
"""


def test_the_last_conv_of_a_scale_has_as_many_filters_as_it_scales() -> None:
    right = SCALED.replace("=c/16, kernel: 1}, sig", "=c, kernel: 1}, sig")
    (only,) = offered(SCALED)
    assert only.text == right and faults(right) == []
    assert told(only) == [("se1.conv2", "filters", "=c")]


@pytest.mark.parametrize("wrong", ["=2*c", "=c/2", "=8*c"])
def test_a_projection_follows_the_body_in_every_call(wrong: str) -> None:
    right = PROJECTED.replace("=2*c", "=4*c")
    assert first(PROJECTED.replace("=2*c", wrong)) == right and faults(right) == []


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("resnet20-a", "=filters, kernel: 3, pad: 1", "=2*filters, kernel: 3, pad: 1"),
        ("resnet50", "filters: =4*planes, kernel: 1, bias", "filters: =2*planes, kernel: 1, bias"),
        ("xception", "filters: =second, kernel: 1", "filters: =2*second, kernel: 1"),
        ("mobilenet_v3_small", "filters: =channels", "filters: =channels/4"),
    ],
)
def test_the_formula_of_a_bundled_net_is_found_again(name: str, right: str, wrong: str) -> None:
    text = zoo.read(name).decode()
    assert text.count(right)
    assert first(text.replace(right, wrong, 1)) == text


def test_a_number_that_one_call_gives_is_changed_there() -> None:
    spec = (
        "input: 8x8x32\nblocks:\n  unit:\n    args: {c: , w: }\n    layers:\n      - add:\n"
        "          branches:\n            body: [conv: {filters: =c, kernel: 3, pad: 1}]\n"
        "            skip: [conv: {filters: =w, kernel: 1}]\n"
        "layers:\n  - unit: [32, 32]\n  - unit: [64, 32]\n"
    )
    best, *others = offered(spec)
    assert "unit: [64, 64]" in best.text or "unit: [32, 32]\n  - unit: [32, 32]" in best.text
    assert any("filters: =c, kernel: 1" in offer.text for offer in others)


PASSED = """\
input: 32x32x3
blocks:
  se:
    args: {c: , r: }
    layers:
      - multiply:
          branches:
            - []
            - [global_avg_pool, conv: {filters: =r, kernel: 1}, relu,
               conv: {filters: =c, kernel: 1}, sigmoid]
  mb:
    args: {f: }
    layers:
      - conv: {filters: =f, kernel: 3, pad: 1}
      - se: {c: =f, r: =f/4}
layers:
  - mb: [32]
  - mb: [64]
"""


@pytest.mark.parametrize("wrong", ["=f/4", "=f*4", "=3*f", "=f + 8"])
@pytest.mark.parametrize("call", ["{c: %s, r: =f/4}", "[%s, =f/4]"])
def test_the_formula_that_a_call_passes_is_changed_in_the_call(call: str, wrong: str) -> None:
    """The block that is called has a name alone there; other calls of it are right."""
    right = PASSED.replace("{c: =f, r: =f/4}", call % "=f")
    assert first(PASSED.replace("{c: =f, r: =f/4}", call % wrong)) == right and not faults(right)


def test_a_formula_that_is_passed_on_is_changed_where_it_is_written() -> None:
    between = "  gate:\n    args: {w: }\n    layers: [se: [=w, =w/4]]\n  mb:\n"
    right = PASSED.replace("  mb:\n", between).replace("se: {c: =f, r: =f/4}", "gate: =f")
    assert faults(right) == []
    assert first(right.replace("gate: =f", "gate: =2*f")) == right


def test_a_wrong_gate_of_a_vector_gets_its_axes_and_its_formula() -> None:
    wrong = SCALED.replace("conv: {filters: =c/16, kernel: 1}", "fc: =c/16")
    (only,) = offered(wrong)
    assert only.errors == () and faults(only.text) == []
    assert "fc: {units: =c/16}, relu," in only.text and "fc: {units: =c}, sigmoid" in only.text
    assert "{reshape: {shape: [1, 1, =in_channels]}}" in only.text
