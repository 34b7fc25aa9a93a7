"""Branches of a sequence that are padded in front alone end at the same place: no warning."""

from itertools import product

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load

WINDOWS = [*product((1, 3, 5), (1, 2))]


def said(text: str) -> list[Severity]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [finding.severity for finding in found if finding.code == "CC121"]


def branch(kernel: int, dilation: int, front: int, behind: int) -> str:
    sizes = f"kernel: {kernel}, dilation: {dilation}, pad: [{front}, {behind}]"
    return f"[conv: {{filters: 4, {sizes}}}]"


def seen(kernel: int, dilation: int, front: int, at: int = 20) -> list[int]:
    """The input positions that one output position reads, counted one by one."""
    return [at - front + tap * dilation for tap in range(kernel)]


@pytest.mark.parametrize(("one", "other"), [*product(WINDOWS, WINDOWS)])
@pytest.mark.parametrize("how", ["causal", "centred", "ahead", "one of them"])
def test_only_branches_that_end_elsewhere_are_warned_of(
    one: tuple[int, int], other: tuple[int, int], how: str
) -> None:
    branches, fields = [], []
    for at, (kernel, dilation) in enumerate((one, other)):
        whole = dilation * (kernel - 1)
        fronts = {"causal": whole, "ahead": 0, "centred": whole // 2}
        front = fronts.get(how, whole if at else whole // 2)
        branches.append(branch(kernel, dilation, front, whole - front))
        fields.append(seen(kernel, dilation, front))
    text = f"input: 64x4\nlayers:\n  - add:\n      branches: [{', '.join(branches)}]\n"
    (first, last), (start, end) = ((field[0], field[-1]) for field in fields)
    shift = abs(first + last - start - end)  # twice that of the centres
    level = Severity.WARNING if shift >= 2 and last != end else Severity.NOTE
    assert said(text) == ([level] if shift else [])


def test_a_corner_of_a_picture_is_warned_of() -> None:
    text = (
        "input: 32x32x4\nlayers:\n  - add:\n      branches:\n        - [conv: {filters: 4, "
        "kernel: 5, pad: [4, 0, 4, 0]}]\n        - []\n"
    )
    assert said(text) == [Severity.WARNING]
