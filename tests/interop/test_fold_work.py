"""Folding looks at each layer of a long net a few times, not at all windows of all lengths."""

import cProfile
import io
import pstats
import random
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.fold.spec import write
from convcalc.interop.read.model import read

_LAYERS = 300


def calls(flat: Flat, file: str) -> int:
    """How often functions of one file were called, each its own comprehensions apart."""
    profile = cProfile.Profile()
    profile.runcall(write, flat)
    counted: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return sum(row[1] for (path, _, _), row in counted.items() if path.endswith(file))


def test_equal_layers_are_compared_once() -> None:
    text = "[net]\nwidth=8\nheight=8\nchannels=3\n" + "[convolutional]\nfilters=4\n" * _LAYERS
    flat = read("net.cfg", io.BytesIO(text.encode()))
    assert calls(flat, "fold/tree.py") < 600 * len(flat.items)


def test_joins_that_never_repeat_are_not_compared_at_all_lengths() -> None:
    onnx = pytest.importorskip("onnx")
    make, draw, names, nodes = onnx.helper, random.Random(1), ["x"], []
    for i in range(_LAYERS):
        nodes.append(make.make_node("Relu", [names[-1]], [f"r{i}"]))
        nodes.append(make.make_node("Add", [f"r{i}", draw.choice(names)], [f"y{i}"]))
        names.append(f"y{i}")
    ends = [
        make.make_tensor_value_info(name, 1, shape)
        for name, shape in (("x", (1, 3, 4, 4)), (names[-1], None))
    ]
    graph = make.make_graph(nodes, "net", ends[:1], ends[1:], [])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    flat = read("net.onnx", io.BytesIO(model.SerializeToString()))
    assert calls(flat, "fold/wide.py") < 1500 * len(flat.items)
