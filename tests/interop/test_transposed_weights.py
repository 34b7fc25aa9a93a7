"""Weights that are read transposed are no layer's own: another layer does not share them."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.network import network_of
from convcalc.interop.read.model import read
from tests.interop import onnx_files

SAID = "read transposed there as well, which layers here cannot share: each has its own"


def net(kind: str, units: int, turns: int) -> Any:
    """Two layers that read one weight, the second after `turns` transposes."""
    torch = pytest.importorskip("torch")
    layer = getattr(torch.nn.functional, kind)

    class Tied(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.rand(units, 6, *((1, 1) if kind == "conv2d" else ())))

        def forward(self, x: Any) -> Any:
            weight = self.w
            for _ in range(turns):
                weight = weight.transpose(0, 1) if kind == "conv2d" else weight.t()
            return layer(torch.relu(layer(x, self.w)), weight)

    return Tied().eval(), torch.rand(1, 6, *((4, 4) if kind == "conv2d" else ()))


def of_pt2(module: Any, image: Any) -> Flat:
    torch = pytest.importorskip("torch")
    file = io.BytesIO()
    torch.export.save(torch.export.export(module, (image,)), file)
    return read("net.pt2", io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("kind", ["linear", "conv2d"])
@pytest.mark.parametrize(("units", "turns"), [(6, 1), (4, 1), (6, 2), (6, 0)])
def test_of_a_pt2(kind: str, units: int, turns: int) -> None:
    flat = of_pt2(*net(kind, units, turns))
    shared = [item.shares is not None for item in flat.items]
    assert shared == [False, False, False, turns != 1]
    found = [finding.message for finding in network_of(flat).findings]
    numbers = 6 * units
    text = (
        f"the source has {numbers} learned parameters, the layers here {2 * numbers}: w is {SAID}"
    )
    assert found == ([text] if turns == 1 else [])


def layers(*read: tuple[str, dict[str, int]], arrays: int = 1, side: int = 6) -> Flat:
    """Gemms in turn, each of a weight and its attributes; `t` is `w0` transposed, `b` back."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper.make_node
    nodes = [
        make("Transpose", ["w0"], ["t"], name="turn", perm=[1, 0]),
        make("Transpose", ["t"], ["b"], name="back"),
    ]
    last = "x"
    for i, (weight, attributes) in enumerate(read):
        out = "y" if i == len(read) - 1 else f"v{i}"
        nodes.append(make("Gemm", [last, weight], [out], name=f"g{i}", **attributes))
        last = out
    made = [onnx_files.array(f"w{i}", (side, side)) for i in range(arrays)]
    return onnx_files.flat_of(onnx_files.model(nodes, (1, side), made))


@pytest.mark.parametrize("side", [6, 80], ids=["worked out", "too large to work out"])
@pytest.mark.parametrize(
    ("second", "trans", "shared"),
    [
        ("w0", 1, True),
        ("w0", 0, False),
        ("t", 0, True),
        ("t", 1, False),
        ("b", 1, True),
        ("b", 0, False),
    ],
)
def test_of_an_onnx_file(side: int, second: str, trans: int, shared: bool) -> None:
    flat = layers(("w0", {"transB": 1}), (second, {"transB": trans}), side=side)
    assert [item.shares is not None for item in flat.items] == [False, False, shared]
    assert [note.endswith(SAID) for note in flat.notes] == ([] if shared else [True])


def test_halves_of_one_weight_are_no_shared_weights() -> None:
    torch = pytest.importorskip("torch")

    class Halves(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.rand(12, 6))

        def forward(self, x: Any) -> Any:
            linear = torch.nn.functional.linear
            return linear(linear(x, self.w[:6]), self.w[6:])

    flat = of_pt2(Halves().eval(), torch.rand(1, 6))
    assert [item.shares for item in flat.items] == [None, None, None]
    assert flat.counts.params == 72
