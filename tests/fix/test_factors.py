"""An `upsample` or `conv_transpose` with the wrong factor: the right one is the first repair."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import DECODER, faults, offered, told

NET = """\
input: 32x32x8
layers:
  - {{conv3-8: , name: a}}
  - pool2
  - conv3-8
  - {{{layer}, name: up}}
  - {{{kind}: , from: [up, a]}}
"""


@pytest.mark.parametrize("kind", ["concat", "add"])
@pytest.mark.parametrize(
    ("layer", "option", "after"),
    [
        ("upsample: {scale: 4}", "scale", "2"),
        ("upsample: {scale: 3}", "scale", "2"),
        ("upsample: {scale: [2, 4]}", "scale", "2"),
        ("conv_transpose: {filters: 8, kernel: 2, stride: 1}", "stride", "2"),
        ("conv_transpose: {filters: 8, kernel: 2, stride: 4}", "stride", "2"),
        ("conv_transpose: {filters: 8, kernel: 4, stride: 4}", "stride, pad", "2, 1"),
        ("conv_transpose: {filters: 8, kernel: 4, stride: 4, pad: same}", "stride", "2"),
        ("conv_transpose: {filters: 8, kernel: 4, stride: 3, pad: 1}", "stride", "2"),
    ],
)
def test_the_factor_that_fits_comes_first(layer: str, option: str, after: str, kind: str) -> None:
    spec = NET.format(layer=layer, kind=kind)
    assert faults(spec) == ["CC107"]
    best = offered(spec)[0]
    assert told(best) == [("up", option, after)] and best.reach == 0
    before, then = (load("n", text.encode()) for text in (spec, best.text))
    assert faults(best.text) == [] and then.steps[-1].output is not None
    kernels = [
        getattr(s.layer, "kernel", 0) for n in (before, then) for s in n.steps if s.name == "up"
    ]
    assert kernels[0] == kernels[1]
    (finding,) = [f for f in analyze(before).findings if f.code == "CC107"]
    pairs = zip(option.split(", "), after.split(", "), strict=True)
    text = ", ".join(f"{key}: {value}" for key, value in pairs)
    assert finding.help[0] == f"`{text}` of up (32x32)"


def test_a_border_that_is_left_over_is_no_wrong_factor() -> None:
    spec = (  # 12 - 2 - 4 = 6 is pooled to 3 and doubled to 6; a factor of 4 would make 12
        "input: 12x12x8\nlayers:\n  - {relu: , name: a}\n  - conv: {filters: 8, kernel: 7}\n"
        "  - pool2\n  - {upsample: {scale: 2}, name: up}\n  - {concat: , from: [up, a]}\n"
    )
    assert faults(spec) == ["CC107"]
    assert all(change[2] != "4" for offer in offered(spec) for change in told(offer))


def test_the_stride_in_the_block_of_a_unet() -> None:
    spec = (
        "input: 64x64x3\nblocks:\n  up:\n    args: {c: , skip: }\n    layers:\n"
        "      - {conv_transpose: {filters: =c, kernel: 2, stride: 1}, name: t}\n"
        "      - {concat: , from: [=skip, t]}\n      - conv: {filters: =c, kernel: 3, pad: 1}\n"
        "layers:\n  - {conv3-8: , name: d1}\n  - pool2\n  - {conv3-16: , name: d2}\n  - pool2\n"
        "  - conv3-32\n  - up: [16, d2]\n  - up: [8, d1]\n"
    )
    assert offered(spec)[0].text == spec.replace("stride: 1", "stride: 2")


def test_every_level_of_a_pyramid_gets_its_own() -> None:
    spec = (
        "input: 64x64x3\nlayers:\n  - {conv3-8: , name: d1}\n  - pool2\n"
        "  - {conv3-8: , name: d2}\n  - pool2\n  - conv3-8\n"
        "  - {upsample: {scale: 4}, name: u2}\n  - {concat: , from: [u2, d2]}\n  - conv3-8\n"
        "  - {upsample: {scale: 3}, name: u1}\n  - {concat: , from: [u1, d1]}\n"
    )
    wanted = spec.replace("scale: 4", "scale: 2").replace("scale: 3", "scale: 2")
    assert offered(spec)[0].text == wanted


def test_a_factor_in_a_block_is_one_call_s() -> None:
    """Followed by hand it broke the call before; `check --fix` does not offer it."""
    text = (
        """input: 64x64x3
blocks:
"""
        + DECODER
        + """\
layers:
  - {conv3-8: , name: d1}
  - pool4
  - {conv3-8: , name: d2}
  - pool2
  - conv3-8
  - up: [8, d2]
  - up: [8, d1]
"""
    )
    (found,) = load("net.yaml", text.encode()).findings
    told = " ".join(found.help)
    assert "of up2.t (64x64) in this call, as an argument of the block where" in told
