"""An input whose channels come first is turned alone, where windows then lose input at most."""

import pytest

import convcalc

CLASS = "nn.MaxPool2d(3, 2)"
AS_HERE = "max_pool: {kernel: 3, stride: 2, rounding: floor}"
NETS = [
    "rounding: floor\nlayers:\n  - conv3-8\n  - pool3s2\n  - conv5-8p0\n  - fc-10\n",
    "rounding: floor\nlayers:\n  - conv9-8s4p0\n  - fc-10\n",
    f"layers:\n  - conv3-8\n  - {CLASS}\n  - conv5-8p0\n  - fc-10\n",
]


@pytest.mark.parametrize("net", NETS)
def test_the_input_alone_is_turned_first(net: str) -> None:
    first, *others = convcalc.load(f"input: 3x32x32\n{net}").repairs
    assert "line 1: input 3x32x32 -> 32x32x3" in first.changes
    right = convcalc.load(first.text)
    meant = convcalc.load(f"input: 32x32x3\n{net}".replace(CLASS, AS_HERE))
    assert right.ok
    assert (
        convcalc.analyze(right).to_dict()["totals"] == convcalc.analyze(meant).to_dict()["totals"]
    )
    assert len(others[0].changes) == len(first.changes) + 1


def test_an_input_that_leaves_an_error_is_turned_with_what_mends_it() -> None:
    net = convcalc.load("input: 3x32x32\nlayers: [conv3-8, pool3s2, conv5-8p0, fc-10]\n")
    first = net.repairs[0]
    assert len(first.changes) == 2 and convcalc.load(first.text).ok
