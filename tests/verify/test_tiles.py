"""A kernel that works in very many tiles: what Python keeps of them is not taken for volumes."""

import gc
from importlib import import_module

import numpy as np
import pytest
from every_kind import network

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.backend import conv, conv_transpose, depthwise
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays, verify

run = import_module("convcalc.verify.run")  # whose name the package gives a function


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


@pytest.mark.parametrize(("made", "agrees"), [(bytes, True), (np.zeros, False)])
def test_what_python_keeps_is_no_volume_and_an_array_is_one(made, agrees, monkeypatch):
    """As its table of interned names, which grew by a megabyte behind a progress bar."""
    found = analyze(network("31x31x8", "conv3-8, relu, conv3-8, relu, fc-4"), Settings(1))
    steps, kept, forward = plan(found), [], run._forward

    def keeping(layer, *given):
        if layer.kind == "conv":
            kept.append(made(2**20))
        if layer.kind == "fc":
            kept.clear()
        return forward(layer, *given)

    def make():
        return Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))

    monkeypatch.setattr(run, "_forward", keeping)
    layers = verify(found, steps, make).verification.layers
    assert [layer.row.step.name for layer in layers if layer.faults and agrees] == []
    assert agrees or {"conv1", "relu1", "conv2", "relu2"} <= {
        layer.row.step.name for layer in layers if layer.faults
    }
