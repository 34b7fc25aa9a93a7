"""An input that nothing reads is one nevertheless: whoever calls the net hands it over."""

import io
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.interop.read.model import Asked, read

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

SPEC = """\
inputs: {image: 8x8x3, depth: 6x4x1}
layers:
  - {conv: {filters: 8, kernel: 3, pad: 1}, from: image}
  - relu
  - fc-10
"""


class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Reads the first of its inputs; the last is no volume."""

    def __init__(self) -> None:
        super().__init__()
        self.c, self.f = torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.Linear(512, 10)

    def forward(self, image: torch.Tensor, depth: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
        return self.f(torch.relu_(self.c(image)).flatten(1))


def program(tmp_path: Path) -> Path:
    given = (torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 6, 4), torch.zeros(1))
    path = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(Net().eval(), given), path)
    return path


def test_a_program_keeps_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, spec = program(tmp_path), tmp_path / "net.yaml"
    assert run(["import", str(path), "-o", str(spec)]) == 0
    said = capsys.readouterr()
    assert "input 'step', which nothing reads and which has no axis beside" in said.out + said.err
    assert "inputs: {image: 8x8x3, depth: 6x4x1}" in spec.read_text()
    own = convcalc.analyze(SPEC)
    for there in (str(path), str(spec)):
        found = convcalc.analyze(there)
        assert found.memory.inference.peak == own.memory.inference.peak
        assert found.memory.inference.breakdown == own.memory.inference.breakdown
        assert found.memory.training.peak == own.memory.training.peak
        said_of = [one.message for one in found.findings if one.code == "CC120"]
        assert said_of == ["depth (6x4x1) is unused"]


def test_a_part_is_without_it(tmp_path: Path) -> None:
    file = program(tmp_path).read_bytes()
    flat = read("net.pt2", io.BytesIO(file), Asked(until="relu_"))
    assert [one.name for one in flat.inputs] == ["image"]


def test_a_graph_keeps_it(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    spec, path = tmp_path / "net.yaml", tmp_path / "net.onnx"
    spec.write_text(SPEC)
    assert run(["export", str(spec), "--to", "onnx", "-o", str(path)]) == 0
    flat = read(str(path), io.BytesIO(path.read_bytes()))
    assert [(one.name, one.output) for one in flat.inputs] == [
        ("image", (8, 8, 3)), ("depth", (6, 4, 1)),
    ]  # fmt: skip
