"""`sweep --search`: the best of what an optimizer tries, the same with the same seed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run
from convcalc.sweep.where import condition

SPEC = """\
input: 16x16x3
vars: {width: 8, depth: 1, bias: true}
layers:
  - {conv: {filters: =width, kernel: 3, pad: 1, bias: =bias}, times: =depth}
  - max_pool: {kernel: 2}
  - fc-10
"""
AXES = ("--set", "width=1..200", "--set", "depth=1..12", "--set", "bias=true,false")
GOAL = (*AXES, "--search=-macs", "--where", "params < 40K", "--columns", "params,macs")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


def found(**words: Any) -> convcalc.SweepReport:
    pytest.importorskip("optuna")
    axes = {"width": range(1, 201), "depth": range(1, 13), "bias": [True, False]}
    return convcalc.sweep("net.yaml", variables=axes, columns="params,macs", **words)


def test_what_is_found_is_nearly_the_best_there_is() -> None:
    rows = found(search="-macs", where="params < 40K", sample=160, seed=1).rows
    assert len({tuple(row.set.values()) for row in rows}) == len(rows) <= 160
    assert all((row.numbers["params"] or 0) < 40_000 for row in rows)
    best = 0
    for width in range(1, 201):
        for depth in range(1, 13):  # without biases, which cost parameters alone
            weights = 27 * width + 9 * width * width * (depth - 1)
            if weights + 640 * width + 10 < 40_000:
                best = max(best, 256 * weights + 640 * width)
    macs = [row.numbers["macs"] or 0 for row in rows]
    assert best * 0.85 < macs[0] <= best and macs == sorted(macs, reverse=True)
    sample = found(sort="-macs", where="params < 40K", sample=160, seed=1).rows
    assert (sample[0].numbers["macs"] or 0) < macs[0]  # a latin hypercube comes to 76 % of it


def test_the_seed_alone_decides() -> None:
    words: dict[str, Any] = {"search": "-macs", "where": "params < 40K", "sample": 50}
    one = found(**words, seed=3).rows
    assert found(**words, seed=3).rows == one
    with ThreadPoolExecutor(2) as executor:
        assert found(**words, seed=3, executor=executor, workers=2).rows == one
    assert found(**words, seed=4).rows != one


def test_several_objectives_make_a_front() -> None:
    report = found(search="params,-macs", sample=60, seed=1)
    assert 1 < len(report.front) < 60
    numbers = [(row.numbers["params"] or 0, row.numbers["macs"] or 0) for row in report.front]
    assert all(one[1] <= other[1] for one, other in pairwise(sorted(numbers)))


def test_a_small_grid_is_tried_whole_without_an_optimizer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    words = ["sweep", "net.yaml", "--set", "width=8,16,4", "--search=-macs", "--columns", "macs"]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["16", "8", "4"]
    assert "optimizer" not in out
    assert run(["sweep", "net.yaml", *GOAL]) == 2
    message = "Error: --search needs Optuna: pip install 'convcalc[search]'\n"
    assert capsys.readouterr().err == message


def test_a_search_goes_on_after_a_kill_at_any_byte(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("optuna")
    words = ["sweep", "net.yaml", *GOAL, "--sample", "40"]
    for form in ("csv", "json"):
        assert run([*words, "-o", f"whole.{form}"]) == 0
        whole = Path(f"whole.{form}").read_bytes()
        part = Path(f"part.{form}")
        first = whole.index(b"\n")
        for cut in (0, 1, first, first + 4, len(whole) // 2, len(whole) - 1, len(whole)):
            part.write_bytes(whole[:cut])
            assert run([*words, "--resume", str(part)]) == 0, cut
            assert part.read_bytes() == whole, cut
    assert 1 < Path("whole.csv").read_text().count("\n") < 40


def test_a_file_of_another_search_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("optuna")
    words = ["sweep", "net.yaml", *GOAL, "--sample", "40"]
    assert run([*words, "-o", "a.csv"]) == 0
    before = Path("a.csv").read_bytes()
    assert run([*words, "--seed", "5", "--resume", "a.csv"]) == 2
    assert "of another search: nothing was written" in capsys.readouterr().err
    assert run([*words[:-1], "17", "--resume", "a.csv"]) == 2
    assert "more rows than this search" in capsys.readouterr().err
    assert Path("a.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--search", "mcas"), "did you mean macs?"),
        (("--search", "training_batch"), "needs --device or --memory"),
        (
            ("--set", "width=1..100000000000000000", "--search", "macs"),
            "at most 9,007,199,254,740,992",
        ),
    ],
)
def test_clear_errors(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("optuna")
    assert run(["sweep", "net.yaml", *words]) == 2
    assert message in capsys.readouterr().err


def test_how_far_a_row_is_from_a_condition() -> None:
    known = ["a", "b"]

    def violation(text: str, **row: int | None) -> float:
        return condition(text, known).violation({"a": 1, "b": 1} | row)

    assert violation("a < 10", a=9) == 0
    assert violation("a < 10", a=20) == 0.5
    assert 0 < violation("a < 10", a=10) < 1e-6
    assert violation("a > 10", a=5) == 0.5
    assert violation("a < 10 and b < 10", a=20, b=40) == 1.25
    assert violation("a < 10 or b < 10", a=20, b=40) == 0.5
    assert violation("a == 10", a=5) == violation("10 == a", a=5) == 0.5
    assert violation("not a == 10", a=10) == 1
    assert violation("a < 10", a=None) == 1e9
    assert violation("a/b < 3", b=0) == 1e9
