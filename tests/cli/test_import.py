"""`convcalc import`: files, options, refusals, and Python modules in a child process."""

import tarfile
from pathlib import Path

import pytest

from convcalc.cli import run

GIVEN = Path(__file__).parent.parent / "interop" / "given.tar.xz"


@pytest.fixture
def model(tmp_path: Path) -> "type[Model]":
    Model.folder = tmp_path
    return Model


class Model:
    """Gives the path of one of the given files."""

    folder: Path

    @classmethod
    def path(cls, name: str) -> str:
        target = cls.folder / name.rpartition("/")[2]
        with tarfile.open(GIVEN) as archive:
            target.write_bytes(archive.extractfile(name).read())  # type: ignore[union-attr]
        return str(target)


def test_to_a_file(model: type[Model], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "net.yaml"
    assert run(["import", model.path("pt2/resnet18.pt2"), "-o", str(target), "--name", "R"]) == 0
    assert target.read_text().startswith('name: "R"\nsource: "torch.export, torch 2.13.0+cpu"\n')
    assert run(["check", str(target)]) == 0
    capsys.readouterr()
    assert run(["analyze", str(target), "--format", "json"]) == 0
    assert '"params": 11689512' in capsys.readouterr().out


def test_an_edited_spec_is_not_replaced_in_silence(
    model: type[Model], tmp_path: Path, capsys
) -> None:
    target = tmp_path / "net.yaml"
    command = ["import", model.path("pt2/resnet18.pt2"), "-o", str(target)]
    assert [run(command), run(command)] == [0, 0]
    text = target.read_text()
    target.write_text(text + "# my own\n")
    assert "replaced" not in capsys.readouterr().err
    assert run(command) == 0
    assert f"{target.name} had other content, which was replaced" in capsys.readouterr().err
    assert target.read_text() == text


def test_flat_and_until(model: type[Model], capsys: pytest.CaptureFixture[str]) -> None:
    path = model.path("pt2/resnet18.pt2")
    assert run(["import", path, "--flat", "--until", "layer1"]) == 0
    out = capsys.readouterr().out
    assert "name: layer1.1.relu_2" in out and "layer2" not in out


def test_what_has_no_kind(
    model: type[Model], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "net.yaml"
    assert run(["import", model.path("hostile/lambda.json"), "-o", str(target)]) == 1
    error = capsys.readouterr().err
    assert "lambda.json: no layer kind for\n  Lambda: l\nnothing is written" in error
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.onnx"], "nowhere.onnx: there is no such file"),
        ([], "name a FILE, or a module with --torch"),
        (["x", "--torch", "a:b"], "name a FILE, or a module with --torch"),
        (["--torch", "a:b"], "--torch needs --input"),
        (["--torch", "a b", "--input", "8x8x3"], "'a b' is not MODULE:ATTRIBUTE"),
        (["--torch", "a:b", "--kwargs", "[", "--input", "8x8x3"], "--kwargs takes a JSON object"),
    ],
)
def test_refusals(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_damaged(model: type[Model], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", model.path("hostile/forward.cfg")]) == 2
    assert "forward.cfg: line 6, [route]: reads section 3" in capsys.readouterr().err


def test_every_command_takes_models(model: type[Model], capsys: pytest.CaptureFixture[str]) -> None:
    path = model.path("keras/own_nested.json")
    for command in (
        ["analyze", path],
        ["check", path],
        ["sizes", path],
        ["fit", path, "--memory", "1GiB"],
        ["diff", path, path],
        ["explain", path, "add"],
        ["verify", path],
    ):
        assert run(command) == 0, (command, capsys.readouterr().err)
    capsys.readouterr()


def test_a_torch_module_that_reads_a_vector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    (tmp_path / "my_vector.py").write_text(
        "from torch import nn\nNet = lambda: nn.Sequential(nn.Linear(784, 10), nn.ReLU())\n"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["import", "--torch", "my_vector:Net", "--input", "784"]) == 0
    text = capsys.readouterr().out
    assert "input: 784\n" in text and "fc-10" in text


def test_a_torch_module_brings_nothing_else_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    for name in ("json", "warnings", "torch", "convcalc", "sympy", "my_own"):
        (tmp_path / f"{name}.py").write_text(f"open('run-{name}', 'w')\n")
    (tmp_path / "my_nets.py").write_text("import json, my_own\nfrom torch.nn import ReLU\n")
    monkeypatch.chdir(tmp_path)
    assert run(["import", "--torch", "my_nets:ReLU", "--input", "8x8x3"]) == 0
    assert [file.name for file in tmp_path.glob("run-*")] == ["run-my_own"]


def test_a_torch_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    (tmp_path / "my_nets.py").write_text(
        "from torch import nn\n"
        "print('noise on stdout')\n"
        "def small(width=8):\n"
        "    return nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False),\n"
        "        nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),\n"
        "        nn.Linear(width, 10))\n"
    )
    monkeypatch.chdir(tmp_path)
    words = ["--kwargs", '{"width": 16}', "--input", "32x32x3"]
    assert run(["import", "--torch", "my_nets:small", *words]) == 0
    out = capsys.readouterr().out
    assert 'name: "small"' in out and "noise" not in out
    assert "expect: {params: 634, macs: 442528, output: 10}" in out
    assert run(["import", "--torch", "my_nets:tiny", "--input", "32x32x3"]) == 2
    assert "AttributeError: module 'my_nets' has no attribute 'tiny'" in capsys.readouterr().err
    assert run(["import", "--torch", "my_nets.py:small", "--input", "32x32x3"]) == 2
    assert "a module has no .py: `--torch my_nets:small`" in capsys.readouterr().err
    assert run(["import", "--torch", "my_nets:small", "--input", "3x32x32"]) == 2
    assert "without a batch: `--input 32x32x3`?" in capsys.readouterr().err
    assert run(["import", "my_nets.py"]) == 2
    assert "this is Python code: `convcalc import --torch my_nets:Net" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("made", "given", "meant"),
    [
        (
            "conv",
            "3x16x20",
            "sizes are height x width x channels, without a batch",
        ),
        ("conv", "1x3x16x20", "without a batch: `--input 16x20x3`?"),
        ("line", "1x2x16", "without a batch: `--input 16x2`?"),
        (
            "two",
            "16x16x1",
            "it takes 2: write torch.export.export(net, (a, b))",
        ),
    ],
)
def test_a_torch_module_that_takes_other_inputs(
    made: str,
    given: str,
    meant: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch")
    (tmp_path / "my_inputs.py").write_text(
        "from torch import nn\n"
        "conv, line = nn.Conv2d(3, 4, 3), nn.Conv1d(2, 4, 3)\n"
        "class two(nn.Module):\n"
        "    def forward(self, a, b):\n"
        "        return a - b\n"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["import", "--torch", f"my_inputs:{made}", "--input", given]) == 2
    assert meant in capsys.readouterr().err


def test_one_input_is_given_once(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--torch", "a:b", "--input", "8x8x3", "--input", "8x8x1"]
    assert run(["import", *words]) == 2
    assert "--input is given 2 times" in capsys.readouterr().err


def test_a_spec_needs_no_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mynet.yaml"
    path.write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    assert run(["import", str(path)]) == 2
    assert "mynet.yaml: a spec is taken by all commands as it is: onnx, " in capsys.readouterr().err
