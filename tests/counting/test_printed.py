"""Figures as tools print them at every scale: beside the tools' own functions, if installed."""

import pytest

import convcalc
from convcalc.counting.known import BUNDLED
from convcalc.counting.printed import STYLES, printed
from convcalc.counting.record import Printed

#: about every unit and its half, whole numbers of units, and what rounds up to the next one
NUMBERS = sorted(
    {
        number
        for power in range(17)
        for factor in (1, 2, 4.1, 4.125, 4.135, 5, 9.9949, 9.9951)
        for number in (int(factor * 10**power), int(factor * 10**power) - 1)
    }
    | {0, 960, 10_000_000, 423_038, 999_999, 4_132_436_968, 4_100_000_000, 9_895_604_649_984}
)


def _said(name: str, number: int) -> str:
    return printed(number, BUNDLED[name].printed)


@pytest.mark.parametrize("number", NUMBERS)
def test_torchinfo(number: int) -> None:
    statistics = pytest.importorskip("torchinfo.model_statistics").ModelStatistics
    unit, _ = statistics.to_readable(number)
    line = statistics.format_output_num(number, unit)
    figure = line.rpartition(": ")[2]
    assert _said("torchinfo", number) == f"{figure} ({unit.value})"


@pytest.mark.parametrize("number", NUMBERS)
def test_thop(number: int) -> None:
    thop = pytest.importorskip("thop")
    assert _said("thop", number).replace(" ", "") == thop.clever_format([number], "%.2f")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", ["ptflops", "ptflops-aten", "ptflops-0.6"])
def test_ptflops(name: str, number: int) -> None:
    utils = pytest.importorskip("ptflops.utils")
    assert _said(name, number) == utils.flops_to_string(number)


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("torchinfo", 9_895_604_649_984, "9.90 (T)"),
        ("torchinfo", 10_000_000, "10 (M)"),
        ("torchinfo", 2_500_000 * 10**12, "2,500,000 (T)"),
        ("torchinfo", 423_038, "0.42 (M)"),
        ("torchinfo", 0, "0 (M)"),
        ("thop", 9_895_604_649_984, "9.90 T"),
        ("thop", 10**9, "1000.00 M"),
        ("thop", 960, "960.00 B"),
        ("ptflops", 4_100_000_000, "4.1 GMac"),
        ("ptflops", 40_000_000, "40.0 MMac"),
        ("ptflops", 1_290_000_000_000, "1290.0 GMac"),
        ("ptflops", 960, "960 Mac"),
        ("calflops", 9_895_604_649_984, "9.9 TFLOPS"),
        ("calflops", 40_000_000, "40 MFLOPS"),
        ("deepspeed", 960, "960 FLOPS"),
        ("fvcore", 9_895_604_649_984, "9895.60 G"),
        ("ultralytics", 9_895_604_649_984, "9895.6 GFLOPs"),
    ],
)
def test_fixed_cases(name: str, number: int, text: str) -> None:
    assert _said(name, number) == text


def test_a_net_of_more_than_a_tera(tmp_path) -> None:
    spec = tmp_path / "big.yaml"
    spec.write_text(
        "input: 256x256x4096\nlayers: [{conv: {filters: 4096, kernel: 3, pad: 1, bias: false}}]\n"
    )
    counts = convcalc.analyze(spec, counted_as="torchinfo,thop").counts
    assert {name: count.printed for name, count in counts.items()} == {
        "torchinfo": "9.90 (T)",
        "thop": "9.90 T",
    }


@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_a_unit_at_every_scale(style: str) -> None:
    for number in NUMBERS:
        assert printed(number, Printed(2, "GOps", "", "T", style)).endswith("Ops" if number else "")
