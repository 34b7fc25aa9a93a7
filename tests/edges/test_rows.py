"""Files of rows that a sweep goes on with: read as carefully as specs, written over by nothing."""

import os
from pathlib import Path

import pytest

from convcalc.cli import run, sweep_rows
from convcalc.sweep import resume

SPEC = "input: 8x8x3\nvars: {width: 8}\nlayers: [{conv: {filters: =width, kernel: 3, pad: 1}}]\n"
SWEEP = ("sweep", "net.yaml", "--set", "width=1..6", "--columns", "params,macs")
SWEEP = (*SWEEP, "--processes", "1")
WHERE = ("--where", "macs > 7K")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


@pytest.mark.parametrize("chosen", [(), WHERE])
@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    "data",
    [
        b"a note without a line end", b"{", b'{"set": {"width": 9', b"\xff\xfe", b"w",
        b"widthx", b"\x00", b"a\nb", b"a\nb\n", b"\n", b'{"set": {"width": 1}, "input": nu \n',
        b"width,params,macs,findings\n9,", b"width,params,macs,findings\n\xff", b" ",
    ],
)  # fmt: skip
def test_a_file_of_something_else_is_left_as_it_was(
    data: bytes, form: str, chosen: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    beginnings = {("csv", b"w"), ("json", b"{")}
    Path("mine").write_bytes(data)
    code = run([*SWEEP, *chosen, "--format", form, "--resume", "mine"])
    if (form, data) in beginnings:  # what a kill may have left
        assert code == 0 and Path("mine").read_bytes().count(b"\n") >= 2
        return
    assert code == 2
    assert Path("mine").read_bytes() == data
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and error.count("\n") == 1


def test_bytes_that_a_machine_left_behind_whole_rows_are_cut_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([*SWEEP, "-o", "whole.csv"]) == 0
    whole = Path("whole.csv").read_bytes()
    for rest in (b"\x00" * 100, b"\xff", b"99,"):
        Path("rows.csv").write_bytes(b"".join(whole.splitlines(keepends=True)[:3]) + rest)
        assert run([*SWEEP, "--resume", "rows.csv"]) == 0
        assert Path("rows.csv").read_bytes() == whole


def test_what_is_no_regular_file_is_refused_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("fifo.csv")
    Path("folder.csv").mkdir()
    os.symlink("fifo.csv", "link.csv")
    os.symlink("nowhere.csv", "dangling.csv")
    os.symlink("/proc/self/environ", "environment.csv")
    for name in ("fifo", "folder", "link", "dangling", "environment"):
        for option in ("--resume", "-o"):
            assert run([*SWEEP, option, f"{name}.csv"]) == 2
            error = capsys.readouterr().err
            assert error.startswith("Error: ") and error.count("\n") == 1 and f"{name}.csv" in error
    assert not Path("nowhere.csv").exists()


def test_a_link_to_rows_of_the_sweep_is_followed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SWEEP, "-o", "whole.csv"]) == 0
    whole = Path("whole.csv").read_bytes()
    Path("whole.csv").write_bytes(whole[:40])
    os.symlink("whole.csv", "link.csv")
    assert run([*SWEEP, "--resume", "link.csv"]) == 0
    assert Path("whole.csv").read_bytes() == whole and Path("link.csv").is_symlink()


@pytest.mark.parametrize(("more", "good"), [(0, True), (1, False)])
def test_the_longest_row(
    more: int, good: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "width,params,macs,findings\n1,28,1728,\n"
    monkeypatch.setattr(resume, "LONGEST_ROW", 1000)
    Path("rows.csv").write_text(text + "2" * (1000 + more), encoding="utf-8")
    assert (run([*SWEEP, "--resume", "rows.csv"]) == 0) is good
    assert good or "does not hold rows" in capsys.readouterr().err
    assert resume.LONGEST_ROW == 1000


@pytest.mark.parametrize(
    "line",
    [
        "no json", "{}", "[1]", "[1, 2, 3, 4, 5]", "[" * 9000, "[[], {}, [], []]", "3", "",
        '["a", "b", "c", 4]', "[" + "9" * 5000 + ', 1, 1, ""]', "[1e999, NaN, 1, null]", "\x1b[2J",
    ],
)  # fmt: skip
def test_a_line_that_is_no_row_never_ends_in_a_table(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow")
    from convcalc.report.sweep import parquet

    with monkeypatch.context() as patched:  # a kill before the table was made
        patched.setattr(parquet, "finish", lambda *_: None)
        patched.setattr("os.unlink", lambda path: None)
        assert run([*SWEEP, "-o", "rows.parquet"]) == 0
    part = Path("rows.parquet.part")
    lines = part.read_text(encoding="utf-8").splitlines(keepends=True)
    part.write_text("".join((*lines[:2], f"{line}\n", *lines[3:])), encoding="utf-8")
    capsys.readouterr()
    assert run([*SWEEP, "--resume", "rows.parquet"]) == 2
    assert "row 2 of the file is of another sweep" in capsys.readouterr().err
    # what is not looked at again before is met when the table is made
    monkeypatch.setattr(sweep_rows, "next_variant", lambda file, size, *_: size)
    assert run([*SWEEP, "--resume", "rows.parquet"]) == 2
    error = capsys.readouterr().err
    assert error == (
        "Error: rows.parquet.part holds lines that are not rows of this sweep: remove it\n"
    ) or ("beyond Parquet's 64 bits" in error and len(error) < 200)
    assert part.exists() and not Path("rows.parquet").exists()


def test_a_hostile_name_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    name = "n\n::error::x\x1b[2J.csv"
    Path(name).write_bytes(b"mine")
    for option in ("--resume", "-o"):
        assert run([*SWEEP, option, name]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1 and "\x1b" not in error
