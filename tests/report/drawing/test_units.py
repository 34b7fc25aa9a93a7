"""Numbers for people, at the edges of their units and digits."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.report.analysis.csv import render
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.units import count, percent, size
from convcalc.spec.load import load


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (999, "999"), (1000, "1.00 K"), (9_994, "9.99 K"), (9_996, "10.0 K"), (99_940, "99.9 K"),
        (99_960, "100 K"), (999_400, "999 K"), (999_600, "1.00 M"), (999_500_000, "1.00 G"),
    ],
)  # fmt: skip
def test_counts_have_three_digits_and_never_four(number: int, told: str) -> None:
    assert count(number) == told


def test_there_are_units_for_all_that_has_a_name() -> None:
    assert (count(10**21), count(10**30), count(10**33)) == ("1.00 Z", "1.00 Q", "1.00e+33")
    assert (size(2**70), size(2**100), size(2**110)) == ("1.00 ZiB", "1.00 QiB", "1.30e+33 B")


def test_bytes_and_shares() -> None:
    assert (size(999), size(1023), size(1024**2 - 1)) == ("999 B", "1.00 KiB", "1.00 MiB")
    assert (percent(994, 10_000), percent(996, 10_000)) == ("9.9 %", "10 %")


@pytest.mark.parametrize("start", "=+-@")
def test_no_spreadsheet_takes_a_name_for_a_formula(start: str) -> None:
    spec = f"name: '{start}cmd'\ninput: 8x8x3\nlayers: [conv3-4]\n".encode()
    table = render(AnalysisView.of([analyze(load("net.yaml", spec))] * 2))
    assert f"'{start}cmd" in table and f"\n{start}cmd" not in table
