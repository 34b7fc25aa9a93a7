"""What is offered for a short form gives, typed in its place, the size that it promises."""

import re

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

_OFFER = re.compile(r"`([^`]+)` \(([0-9x]+)")


def net(entry: str, side: int, top: str = "") -> str:
    return f"input: {side}x{side}x3\n{top}layers:\n  - {entry}\n"


def offers(entry: str, side: int) -> list[tuple[str, str]]:
    found = analyze(load("n.yaml", net(entry, side).encode())).findings
    return [pair for f in found for line in f.help for pair in _OFFER.findall(line)]


@pytest.mark.parametrize("side", [32, 33, 224, 227])
@pytest.mark.parametrize(
    "form",
    [
        *("pool5", "pool2", "pool4", "maxpool7", "pool5s2", "pool3s2p1", "avgpool5", "avgpool3s2"),
        *("conv5-8s2", "conv5-8s2p0", "conv4-8s3", "conv11-96s4p0", "conv3-8s3d2", "pool2x3"),
    ],
)
def test_an_offer_typed_in_place_of_a_short_form_makes_what_it_promises(
    form: str, side: int
) -> None:
    for text, size in offers(form, side):
        made = net(form, side, f"{text}\n") if text.startswith("rounding") else net(text, side)
        shape = load("n.yaml", made.encode()).steps[-1].output
        assert shape is not None, text
        assert "x".join(map(str, shape)) == size, text


def test_the_stride_of_a_pool_is_written_into_its_word() -> None:
    assert ("pool7s5", "6x6x3") in offers("pool5", 32)
    assert ("pool5s3", "10x10x3") in offers("pool5", 32)


def test_options_that_are_written_out_are_offered_by_name() -> None:
    assert ("stride: 3", "10x10x3") in offers("max_pool: {kernel: 5, stride: 5}", 32)
