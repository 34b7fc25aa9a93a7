"""An output over what the command reads is refused: nobody means it, and the file would be lost."""

import json
from pathlib import Path

import numpy as np
import pytest

import convcalc
from convcalc.cli import run

SPEC = "input: 8x8x3\nlayers: [conv3-4, relu, fc-10]\n"
SAID = "is read here: writing there would replace it, name another file"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    shapes = {
        "conv1.weight": (4, 3, 3, 3),
        "conv1.bias": 4,
        "fc1.weight": (10, 256),
        "fc1.bias": 10,
    }
    np.savez("w.npz", **{name: np.ones(shape, "f4") for name, shape in shapes.items()})
    np.savez("x.npz", np.ones((8, 8, 3), "f4"))
    Path("k.json").write_text(json.dumps({"input": "8x8x3", "layers": ["conv3-4"]}))
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "verify net.yaml --weights w.npz --save w.npz",
        "verify net.yaml --weights w.npz --save ./w.npz -q",
        "import net.yaml -o net.yaml",
        "analyze k.json --format json -o k.json",
        "export net.yaml --to yaml -o net.yaml",
    ],
)
def test_it_is_refused_and_the_file_stays(command: str, files: Path, capsys) -> None:
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    code = run(command.split())
    said = " ".join(capsys.readouterr().err.split())
    assert code == 2
    assert SAID in said or "export" in command or "import" in command
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_python_refuses_alike(files: Path) -> None:
    with pytest.raises(convcalc.RequestError, match="is read here"):
        convcalc.verify("net.yaml", weights="w.npz", save="w.npz")
    assert convcalc.verify("net.yaml", weights="w.npz", save="y.npz").ok


def test_what_is_not_read_is_replaced(files: Path, capsys) -> None:
    Path("page.html").write_text("old", encoding="utf-8")
    assert run(["report", "net.yaml", "-o", "page.html"]) == 0
    assert run(["analyze", "net.yaml", "--format", "json", "-o", "k.json"]) == 0
    assert json.loads(Path("k.json").read_text())
