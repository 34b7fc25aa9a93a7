"""`diff --base` where a folder has become a repository of its own, as a submodule is."""

import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from tests.edges.conftest import SPEC, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.fixture
def turned(repository: Path) -> Path:
    """A folder of specs, committed, in whose place a repository has come."""
    nets = repository / "nets" / "own"
    nets.mkdir(parents=True)
    (nets / "a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    shutil.rmtree(nets)
    nets.mkdir()
    (nets / "a.yaml").write_text(SPEC.replace("4", "4000"), encoding="utf-8")
    git("init", "-q", "-b", "main", ".", folder=str(nets))
    git("add", ".", folder=str(nets))
    git("commit", "-q", "-m", "much larger", folder=str(nets))
    return nets


@pytest.mark.parametrize("name", ["nets/own", "nets/own/a.yaml", "{}", "{}/a.yaml"])
def test_a_history_of_another_repository_is_not_taken(turned: Path, capsys, name: str) -> None:
    assert run(["diff", "--base", "main", name.format(turned)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "nets/own is a repository of its own, and was none at main" in told.err


def test_from_the_top_its_specs_are_gone(turned: Path, capsys) -> None:
    assert run(["diff", "--base", "main", "--fail-on-difference", "nets"]) == 1
    told = capsys.readouterr()
    assert "1 removed" in told.out and "left out nets/own, a repository of its own" in told.out


def test_what_was_no_part_of_it_is_compared_with_its_own_history(turned: Path, capsys) -> None:
    git("rm", "-q", "-r", "--cached", "nets")
    git("commit", "-q", "-m", "no nets")
    assert run(["diff", "--base", "main", "nets/own"]) == 0
    assert "nothing changed, 1 the same" in capsys.readouterr().out
    git("add", "nets/own")  # as a submodule
    git("commit", "-q", "-m", "a submodule")
    assert run(["diff", "--base", "main", "nets/own"]) == 0
