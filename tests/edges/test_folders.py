"""Folders that cannot be looked at: what is in them is never passed over in silence."""

import errno
import os
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.config import Matrix
from convcalc.files import Glob
from convcalc.study import unmatched
from convcalc.study.failure import Failure
from convcalc.study.files import spec_files

DEEP = ["d" * 250] * 17  #: more than the 4,096 characters that a path may have


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec, and another spec below a path that is too long to be opened."""
    monkeypatch.chdir(tmp_path)
    Path("fine.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    for name in DEEP:
        os.mkdir(name)
        os.chdir(name)
    Path("bad.yaml").write_text("input: 8x8x3\nlayers: [conv99-4]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_whose_path_is_too_long_is_said(
    deep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for named in (".", str(deep)):
        assert run(["check", named]) == 2
        shown = capsys.readouterr()
        assert "checked 1 spec: no findings; not all could be checked: 1 error" in shown.out
        assert "Error: cannot list " in shown.err and "File name too long" in shown.err


def test_no_matrix_is_said_to_match_nothing_where_a_folder_cannot_be_looked_at(deep: Path) -> None:
    matrix = Matrix((Glob("other/*.yaml", str(deep)),), {})
    assert not unmatched.unmatched((matrix,), ())


class _Unknown:
    """An entry of a folder on a file system that does not say what it is, and nor does `lstat`."""

    def __init__(self, name: str, error: int) -> None:
        self.name, self.path, self._error = name, f"./{name}", error

    def is_symlink(self) -> bool:
        return self._fails()

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self._fails()

    def _fails(self) -> bool:
        raise OSError(self._error, os.strerror(self._error))


def test_what_cannot_be_told_from_a_folder_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Listing(list[_Unknown]):
        def __enter__(self) -> "Listing":
            return self

        def __exit__(self, *error: object) -> None:
            pass

    entries = Listing([_Unknown("nets", errno.EACCES), _Unknown(".git", errno.EACCES)])
    monkeypatch.setattr(os, "scandir", lambda folder: entries)
    failures: list[Failure] = []
    assert spec_files((".",), (), failures.append, may_be_empty=True) == []
    assert [one.message for one in failures] == ["cannot look at ./nets: Permission denied"]
