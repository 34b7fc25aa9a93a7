"""`diff --base`: no file of a repository keeps git waiting for long."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.files import read_at_most
from convcalc.study import git as git_of_study
from convcalc.study import revision, waiting
from convcalc.study.waiting import waited_for
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not hasattr(os, "mkfifo"), reason="no git, or no FIFOs"
)


def add(text: str, file: str = ".git/config") -> None:
    with Path(file).open("a", encoding="utf-8") as config:
        config.write(text)


@pytest.mark.parametrize(
    "text",
    [
        "[include]\n\tpath = waits\n",
        "[include] path = waits\n",
        "[include]\npath=waits # not this\n",
        '[include]\n\tPATH = "waits"\n',
        '[include]\n\tpath = wa"its"; x\n',
        "[include]\n\tpath = wai\\\nts\n",
        "[include]\n\tpath = ../.git/./waits\r\n",
        '[includeIf "gitdir:**"]\n\tpath = waits\n',
        "[include]\n\tpath = ~/waits\n",
    ],
)
@pytest.mark.parametrize("nested", range(3))
def test_a_configuration_that_includes_a_fifo_is_refused(
    repository: Path, text: str, nested: int, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("HOME", str(repository / ".git"))
    assert not waited_for(".")
    os.mkfifo(".git/waits")
    file = ".git/config"
    for number in range(nested):
        add(f"[include]\n\tpath = more{number}\n", file)
        file = f".git/more{number}"
    add(text, file)
    for path in ("net.yaml", "."):
        assert run(["diff", "--base", "HEAD", path]) == 2
        assert capsys.readouterr().err.endswith("/waits is a FIFO, for which it would wait\n")


@pytest.mark.parametrize("name", ["config", "HEAD", "config.worktree", "packed-refs", "index"])
def test_a_fifo_among_git_s_own_files_is_refused(repository: Path, name: str, capsys) -> None:
    Path(".git", name).unlink(missing_ok=True)
    os.mkfifo(f".git/{name}")
    Path("a/b").mkdir(parents=True)
    shutil.copy("net.yaml", "a/b")
    for path in ("net.yaml", "a/b"):
        assert run(["diff", "--base", "main", path]) == 2
        assert capsys.readouterr().err.endswith(f"{name} is a FIFO, for which it would wait\n")


@pytest.mark.parametrize("base", ["main", "main~0", "heads/main", "refs/heads/main", "HEAD", "@"])
def test_a_fifo_in_the_place_of_a_ref_is_named_at_once(repository: Path, base: str, capsys) -> None:
    Path(".git/refs/heads/main").unlink()
    os.mkfifo(".git/refs/heads/main")
    for path in ("net.yaml", "."):
        assert run(["diff", "--base", base, path]) == 2
        said = capsys.readouterr().err
        assert "refs/heads/main is a FIFO, for which git would wait\n" in said


def test_a_ref_that_may_not_be_read_is_named(repository: Path, capsys, monkeypatch) -> None:
    def read(path: str, most: int | None) -> bytes:
        if path.endswith("refs/heads/main"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return read_at_most(path, most)

    monkeypatch.setattr(waiting, "read_at_most", read)
    for path in ("net.yaml", "."):
        assert run(["diff", "--base", "main", path]) == 2
        said = capsys.readouterr().err
        assert "cannot read " in said and said.endswith("refs/heads/main: Permission denied\n")


@pytest.mark.parametrize("text", ["ref: refs/heads/own", "ref: ../../pipe", "ref: /dev/zero", ""])
def test_refs_that_lead_astray_are_left_to_git(repository: Path, text: str, capsys) -> None:
    os.mkfifo("pipe")
    Path(".git/refs/heads/own").write_text(text, encoding="utf-8")
    assert run(["diff", "--base", "own", "net.yaml"]) == 2
    assert "FIFO" not in capsys.readouterr().err


def test_a_linked_working_tree_has_the_files_of_the_first(
    repository: Path, monkeypatch, capsys
) -> None:
    git("worktree", "add", "-q", "linked")
    shutil.copy("net.yaml", "linked")
    assert run(["diff", "--base", "main", "linked"]) == 0
    assert "1 changed" in capsys.readouterr().out
    os.mkfifo(".git/waits")
    add("[include]\n\tpath = waits\n")
    monkeypatch.chdir("linked")
    assert waited_for(".").endswith("waits is a FIFO")
    monkeypatch.chdir("/")
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert waited_for(".").endswith("waits is a FIFO")


def test_what_is_no_fifo_is_git_s_to_judge(repository: Path, monkeypatch) -> None:
    add("[include]\n\tpath = config\n\tpath = /dev/null\n\tpath = nosuch\n[x]\n\tpath = a\0b\n")
    add("".join(f"[include]\n\tpath = more{number}\n" for number in range(5000)))
    assert not waited_for(".")
    add("[include]\n\tpath = /dev/zero\n", ".git/more1")
    assert waited_for(".").endswith("/dev/zero is a device")


def test_a_git_that_waits_is_ended_once(repository: Path, monkeypatch, capsys) -> None:
    """However many specs are asked for: another git would wait as long."""
    monkeypatch.setattr(git_of_study, "_PATIENCE", 0.5)
    monkeypatch.setattr(revision, "unread_ref", lambda *given: "")  # as of one that is not seen
    started = []
    first = git_of_study.Git.__init__

    def noted(self: git_of_study.Git, *words: str, **more: bool) -> None:
        started.append(words)
        first(self, *words, **more)

    monkeypatch.setattr(git_of_study.Git, "__init__", noted)
    Path(".git/refs/heads/main").unlink()
    os.mkfifo(".git/refs/heads/main")
    for paths in (["net.yaml"], ["."], ["net.yaml", "a.yaml", "b.yaml"]):
        started.clear()
        assert run(["diff", "--base", "main", *paths]) == 2
        said = capsys.readouterr().err
        assert "git did not answer" in said and said.count("\n") == 1
        hung = [words for words in started if words[1:3] != ("rev-parse", "--show-cdup")]
        assert len(hung) == 1
