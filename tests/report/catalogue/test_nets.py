"""The list of bundled nets: nets of one size and source say what sets them apart."""

import json
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.cli import run
from convcalc.schema import schema_text


@pytest.mark.parametrize("width", ["80", "100"])
def test_nets_of_one_size_are_told_apart(
    width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert run(["list"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line[head.index("source") :] for line in lines}
    assert len(rows) == len(zoo.names())
    assert rows["resnet50"].startswith("The variant known as v1.5")
    assert rows["resnet50-v1"].startswith("The paper's own net: a do")
    assert rows["resnet101"].startswith("He, Zhang, Ren & Sun 2015")


def test_a_copied_spec_names_a_schema_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in zoo.names():
        assert run(["show", name, "-o", "mine.yaml"]) == 0
        first, *rest = Path("mine.yaml").read_text(encoding="utf-8").splitlines()
        assert first == f"# yaml-language-server: $schema={zoo.SCHEMA}"
        assert rest == zoo.read(name).decode().splitlines()[1:]
    assert json.loads(schema_text())["$id"] == zoo.SCHEMA
    path = zoo.SCHEMA.removeprefix("https://raw.githubusercontent.com/convcalc/convcalc/main/")
    assert (Path(__file__).parents[3] / path).is_file()
