"""Options as calls have them below a short form: ``conv3-32: {s=2}``."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 31x31x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("conv3-32: {s=2}", "conv3-32s2"),
        ("conv3-32: {s=2, p=1}", "conv3-32s2p1"),
        ("conv3-32: {stride = 2, padding=0}", "conv3-32s2p0"),
        ("conv3-32: s=2", "conv3-32s2"),
        ("conv3-32: s=2, p=1", "conv3-32s2p1"),
        ("pool3: {s=2}", "pool3s2"),
        ("conv3-32: {bias=false}", "conv: {filters: 32, kernel: 3, pad: 1, bias: false}"),
    ],
)
def test_they_are_its_letters(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n") == f"{HEAD}  - {repaired}\n"


def test_another_number_than_the_word_has_is_named() -> None:
    (found,) = load("net.yaml", f"{HEAD}  - conv3-32s2: {{s=1}}\n".encode()).findings
    assert found.help == ("`conv3-32s2` says stride 2, the option below it 1: leave one out",)
