"""Parquet: the columns of csv, whole or not there, and going on after a kill."""

import csv
import sys
from pathlib import Path

import pytest

from convcalc.cli import run

SPEC = """\
input: 32x32x3
vars: {width: 8, pad: same, slope: 1}
layers:
  - {conv: {filters: =width, kernel: 3, pad: =pad}}
  - max_pool: {kernel: 2}
  - fc-10
"""
GRID = ("--set", "width=8..64/8", "--set", "pad=same,valid,1", "--input", "32x32x3,33x33x3")
GRID = (*GRID, "--ema", "true,false", "--weight-decay", "0,0.1")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


def test_the_cells_are_those_of_csv(capsys: pytest.CaptureFixture[str]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run(["sweep", "net.yaml", *GRID, "-o", "rows.parquet"]) == 0
    assert run(["sweep", "net.yaml", *GRID, "-o", "rows.csv"]) == 0
    table = parquet.read_table("rows.parquet")
    with open("rows.csv", encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    assert table.column_names == expected[0]
    found = [
        ["" if cell is None else str(cell) for cell in row.values()] for row in table.to_pylist()
    ]
    at = expected[0].index("weight_decay")
    for row in expected[1:]:
        row[at] = str(float(row[at]))
    assert found == expected[1:] and len(found) == 8 * 3 * 2 * 2 * 2
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["width"] == kinds["macs"] == "int64" and kinds["pad"] == "string"
    assert (kinds["ema"], kinds["weight_decay"], kinds["input"]) == ("bool", "double", "string")
    assert not Path("rows.parquet.part").exists()


def test_a_run_goes_on_after_a_kill_at_any_byte(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    from convcalc.report.sweep import parquet

    with monkeypatch.context() as patched:  # a kill before the file was made
        patched.setattr(parquet, "finish", lambda *_: None)
        patched.setattr("os.unlink", lambda path: None)
        assert run(["sweep", "net.yaml", *GRID, "-o", "rows.parquet"]) == 0
    rows = Path("rows.parquet.part").read_bytes()
    assert run(["sweep", "net.yaml", *GRID, "-o", "whole.parquet"]) == 0
    whole = Path("whole.parquet").read_bytes()
    for cut in (0, 3, len(rows) // 2, len(rows) - 1, len(rows)):
        Path("rows.parquet.part").write_bytes(rows[:cut])
        assert run(["sweep", "net.yaml", *GRID, "--resume", "rows.parquet"]) == 0
        assert Path("rows.parquet").read_bytes() == whole
        assert run(["sweep", "net.yaml", *GRID, "--resume", "rows.parquet"]) == 2
        assert "exists and is complete" in capsys.readouterr().err
        Path("rows.parquet").unlink()


def test_the_file_is_that_of_the_name_itself_not_of_the_name_as_it_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    name = "rows\u200f.parquet"
    other = Path("rows<U+200F>.parquet.part")
    other.write_text("not these\n", encoding="utf-8")
    assert run(["sweep", "net.yaml", "--batch", "1,2", "-o", name]) == 0
    assert parquet.read_table(name).column("batch").to_pylist() == [1, 2]
    assert other.read_text(encoding="utf-8") == "not these\n"
    assert not Path(f"{name}.part").exists()
    assert run(["sweep", "net.yaml", "--batch", "1,2", "-o", name]) == 2
    assert "rows<U+200F>.parquet exists and is complete" in capsys.readouterr().err


def test_numbers_beyond_64_bits_are_refused_not_rounded(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    words = ["sweep", "net.yaml", "--batch", f"1,{10**16}", "--columns", "training_memory"]
    assert run([*words, "-o", "rows.parquet"]) == 2
    assert "beyond Parquet's 64 bits: choose csv or json" in capsys.readouterr().err
    assert not Path("rows.parquet").exists()


def test_without_a_file_or_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--format", "parquet"]) == 2
    assert "-o rows.parquet" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert run(["sweep", "net.yaml", *GRID, "-o", "rows.parquet"]) == 2
    err = capsys.readouterr().err
    assert (
        err == "Error: --format parquet needs the package pyarrow: pip install 'convcalc[sweep]'\n"
    )
    assert not Path("rows.parquet.part").exists()


def test_a_file_is_made_of_its_own_rows_whatever_is_called_as_its_name_is_shown() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    other = Path("x<U+200F>.parquet.part")
    other.write_text('["another file"]\n', encoding="utf-8")
    assert run(["sweep", "lenet5", "--batch", "1,2", "-o", "x\u200f.parquet"]) == 0
    rows = parquet.read_table("x\u200f.parquet").to_pylist()
    assert [row["batch"] for row in rows] == [1, 2]
    assert other.read_text(encoding="utf-8") == '["another file"]\n'
    assert not Path("x\u200f.parquet.part").exists()
