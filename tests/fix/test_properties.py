"""What holds of the repairs of any net, tried on random ones."""

from functools import cache

import pytest

from convcalc.fix.record import Offer
from tests.fix.broken_nets import broken
from tests.fix.repairs import faults, offered, told

NETS = [spec for spec in broken(48) if {"CC101", "CC102", "CC107"} & {*faults(spec)}]
UNMET = ["budget: {params: 1}\n", "expect: {params: 5, macs: 5}\n"]


@cache
def _offered(spec: str) -> list[Offer]:
    return offered(spec)


def test_the_nets_have_something_to_repair() -> None:
    assert len(NETS) > 30 and sum(bool(_offered(spec)) for spec in NETS) > 25


@pytest.mark.parametrize("part", range(4))
def test_a_total_that_no_repair_meets_changes_no_order(part: int) -> None:
    unmet = UNMET[part % 2]
    for spec in NETS[part::4]:
        plain, stated = _offered(spec), offered(spec + unmet)
        assert [o.text + unmet for o in plain] == [o.text for o in stated], spec
        assert [told(o) for o in plain] == [told(o) for o in stated], spec


def test_a_total_that_a_repair_meets_decides() -> None:
    spec = "input: 28x28x1\nlayers:\n  - conv3-16s2p1\n  - relu\n  - conv3-32s2p1\n  - fc-10\n"
    first, *others = [offer.text for offer in offered(spec)]
    assert "pad: [1, 0, 1, 0]" in first and not any("expect" in text for text in others)
    best = offered(f"{spec}expect: {{output: 10, params: 25290}}\n")[0]  # 8x8x32 before the fc
    assert best.errors == () and best.text != f"{first}expect: {{output: 10, params: 25290}}\n"
