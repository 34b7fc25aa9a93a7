"""Operations that no output needs are named with the parameters that none needs, in one list."""

import io
from typing import Any

import pytest

import convcalc
from convcalc.interop.read.model import Asked, read

WHY = "left out, since no output needs them"
SOURCE = """
import torch
from torch import nn

class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.aux = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 4, 3)
        self.pool, self.head = nn.MaxPool2d(2, return_indices=True), nn.Linear(2, 2)

    def forward(self, x):
        x = self.a(x)
        torch.relu(self.a(x)).detach()
        torch.sigmoid(self.aux(x))
        x, places = self.pool(x)
        left, right = torch.split(x, [2, 1], 1)
        return self.head(left.mean((2, 3)))
"""
#: of `aux` as a module: 4 * 3 * 9 + 4; `a` is needed, its second run is not; nor is the sigmoid
SAID = f"{WHY}: aux, conv2d_1, relu, sigmoid, 112 parameters"


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
@pytest.mark.parametrize("decomposed", [False, True])
def test_of_a_pt2(decomposed: bool) -> None:
    torch = pytest.importorskip("torch")
    names: dict[str, Any] = {}
    exec(SOURCE, names)
    program = torch.export.export(names["Twice"]().eval(), (torch.zeros(1, 3, 8, 8),))
    file = io.BytesIO()
    torch.export.save(program.run_decompositions() if decomposed else program, file)
    file.seek(0)
    notes = read("net.pt2", file, Asked(format="pt2")).notes
    # core ATen has no dead nodes: what decomposes a program drops them
    assert notes == ((f"{WHY}: aux, 112 parameters",) if decomposed else (SAID,))


def test_of_an_onnx(tmp_path: Any) -> None:
    helper = pytest.importorskip("onnx").helper
    from tests.interop.onnx_files import array, flat_of, model

    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w"], ["a"], name="first", pads=[1] * 4),
        node("Conv", ["a", "w"], ["again"], name="again", pads=[1] * 4),
        node("Conv", ["a", "v"], ["aux"], name="aux", pads=[1] * 4),
        node("Shape", ["aux"], ["size"], name="size"),
        node("Split", ["a"], ["y", "rest"], name="cut", axis=1),
    ]
    weights = [array("w", (2, 2, 3, 3)), array("v", (4, 2, 3, 3))]
    data = model(nodes, (1, 2, 5, 5), weights)
    estimate = (  # of PyTorch's peak: there a split's part is a view
        "the peak of inference is an estimate: what is cut out counts as a copy, but is a view in "
        "PyTorch, and what is left out counts nothing: cut"
    )
    assert flat_of(data).notes == (f"{WHY}: again, aux, 72 parameters", estimate)
    until = read("net.onnx", io.BytesIO(data), Asked(until="first"))
    assert not until.notes  # they come after
    path = tmp_path / "net.onnx"
    path.write_bytes(data)
    assert f"{WHY}: again, aux, 72 parameters" in convcalc.import_(path).notes
