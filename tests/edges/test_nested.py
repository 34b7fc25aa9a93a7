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


@pytest.fixture
def submodule(repository: Path) -> Path:
    """A submodule as a checkout without submodules has it: an empty folder, known to the index."""
    own = repository / "nets" / "own"
    own.mkdir(parents=True)
    git("init", "-q", "-b", "main", ".", folder=str(own))
    (own / "a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".", folder=str(own))
    git("commit", "-q", "-m", "a net", folder=str(own))
    Path("empty").mkdir()
    git("add", "nets", "net.yaml")
    git("commit", "-q", "-m", "a submodule")
    shutil.rmtree(own)
    own.mkdir()
    return repository


LEFT_OUT = "left out nets/own, a submodule that is not set up: `git submodule update --init`"


@pytest.mark.parametrize("words", ["check .", "diff --base main .", "diff --base HEAD~1 ."])
def test_of_a_submodule_that_is_not_set_up_it_is_said(submodule: Path, capsys, words: str) -> None:
    assert run(words.split()) == 0
    told = capsys.readouterr()
    assert LEFT_OUT in told.out + told.err


@pytest.mark.parametrize("name", ["nets/own", "nets/own/", "nets"])
def test_nothing_is_checked_of_one_alone(submodule: Path, capsys, name: str) -> None:
    assert run(["check", name]) == 2
    assert f"no .yaml files in {name}: {LEFT_OUT}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nets/own", "nets/own/", "{}/nets/own"])
def test_one_that_is_not_set_up_is_compared_with_nothing(
    submodule: Path, capsys, name: str
) -> None:
    assert run(["diff", "--base", "main", name.format(submodule)]) == 2
    told = capsys.readouterr()
    assert "nets/own is a submodule that is not set up" in told.err and not told.out


def test_a_folder_in_whose_place_such_a_one_has_come_is_not_taken_for_empty(
    submodule: Path, capsys
) -> None:
    listed = git("ls-tree", "HEAD", "nets/own").stdout.split()[2]
    git("rm", "-q", "--cached", "nets/own")
    (submodule / "nets" / "own" / "a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", "nets")
    git("commit", "-q", "-m", "a folder")
    git("rm", "-q", "-r", "nets")
    (submodule / "nets" / "own").mkdir(parents=True)
    git("update-index", "--add", "--cacheinfo", f"160000,{listed},nets/own")
    assert run(["diff", "--base", "main", "nets/own"]) == 2
    assert "nets/own is a repository of its own, and was none at main" in capsys.readouterr().err
    assert run(["diff", "--base", "main", "."]) == 0
    told = capsys.readouterr()
    assert "1 removed" in told.out and LEFT_OUT in told.out + told.err
