"""`k=3, s=2` behind a layer, a number or in braces, as YOLO's files and calls have options."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 32x32x3\nrounding: floor\nlayers:\n  - "


def repaired(entry: str) -> str | None:
    found = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    return found and found.text.removeprefix(HEAD).removesuffix("\n")


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("conv: {filters: 32, k: 3}", "conv: {filters: 32, kernel: 3}"),
        ("conv: {filters: 32, k=3, s=2}", "conv: {filters: 32, kernel: 3, stride: 2}"),
        ("max_pool: {k=2, s=2}", "max_pool: {kernel: 2, stride: 2}"),
        ("conv: [32, k=3, s=2]", "conv: {filters: 32, kernel: 3, stride: 2}"),
        ("conv: 32, k=3, s=2", "conv: {filters: 32, kernel: 3, stride: 2}"),
        ("conv: 32 k=3 p=1", "conv: {filters: 32, kernel: 3, pad: 1}"),
        ("max_pool: 3, s=2", "max_pool: {kernel: 3, stride: 2}"),
        ("conv: {filters: 3, k: 32}", None),  # the notes' K filters
        ("conv: 3, s=2", None),
        ("conv-32 k=3, s=2", "conv3-32s2"),
        ("conv-32, k=3, s=2", "conv3-32s2"),
        ("conv 32 k=3 s=2", "conv3-32s2"),
        ("conv32 k=3", "conv3-32"),
        ("Conv2d 32, kernel_size=3, padding=1", "conv3-32p1"),
        ("conv3-32 stride=2", "conv3-32s2"),
        ("max_pool k=3, s=2", "pool3s2"),
        ("avgpool3 s=2", "avgpool3s2"),
        ("conv3-8 s=2 -> relu -> pool k=2 s=2", "conv3-8s2 -> relu -> pool2s2"),
        ("conv3 s=2", None),  # of which filters is not said
        ("conv3-32 k=5", None),
        ("conv3-32 s=2 s=1", None),
        ("conv3-32 bias=false", None),
        ("relu6 k=3", None),
    ],
)
def test_options_of_calls(entry: str, written: str | None) -> None:
    assert repaired(entry) == written


def test_a_block_of_that_name_is_called() -> None:
    text = (
        "input: 32x32x3\nblocks:\n  pool: {args: {c: , k: 1}, layers: [{fc: {units: =c*k}}]}\n"
        "layers:\n  - pool 32 k=3\n"
    )
    (found,) = load("net.yaml", text.encode()).findings
    assert found.help[0] == "did you mean `pool: {c: 32, k: 3}`?"
