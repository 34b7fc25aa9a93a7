"""Where the layers hold other parameters than the source, what makes the difference is named."""

import io
from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.network import network_of
from convcalc.interop.read.model import Asked, read


def exported(module: Any, path: Path, side: int = 8) -> Flat:
    torch = pytest.importorskip("torch")
    program = torch.export.export(module.eval(), (torch.zeros(1, 3, side, side),))
    torch.export.save(program, path / "net.pt2")
    return read("net.pt2", io.BytesIO((path / "net.pt2").read_bytes()))


def net(case: str) -> Any:
    """A convolution `c` of 3 channels, and what the case does to it or after it."""
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.c = torch.nn.Conv2d(3, 3, 3, padding=1)
            self.register_buffer("kept", torch.rand(1, 3, 1, 1))
            self.bias = torch.nn.Parameter(torch.rand(3)) if case == "bias" else None
            self.gain = torch.nn.Parameter(torch.rand(3, 1, 1, 1)) if case == "gain" else None

        def forward(self, x: Any) -> Any:
            if case == "gain":
                return functional.conv2d(x, self.c.weight * self.gain, self.c.bias, padding=1)
            made = self.c(x)
            if case == "buffer":
                return made * self.kept
            if case == "bias":
                return functional.conv2d(made, self.c.weight, self.bias, padding=1)
            return self.c(made) if case == "twice" else made

    return Net()


@pytest.mark.parametrize(
    ("case", "text"),
    [
        (
            "buffer",
            "the source has 84 learned parameters, the layers here 87: kept is kept there, not "
            "learned",
        ),
        (
            "bias",
            "the source has 87 learned parameters, the layers here 168: c.weight is shared there "
            "by layers that do not share all they have",
        ),
        (
            "gain",
            "the source has 87 learned parameters, the layers here 84: c.weight, gain are worked "
            "into one there at each run (weights of 81 numbers, not counted in training: peaks "
            "are larger there)",
        ),
    ],
)
def test_what_makes_the_difference_is_named(case: str, text: str, tmp_path: Path) -> None:
    flat = exported(net(case), tmp_path)
    assert flat.notes == (text,)
    assert flat.counts.params is None
    (finding,) = network_of(flat).findings
    assert (finding.code, finding.severity.value) == ("CC123", "warning")
    assert finding.message == text


@pytest.mark.parametrize("case", ["once", "twice"])
def test_nothing_is_said_where_the_counts_agree(case: str, tmp_path: Path) -> None:
    flat = exported(net(case), tmp_path)
    assert (flat.counts.params, flat.notes, network_of(flat).findings) == (84, (), ())


def onnx_net(weight: str, bias: str) -> bytes:
    """One convolution of a file whose exporter worked some of its weights out."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    arrays = [
        make.make_tensor(weight, 1, (4, 3, 3, 3), [1.0] * 108),
        make.make_tensor(bias, 1, (4,), [1.0] * 4),
    ]
    graph = make.make_graph(
        [make.make_node("Conv", ["x", weight, bias], ["y"], name="c")],
        "net",
        [make.make_tensor_value_info("x", 1, (1, 3, 8, 8))],
        [make.make_tensor_value_info("y", 1, (1, 4, 6, 6))],
        arrays,
    )
    made = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    return bytes(made.SerializeToString())


@pytest.mark.parametrize(
    ("weight", "bias", "merged"),
    [("onnx::Conv_7", "onnx::Conv_8", True), ("onnx::Conv_7", "c.bias", False)],
)
def test_weights_worked_out_alone_are_no_merged_batch_norm(
    weight: str, bias: str, merged: bool
) -> None:
    """A merged batch norm makes a new bias too; a scaled weight leaves the layer's own."""
    flat = read("net.onnx", io.BytesIO(onnx_net(weight, bias)), Asked(unfold=True))
    assert ("batch_norm" in [item.kind for item in flat.items]) is merged
    said = " ".join(read("net.onnx", io.BytesIO(onnx_net(weight, bias))).notes)
    assert ("the model that is trained keeps more (`convcalc import" in said) is merged
    assert "batch norm was merged" not in said  # where both are worked out, none is
