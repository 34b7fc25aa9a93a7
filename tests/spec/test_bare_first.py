"""``- max_pool: 3, stride: 2``: the first number alone, the others by their names."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

HEAD = "input: 56x56x16\nlayers:\n  - conv3-16\n"


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("max_pool: 3, stride: 2", "max_pool: {kernel: 3, stride: 2}"),
        ("maxpool: 3, stride: 2, padding: 1", "maxpool: {kernel: 3, stride: 2, padding: 1}"),
        ("MaxPool2d: 3, stride: 2", "MaxPool2d: {kernel: 3, stride: 2}"),
        ("conv: 32, kernel: 3, stride: 2", "conv: {filters: 32, kernel: 3, stride: 2}"),
        ("conv: 3, filters: 32, pad: 1", "conv: {kernel: 3, filters: 32, pad: 1}"),
        ("upsample: 2, mode: bilinear", "upsample: {scale: 2, mode: bilinear}"),
    ],
)
def test_the_first_number_gets_its_key(entry: str, written: str) -> None:
    (found,) = load("net.yaml", f"{HEAD}  - {entry}  # here\n".encode()).findings
    assert found.message == "not YAML: options on one line need braces, and each its key"
    assert found.help == (f"did you mean `{written}`?",)


def test_all_such_lines_are_repaired_together() -> None:
    text = f"{HEAD}  - max_pool: 2, stride: 2\n  - conv: 32, kernel: 3, padding: 1\n"
    (first, *_) = offers(load("net.yaml", text.encode()))
    repaired = "  - max_pool: {kernel: 2, stride: 2}\n  - conv: {filters: 32, kernel: 3, pad: 1}\n"
    assert first.text == f"{HEAD}{repaired}"


@pytest.mark.parametrize("entry", ["max_pool: 3, kernel: 2", "unit: 3, stride: 2", "relu: 6, a: b"])
def test_what_is_not_certain_is_not_guessed(entry: str) -> None:
    (found,) = load("net.yaml", f"{HEAD}  - {entry}\n".encode()).findings
    assert found.message == "not YAML: a colon where no key can be"
