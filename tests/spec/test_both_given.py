"""An option that is given twice in other words: left out where both say the same."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("conv: {filters: 8, kernel: 3, kernal: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernal: 3, kernel: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {filters: 8, kernel: 3, kernel_size: 3}", "conv: {filters: 8, kernel: 3}"),
        ("conv: {K: 8, filters: 8, kernel: 3}", "conv: {K: 8, kernel: 3}"),
        ("conv:\n      filters: 8\n      kernel: 3\n      kernal: 3",
         "conv:\n      filters: 8\n      kernel: 3"),
    ],
)  # fmt: skip
def test_what_says_the_same_is_left_out(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n") == f"{HEAD}  - {repaired}\n"


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv: {filters: 8, kernel: 3, kernal: 5}", "`kernel: 3` or `kernal: 5`"),
        ("conv: {K: 8, filters: 9, kernel: 3}", "`K: 8` or `filters: 9`"),
    ],
)
def test_of_two_values_none_is_chosen(entry: str, help: str) -> None:
    spec = f"{HEAD}  - {entry}\n"
    found = load("net.yaml", spec.encode()).findings[0]
    assert found.help[0] == f"it is either {help}: leave the other out"
    assert not offered(spec)
