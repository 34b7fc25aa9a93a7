"""A kernel that works in very many tiles: what Python keeps of them is not taken for volumes."""

import gc

import pytest
from every_kind import network

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.backend import conv, conv_transpose, depthwise
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays, verify


@pytest.mark.parametrize(
    "layer",
    [
        "conv: {filters: 8, kernel: 3, groups: 2}",
        "conv: {filters: 8, kernel: 1, stride: 2}",
        "depthwise_conv: {kernel: 3}",
        "conv_transpose: {filters: 8, kernel: 3}",
    ],
)
def test_tiles_leave_no_memory_that_is_seen(layer, monkeypatch):
    for module in (conv, conv_transpose, depthwise):
        monkeypatch.setattr(module, "TILE", 1)
    monkeypatch.setattr(conv, "ROWS", 1)
    found = analyze(network("51x51x8", f"{{{layer}}}"), Settings(1))
    steps = plan(found)

    def make():
        return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

    gc.collect()  # which empties CPython's stock of freed tuples: it would grow again, tile by tile
    (one,) = verify(found, steps, make).verification.layers
    assert one.faults == ()
    assert one.peak_observed - one.peak_predicted < 80_000
