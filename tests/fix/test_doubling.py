"""A transposed conv that no input size can make fit: other options of it, tried by the engine."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, offered, told

UNET = """\
input: {size}x{size}x3
layers:
  - conv3-8:
    name: enc
  - pool{pool}
  - {body}
  - conv_transpose: {{filters: 8, {options}}}
    name: up
  - concat: {{}}
    from: [enc, up]
"""
EVEN = "or an input whose sizes divide evenly all the way down (`convcalc sizes`)"


def spec_of(options: str, size: int = 64, pool: int = 2, body: str = "conv3-16") -> str:
    return UNET.format(options=options, size=size, pool=pool, body=body)


def helps(spec: str) -> list[str]:
    analysis = analyze(load("net.yaml", spec.encode()))
    return [line for f in analysis.findings if f.code == "CC107" for line in f.help]


@pytest.mark.parametrize(
    ("options", "size", "pool", "told"),
    [
        (
            "kernel: 3, stride: 2",
            64,
            2,
            "`pad: 1, output_pad: 1`, `kernel: 2` or `kernel: 4, pad: 1`",
        ),
        (
            "kernel: 3, stride: 2, pad: 1",
            64,
            2,
            "`output_pad: 1`, `kernel: 2, pad: 0` or `kernel: 4`",
        ),
        ("kernel: 2, stride: 2, pad: 1", 64, 2, "`pad: 0` or `kernel: 4`"),
        ("kernel: 5, stride: 3", 63, 3, "`pad: 1` or `kernel: 3`"),
    ],
)
def test_the_options_that_double_are_named(options: str, size: int, pool: int, told: str) -> None:
    spec = spec_of(options, size, pool)
    assert helps(spec)[0] == f"{told} of up ({size}x{size})"
    assert EVEN not in helps(spec)


def test_every_option_is_a_repair_that_the_engine_has_tried() -> None:
    found = {told(offer)[0][1:]: offer for offer in offered(spec_of("kernel: 3, stride: 2"))}
    repairs = [("pad, output_pad", "1, 1"), ("kernel", "2"), ("kernel, pad", "4, 1")]
    assert [faults(found[repair].text) for repair in repairs] == [[], [], []]
    assert "kernel: 4, stride: 2, pad: 1}" in found["kernel, pad", "4, 1"].text


@pytest.mark.parametrize(
    ("options", "size", "body", "even"),
    [
        ("kernel: 2, stride: 2", 65, "conv3-16", True),
        ("kernel: 2, stride: 2", 64, "conv3-16p0", False),  # U-Net's own are cropped
        ("kernel: 3, stride: 2", 64, "conv3-16", True),  # an odd one, rounded down: 65 -> 32 -> 65
    ],
)
def test_another_input_is_named_only_where_one_fits(
    options: str, size: int, body: str, even: bool
) -> None:
    spec = "rounding: floor\n" + spec_of(options, size, body=body)
    assert (EVEN in helps(spec)) == even
