"""`check --fix` of pools with a window that is larger than what arrives."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, offered, told

SPEC = "input: {}x3\nlayers:\n  - conv3-32\n  - pool8\n  - {}\n  - fc-10\n"


@pytest.mark.parametrize(
    ("size", "pool", "repaired"),
    [
        ("32x32", "avgpool14", "avgpool4"),
        ("32x32", "avgpool7", "avgpool4"),
        ("32x48", "avgpool7", "avg_pool: {kernel: [4, 6]}"),
        ("32x32", "avgpool6s1", "avgpool4s1"),
        ("32x32", "avg_pool: {kernel: 8}", "avg_pool: {kernel: 4}"),
        ("32x32", "avg_pool: {kernel: 8, stride: 1}", "avg_pool: {kernel: 4, stride: 1}"),
    ],
)
def test_a_mean_is_never_padded_with_zeros(size: str, pool: str, repaired: str) -> None:
    spec = SPEC.format(size, pool)
    found = offered(spec)
    assert found[0].text == SPEC.format(size, repaired) and faults(found[0].text) == []
    assert not any(change[1] == "pad" for offer in found for change in told(offer))
    helps = [line for finding in load("n", spec.encode()).findings for line in finding.help]
    assert not any("pad" in line or "p5" in line for line in helps)
    if ":" not in pool:
        assert any(line.startswith(f"`{repaired}` (1x1x32)") for line in helps)


def test_zeros_that_do_not_count_may_be_added() -> None:
    spec = SPEC.format("32x32", "avg_pool: {kernel: 8, count_padding: false}")
    assert any(change[1] == "pad" for offer in offered(spec) for change in told(offer))


@pytest.mark.parametrize("kind", ["max_pool", "avg_pool"])
@pytest.mark.parametrize("kernel", range(5, 12))
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_no_pool_is_padded_by_more_than_half(kind: str, kernel: int, stride: int) -> None:
    spec = SPEC.format("32x32", f"{kind}: {{kernel: {kernel}, stride: {stride}}}")
    found = offered(spec)
    assert found and all("CC111" not in faults(offer.text) for offer in found)
