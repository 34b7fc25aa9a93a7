"""Rows that a file has when a sweep goes on with it: which of them are looked at."""

from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.sweep.resume import WORKED_OUT_AGAIN, worked_out_again

NET = "vars: {width: 16}\ninput: 32x32x3\nlayers: [{conv: {filters: =width, kernel: 3}}, fc-10]\n"
WORDS = ["sweep", "net.yaml", "--set", "width=8..256/8", "--columns", "params,macs"]


@pytest.fixture(autouse=True)
def _net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)


def stopped_after(rows: int, *words: str) -> list[str]:
    """The lines of all rows, and a file with the first of them."""
    assert run([*WORDS, *words, "-o", "rows.csv"]) == 0
    lines = Path("rows.csv").read_text().splitlines(keepends=True)
    Path("rows.csv").write_text("".join(lines[: rows + 1]))
    return lines


@pytest.mark.parametrize("where", [(), ("--where", "width % 16 == 0")])
def test_rows_of_another_net_are_refused_though_the_last_is_the_same(
    where: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = stopped_after(12, *where)
    kept = Path("rows.csv").read_bytes()
    Path("net.yaml").write_text(NET.replace("=width", '"=max(width, 48)"'))
    capsys.readouterr()
    assert run([*WORDS, *where, "--resume", "rows.csv"]) == 2
    told = "row 1 of the file is of another sweep: nothing was written"
    assert told in capsys.readouterr().err
    assert Path("rows.csv").read_bytes() == kept
    Path("net.yaml").write_text(NET)
    assert run([*WORDS, *where, "--resume", "rows.csv"]) == 0
    assert Path("rows.csv").read_text() == "".join(lines)
    assert "written to rows.csv, behind 12 rows that it had" in capsys.readouterr().err


@pytest.mark.parametrize("where", [(), ("--where", "width % 16 == 0")])
@pytest.mark.parametrize("line", ['"=HYPERLINK(""x"")",1,2\n', "32,1,2\n", "\n", "\x1b[2Jx,1\n"])
def test_a_row_between_that_is_of_no_variant_is_refused(
    where: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = stopped_after(10, *where)
    Path("rows.csv").write_text("".join((*lines[:5], line, *lines[6:11])))
    capsys.readouterr()
    assert run([*WORDS, *where, "--resume", "rows.csv"]) == 2
    assert "row 5 of the file is of another sweep" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (("--where", "width > 128"), ("--where", "width < 200")),
        (("--where", "width < 100"), ("--where", "width > 50")),
        (("--where", "width % 16 == 0"), ("--where", "width % 8 == 0")),
        ((), ("--where", "width > 50")),
        (("--where", "width > 50"), ()),
    ],
)
def test_rows_of_another_condition_are_refused(
    first: tuple[str, ...], then: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    stopped_after(8, *first)
    kept = Path("rows.csv").read_bytes()
    capsys.readouterr()
    assert run([*WORDS, *then, "--resume", "rows.csv"]) == 2
    assert "of the file is of another sweep: nothing was written" in capsys.readouterr().err
    assert Path("rows.csv").read_bytes() == kept


def test_rows_in_another_order_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    lines = stopped_after(30)
    lines[20], lines[21] = lines[21], lines[20]
    Path("rows.csv").write_text("".join(lines[:31]))
    assert run([*WORDS, "--resume", "rows.csv"]) == 2
    assert "row 20 of the file is of another sweep" in capsys.readouterr().err


def test_a_drawn_variant_that_comes_twice_is_met_twice() -> None:
    drawn = ("--sample", "40", "--seed", "3")
    lines = stopped_after(33, *drawn)
    assert run([*WORDS, *drawn, "--resume", "rows.csv"]) == 0
    assert Path("rows.csv").read_text() == "".join(lines)


@pytest.mark.parametrize("rows", [1, 2, 15, 16, 17, 100, 12_345])
def test_the_ends_and_some_between_are_worked_out_again(rows: int) -> None:
    chosen = worked_out_again(rows)
    assert len(chosen) == min(rows, WORKED_OUT_AGAIN)
    assert {0, rows - 1} <= chosen <= set(range(rows))
