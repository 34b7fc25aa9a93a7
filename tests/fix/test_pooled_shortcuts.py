"""A shortcut's pool without its stride gets it, before anything is put behind it."""

import pytest

from convcalc.fix.search import offers
from convcalc.fix.work import Work
from convcalc.spec.load import load

HEAD = "input: 32x32x16\nrounding: floor\nlayers:\n  - add:\n      branches:\n"
BODY = "        body: [{conv: {filters: 32, kernel: 3, stride: 2, pad: 1}}, batch_norm, conv3-32]\n"
SKIPS = {
    "a mean and a conv": "{avg_pool: {kernel: 3, stride: 1, pad: 1}}, conv1-32, batch_norm",
    "an even window": "{avg_pool: {kernel: 2, stride: 1, pad: same}}, conv1-32",
    "a maximum": "{max_pool: {kernel: 3, stride: 1, pad: 1}}, conv1-32",
    "a conv before it": "conv1-32, {avg_pool: {kernel: 3, stride: 1, pad: 1}}",
    "every position": "{avg_pool: {kernel: 1}}, {pad: {channels: [0, 16]}}",
}


@pytest.mark.parametrize("skip", SKIPS.values(), ids=SKIPS)
def test_the_pool_of_a_shortcut_makes_the_step_of_the_body(skip: str) -> None:
    found = offers(load("a.yaml", f"{HEAD}{BODY}        skip: [{skip}]\n".encode()), Work())
    assert found[0].changes[0].option == "stride" and found[0].changes[0].after == "2"
    assert "pool1" in found[0].changes[0].layer
    left = load("a.yaml", found[0].text.encode()).findings
    assert not any(finding.severity == "error" for finding in left)
    assert not any("conv1-32s2" in offer.text for offer in found)


def test_of_a_larger_conv_beside_it_nothing_is_known() -> None:
    skip = "{avg_pool: {kernel: 3, stride: 1, pad: 1}}, conv3-32"
    found = offers(load("a.yaml", f"{HEAD}{BODY}        skip: [{skip}]\n".encode()), Work())
    assert not any("pool1" in change.layer for offer in found for change in offer.changes)
