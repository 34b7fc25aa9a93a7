"""`diff --base` of many large specs: what is kept of them is bounded, and what is left is said."""

import shutil
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.study import changes
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


def spec(times: int) -> str:
    return f"input: 8x8x3\nlayers: [{{repeat: {{times: {times}, layers: [relu]}}}}]\n"


@pytest.fixture
def grown(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten specs that had two layers each and have ten now, where 30 may be compared."""
    nets = repository / "nets"
    nets.mkdir()
    for number in range(10):
        (nets / f"{number}.yaml").write_text(spec(1), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    for number in range(10):
        (nets / f"{number}.yaml").write_text(spec(9), encoding="utf-8")
    monkeypatch.setattr(changes, "MOST_LAYERS", 30)
    return nets


def test_what_is_not_compared_is_said(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "--base", "HEAD", "nets"]) == 2
    shown = capsys.readouterr()
    assert "3 changed" in shown.out
    assert shown.err == (
        "Error: 7 of 10 specs are not compared: those before them have 36 layers, now and then, "
        "and 30 are the most (--trusted lifts it)\n"
    )
    found = convcalc.diff("nets", base="HEAD")
    assert not found.ok and "7 of 10 specs are not compared" in found.failures[0]


def test_specs_that_are_new_count_too(grown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "-q", "HEAD", "--", ".")
    for number in range(10, 20):
        (grown / f"{number}.yaml").write_text(spec(number), encoding="utf-8")
    assert run(["diff", "--base", "HEAD", "nets"]) == 2
    assert "7 of 10 specs are not compared" in capsys.readouterr().err


def test_trusted_specs_and_the_last_one_are_compared(
    grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "--base", "HEAD", "--trusted", "nets"]) == 0
    monkeypatch.setattr(changes, "MOST_LAYERS", 120)
    assert run(["diff", "--base", "HEAD", "nets"]) == 0
    assert "10 changed" in capsys.readouterr().out
