"""An output over what the command reads is refused: nobody means it, and the file would be lost."""

import json
import os
import subprocess
import sys
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


_PIPED = [
    "report - -o net.html",
    "report - -o page.html --svg net.svg",
    "report net.svg -o page.html --svg net.svg",
    "analyze - -o net.txt",
    "analyze - -o /dev/stdin",
    "explain - conv1 -o net",
    "diff - vgg16 -o net.txt",
    "check - --format markdown -o net.md",
    "check - good.yaml --format sarif -o net.json",
    "convert - --fc-to-conv -o net.yaml",
    "export - --to pytorch -o net.py",
    "fit - --device rtx-3060 --format json -o net.json",
    "sizes - --format json -o net.json",
    "verify - --save net.npz",
]


@pytest.mark.parametrize("command", _PIPED)
def test_a_file_that_standard_input_reads_stays(command: str, files: Path, monkeypatch, capsys):
    words = command.split()
    name = next((word for word in words if word.startswith("net")), "net.yaml")
    Path(name).write_text(SPEC, encoding="utf-8")
    Path("good.yaml").write_text(SPEC, encoding="utf-8")
    with Path(name).open(encoding="utf-8") as piped:
        if "/dev/stdin" in words:
            done = subprocess.run(
                [sys.executable, "-m", "convcalc", *words], stdin=piped, capture_output=True,
                text=True, check=False,
            )  # fmt: skip
            code, said = done.returncode, done.stderr
        else:
            monkeypatch.setattr("sys.stdin", piped)
            code, said = run(words), capsys.readouterr().err
    assert code == 2 and SAID in " ".join(said.split())
    assert Path(name).read_text(encoding="utf-8") == SPEC
    assert not Path("page.html").exists()


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_so_it_does_under_another_name(link, files: Path, monkeypatch, capsys) -> None:
    link("net.yaml", "other.txt")
    with Path("net.yaml").open(encoding="utf-8") as piped:
        monkeypatch.setattr("sys.stdin", piped)
        assert run(["analyze", "-", "-o", "other.txt"]) == 2
    assert SAID in " ".join(capsys.readouterr().err.split())
    assert Path("net.yaml").read_text(encoding="utf-8") == SPEC


def test_a_pipe_and_what_is_not_read_are_no_reason(files: Path, monkeypatch) -> None:
    Path("old.txt").write_text("old", encoding="utf-8")
    Path("-").write_text("a file of that name", encoding="utf-8")
    command = [sys.executable, "-m", "convcalc", "analyze", "-", "-o", "old.txt"]
    assert subprocess.run(command, input=SPEC, text=True, check=False).returncode == 0
    assert "conv1" in Path("old.txt").read_text(encoding="utf-8")
    with Path("old.txt").open(encoding="utf-8") as unread:
        monkeypatch.setattr("sys.stdin", unread)
        assert run(["analyze", "net.yaml", "-o", "old.txt"]) == 0
    with Path("net.yaml").open(encoding="utf-8") as piped:
        monkeypatch.setattr("sys.stdin", piped)
        assert run(["analyze", "-", "-o", "./-"]) == 0
    monkeypatch.setattr("sys.stdin", None)
    assert run(["analyze", "-", "-o", "old.txt"]) == 2
