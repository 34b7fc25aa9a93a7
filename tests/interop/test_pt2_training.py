"""Training of a .pt2 is counted by its layers: said wherever its program holds other bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

SAID = "training is an estimate, counted by the layers: in inference they make "


class Parts(nn.Module):  # type: ignore[misc, name-defined]
    """A net whose channels are cut into views."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Any) -> Any:
        left, right = self.a(x).chunk(2, 1)
        return torch.cat([left, self.b(right)], 1)


def saved(net: Any, folder: Path) -> Path:
    file = folder / "net.pt2"
    torch.export.save(torch.export.export(net.eval(), (torch.zeros(1, 3, 16, 16),)), file)
    return file


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(list(words)) == 0
    return " ".join(capsys.readouterr().out.split())


def test_views_are_copies_in_training_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(Parts(), tmp_path)
    # conv 16 KiB, b 8 KiB and the join 16 KiB; layers copy both halves of 8 KiB
    said = f"{SAID}57,344 bytes in all, the program's calls 40,960"
    assert said in shown(capsys, "analyze", str(file))
    assert said in shown(capsys, "fit", str(file), "--memory", "1GiB")
    assert said in json.loads(convcalc.analyze(file).to_json())["sentences"]
    assert SAID not in shown(capsys, "analyze", str(file), "--dtype", "int8")  # no training


def test_a_program_that_makes_what_its_layers_do_has_no_such_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2))
    file = str(saved(net, tmp_path))
    for words in (["analyze", file], ["fit", file, "--memory", "1GiB"], ["analyze", "alexnet"]):
        assert SAID not in shown(capsys, *words)


def test_limits_of_training_and_differences_say_so_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(saved(Parts(), tmp_path))

    def told(*words: str) -> bool:
        assert run(list(words)) == 0
        return SAID in " ".join(capsys.readouterr().err.split())

    assert told("check", file, "--max-training-memory", "1GiB")
    assert told("diff", file, "alexnet")
    assert not told("check", file)
    assert not told("check", file, "--max-inference-memory", "1GiB")
    assert not told("diff", "lenet5", "alexnet")


def test_sweeps_of_training_and_the_object_of_fit_say_so_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(saved(Parts(), tmp_path))
    for form in ("text", "json", "csv"):
        assert run(["sweep", file, "--batch", "1,2", "--format", form]) == 0
        out, err = capsys.readouterr()
        assert " ".join(err.split()).count(SAID) == 1 and SAID not in out
    for words in (["sweep", file, "--columns", "params,inference_memory"], ["sweep", "lenet5"]):
        assert run([*words, "--batch", "1,2"]) == 0
        assert SAID not in capsys.readouterr().err
    fitted = convcalc.fit(file, memory="1GiB")
    (note,) = json.loads(fitted.rendered("json"))["notes"]
    assert note.startswith(SAID)
    assert json.loads(convcalc.fit("lenet5", memory="1GiB").rendered("json"))["notes"] == []
