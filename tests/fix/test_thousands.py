"""`check --fix` of numbers that are written with commas, as counts are printed."""

import pytest

from convcalc.limits import limit
from convcalc.spec.load import load
from tests.fix.repairs import first

CONV = "input: 64x64x3\nlayers:\n  - conv: {{filters: {}, kernel: 3}}\n"
SHAPE = "input: 64x64x3\nlayers:\n  - upsample: {{size: {}}}\n"
BUDGET = "input: 64x64x3\nlayers: [conv3-4]\nbudget: {{params: {}}}\n"
BLOCK = "input: 64x64x3\nlayers:\n  - conv:\n      filters: {}\n      kernel: 3\n"


@pytest.mark.parametrize(
    ("spec", "given", "meant"),
    [
        (CONV, "1,024", "1024"),
        (CONV, "1,536", "1536"),
        (BLOCK, "1,536", "1536"),
        (BUDGET, "100,000", "100000"),
        (BUDGET, "138,357,544", "138357544"),
        (SHAPE, "128,128", "[128, 128]"),
        (SHAPE, "128, 128", "[128, 128]"),
    ],
)
def test_a_number_with_commas_is_written_without(spec: str, given: str, meant: str) -> None:
    assert first(spec.format(given)) == spec.format(meant)


def test_what_can_only_be_one_number_is_told_as_one() -> None:
    (found,) = load("n", CONV.format("1,024").encode()).findings
    assert found.message == "a number has no commas: 1024"
    either, *_ = load("n", CONV.format("1,536").encode()).findings
    said = "a number has no commas: 1536; a list needs square brackets: [1, 536]"
    assert either.message == said


def test_a_limit_with_commas_is_told_without() -> None:
    with pytest.raises(ValueError, match="got '100,000': did you mean 100000"):
        limit("params", "100,000")
