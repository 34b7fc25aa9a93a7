"""`diff --base` of files that cannot be looked at: they are not said to be gone."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from tests.edges.conftest import SPEC, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

LONG = "a" * 300 + ".yaml"  #: longer than any file's name


@pytest.fixture
def closed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two specs in a folder whose files cannot be looked at, as of another user.

    The system itself refuses that nowhere to root, who runs the tests in a container.
    """
    folder = Path("nets")
    folder.mkdir()
    for name in ("a.yaml", "b.yaml"):
        (folder / name).write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    asked, listed = os.lstat, os.scandir

    def lstat(path: Any, **options: Any) -> os.stat_result:
        if "nets" in Path(os.fspath(path)).parent.parts and Path.cwd() == repository:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return asked(path, **options)

    def scandir(path: Any = ".") -> Any:
        if Path(path).name == "nets":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return listed(path)

    monkeypatch.setattr(os, "lstat", lstat)
    monkeypatch.setattr(os, "scandir", scandir)
    return repository


def test_a_file_that_is_named(closed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", "--base", "HEAD", "nets/a.yaml"]) == 2
    shown = capsys.readouterr()
    assert shown.err == "Error: cannot look at nets/a.yaml: Permission denied\n"
    assert "removed" not in shown.out


def test_files_of_a_folder_are_not_said_to_be_gone(
    closed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "--base", "HEAD", "."]) == 2
    shown = capsys.readouterr()
    assert "Error: cannot list ./nets: Permission denied\n" in shown.err
    told = "cannot look at nets/a.yaml and 1 more, which the base has: Permission denied"
    assert f"Error: {told}\n" in shown.err
    assert "removed" not in shown.out and "nets" not in shown.out


def test_names_that_lead_nowhere(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("loop").symlink_to("loop")
    for name, why in (
        (LONG, f"cannot look at {LONG}: File name too long"),
        ("loop/net.yaml", "cannot look at loop/net.yaml: Too many levels of symbolic links"),
        ("net.yaml/x.yaml", "no net.yaml/x.yaml at HEAD, nor in the working tree"),
    ):
        assert run(["diff", "--base", "HEAD", name]) == 2
        assert capsys.readouterr().err == f"Error: {why}\n"


def test_what_became_a_file_is_gone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("nets").mkdir()
    Path("nets/a.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "nets")
    shutil.rmtree("nets")
    Path("nets").write_text("", encoding="utf-8")
    assert run(["diff", "--base", "HEAD", "nets/a.yaml"]) == 0
    shown = capsys.readouterr()
    assert (shown.err, "- 1 layer" in shown.out or "removed" in shown.out) == ("", True)
