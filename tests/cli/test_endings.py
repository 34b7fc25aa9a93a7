"""`-o NAME`: a name that ends as another format's is refused before anything is written."""

from pathlib import Path

import pytest

from convcalc.cli import run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "lenet5", "-o", "page.pdf"],
         "-o page.pdf: html is written: name it page.html, or choose --format: svg"),
        (["report", "lenet5", "-o", "page.svg"], "-o page.svg: html is written: add --format svg"),
        (["report", "lenet5", "--svg", "graph.png"],
         "--svg graph.png: svg is written: name it graph.svg\n"),
        (["analyze", "lenet5", "-o", "page.docx"], "text is written: name it page.txt, or choose"),
        (["analyze", "lenet5", "-o", "net.JSON"], "text is written: add --format json"),
        (["analyze", "lenet5", "--format", "json", "-o", "a.csv"], "json is written: add --format"),
        (["check", "lenet5", "-o", "a.json"], "add --format json or sarif or gitlab"),
        (["check", "lenet5", "--format", "json", "-o", "a.sarif"], "add --format sarif"),
        (["diff", "lenet5", "vgg16", "-o", "a.md"], "add --format markdown"),
        (["fit", "lenet5", "--device", "t4", "-o", "a.xlsx"], "name it a.txt, or choose --format:"),
        (["verify", "lenet5", "-o", "a.h5"], "name it a.txt"),
        (["verify", "lenet5", "--save", "a.json"], "--save a.json: npz is written: name it a.npz"),
        (["sizes", "lenet5", "-o", "a.json"], "add --format json"),
        (["identify", "4.1G", "-o", "a.json"], "add --format json"),
        (["explain", "CC101", "-o", "a.json"], "add --format json"),
        (["demo", "-o", "a.html"], "text is written: name it a.txt\n"),
        (["export", "lenet5", "--to", "pytorch", "-o", "net.onnx"], "pytorch is written: name it"),
        (["export", "lenet5", "--to", "onnx", "-o", "net.py"], "onnx is written: name it net.onnx"),
        (["import", "net.onnx", "-o", "net.json"], "yaml is written: name it net.yaml"),
        (["convert", "lenet5", "--fc-to-conv", "-o", "n.py"], "yaml is written: name it n.yaml"),
        (["show", "lenet5", "-o", "net.json"], "yaml is written: name it net.yaml"),
        (["schema", "-o", "schema.yaml"], "json is written: name it schema.json"),
        (["sweep", "lenet5", "--batch", "1,2", "--format", "csv", "-o", "r.parquet"], "add --f"),
        (["sweep", "lenet5", "--batch", "1,2", "-o", "r.pdf"], "files are csv, json or parquet"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_another_format_s_name_is_refused(
    words: list[str], said: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    told = capsys.readouterr()
    assert said in told.err and not told.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "lenet5", "-o", "net"],
        ["analyze", "lenet5", "-o", "net.txt"],
        ["analyze", "lenet5", "-o", "net.of.mine"],
        ["analyze", "lenet5", "--format", "json", "-o", "net.txt"],
        ["check", "lenet5", "--format", "gitlab", "-o", "a.json"],
        ["check", "lenet5", "--format", "sarif", "-o", "a.json"],
        ["check", "lenet5", "--format", "junit", "-o", "a.xml"],
        ["report", "lenet5", "-o", "page.HTM"],
        ["sweep", "lenet5", "--batch", "1,2", "-o", "r.csv"],
        ["show", "lenet5", "-o", "net.yml"],
    ],
)
def test_its_own_and_neutral_names_are_written(
    words: list[str], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == 0
    assert (tmp_path / words[-1]).stat().st_size
