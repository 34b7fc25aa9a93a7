"""The chomp of a temporal convolutional network, as people write it: a crop of one side."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 100x8\nlayers:\n  - conv: {filters: 8, kernel: 3, pad: 2}\n"


@pytest.mark.parametrize(
    "entry",
    ["chomp: 2", "Chomp1d: 2", "chomp: {size: 2}", "Chomp1d(2)", "Chomp1d(chomp_size=2)",
     "chomp2", "chomp1d:\n      chomp_size: 2"],
)  # fmt: skip
def test_a_chomp_is_a_crop_of_the_end(entry: str) -> None:
    spec = f"{HEAD}  - {entry}\n  - relu\n"
    assert first(spec) == f"{HEAD}  - crop: {{sides: [0, 2]}}\n  - relu\n"


@pytest.mark.parametrize(
    ("head", "entry", "said"),
    [
        (HEAD, "chomp", "a chomp is a crop of one side: `crop: {sides: [0, 2]}` cuts 2"),
        (HEAD, "Chomp1d", "a chomp is a crop of one side: `crop: {sides: [0, 2]}` cuts 2"),
        (HEAD, "chomp: =n", "a chomp is a crop of one side: `crop: {sides: [0, 2]}` cuts 2"),
        ("input: 8x8x3\nlayers:\n", "chomp: 2", "a chomp is a crop of one side, of a volume `[top"),
    ],
)
def test_what_is_not_certain_is_said(head: str, entry: str, said: str) -> None:
    found = load("net.yaml", f"{head}  - {entry}\n".encode()).findings[0]
    assert found.code == "CC011" and found.help[0].startswith(said)
