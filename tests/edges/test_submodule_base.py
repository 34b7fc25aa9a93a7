"""`diff --base` of a submodule compares with the commit that the repository around had."""

import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from tests.edges.conftest import SPEC, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

GATE = ("--fail-on-increase", "params=0")
LARGER = SPEC.replace("4", "4000")


def commit(folder: Path, text: str) -> None:
    """A spec of a submodule, committed there."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    git("add", ".", folder=str(folder))
    git("commit", "-q", "-m", "net", folder=str(folder))


@pytest.fixture
def moved(repository: Path) -> Path:
    """A submodule that a branch has moved to a larger net, which is its own `main` too."""
    own = repository / "nets" / "own"
    own.mkdir(parents=True)
    git("init", "-q", "-b", "main", ".", folder=str(own))
    commit(own, SPEC)
    git("add", "nets", "net.yaml")
    git("commit", "-q", "-m", "a submodule")
    git("checkout", "-q", "-b", "branch")
    commit(own, LARGER)
    git("add", "nets")
    git("commit", "-q", "-m", "moved")
    return own


@pytest.mark.parametrize(
    "named", ["nets/own", "nets/own/a.yaml", "{}", "nets nets/own", "net.yaml nets/own"]
)
def test_a_moved_submodule_is_compared_with_where_it_was(moved: Path, capsys, named: str) -> None:
    names = named.format(moved).split()
    assert run(["diff", "--base", "main", *names, *GATE]) == 1
    told = capsys.readouterr()
    assert "params" in told.out and "nothing changed" not in told.out
    assert "left out" not in told.out
    assert run(["diff", "--base", "branch", *names, *GATE]) == 0


def test_renamed_specs_of_it_are_found(moved: Path, capsys) -> None:
    (moved / "a.yaml").rename(moved / "b.yaml")
    (moved / "b.yaml").write_text(SPEC, encoding="utf-8")
    assert run(["diff", "--base", "main", "nets/own"]) == 0
    assert "renamed from" in capsys.readouterr().out


@pytest.mark.parametrize("named", ["nets/own", "nets/own/a.yaml", "nets/own/a.yaml nets/own"])
def test_without_the_commit_it_is_refused(moved: Path, capsys, named: str) -> None:
    was = git("rev-parse", "main:nets/own").stdout.strip()
    shutil.rmtree(moved / ".git")
    git("init", "-q", "-b", "main", ".", folder=str(moved))
    commit(moved, LARGER)
    assert run(["diff", "--base", "main", *named.split(), *GATE]) == 2
    told = capsys.readouterr()
    assert not told.out and f"`git -C nets/own fetch origin {was}`" in told.err


def test_a_new_submodule_is_compared_with_nothing(moved: Path, capsys) -> None:
    assert run(["diff", "--base", "main~1", "nets/own", *GATE]) == 2
    told = capsys.readouterr()
    assert not told.out and "nets/own is a submodule that is new since main~1" in told.err


def test_a_revision_of_its_own_alone_is_its_own(moved: Path, capsys) -> None:
    git("tag", "small", "main~1", folder=str(moved))
    assert run(["diff", "--base", "small", "nets/own", *GATE]) == 1
    assert "a.yaml" in capsys.readouterr().out


def test_in_a_submodule_of_a_submodule_the_commits_lead_to_each_other(moved: Path, capsys) -> None:
    inner = moved / "deep"
    inner.mkdir()
    git("init", "-q", "-b", "main", ".", folder=str(inner))
    commit(inner, SPEC)
    commit(moved, LARGER)
    git("add", "nets")
    git("commit", "-q", "-m", "deeper")
    git("branch", "-f", "main")
    commit(inner, LARGER)
    commit(moved, LARGER)
    assert run(["diff", "--base", "main", "nets/own/deep", *GATE]) == 1
    assert "a.yaml" in capsys.readouterr().out


def test_inside_it_a_revision_is_its_own(moved: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(moved)
    assert run(["diff", "--base", "main", ".", *GATE]) == 0
    assert run(["diff", "--base", "main~1", ".", *GATE]) == 1


@pytest.mark.parametrize("named", ["", "a.yaml"])
def test_from_outside_a_gate_takes_the_repository_around(
    moved: Path, monkeypatch, named: str
) -> None:
    monkeypatch.chdir(moved.parents[2])
    assert run(["diff", "--base", "main", str(moved / named), *GATE]) == 1
    assert run(["diff", "--base", "branch", str(moved / named), *GATE]) == 0
    around = str(moved.parents[1] / "net.yaml")
    assert run(["diff", "--base", "main", around, "--fail-on-difference"]) == 0
    assert run(["diff", "--base", "main~1", around, "--fail-on-difference"]) == 1


def test_from_another_repository_it_is_the_one_around(moved: Path, monkeypatch) -> None:
    other = moved.parents[2] / "other"
    other.mkdir()
    git("init", "-q", "-b", "main", ".", folder=str(other))
    commit(other, SPEC)
    monkeypatch.chdir(other)
    assert run(["diff", "--base", "main", str(moved), *GATE]) == 1


def test_from_outside_a_submodule_that_is_not_set_up_is_refused(
    moved: Path, capsys, monkeypatch
) -> None:
    shutil.rmtree(moved)
    moved.mkdir()
    monkeypatch.chdir(moved.parents[2])
    assert run(["diff", "--base", "main", str(moved), *GATE]) == 2
    assert "is a submodule that is not set up" in capsys.readouterr().err
