"""A git repository or a folder of its own for a test, without the configuration of the machine."""

import os
import subprocess
from pathlib import Path

import pytest

from convcalc.study.revision import committed, is_spec
from tests.edges.renames import spec

SPEC = "input: 8x8x3\nlayers: [conv3-4]\n"


def git(*words: str, folder: str = ".") -> "subprocess.CompletedProcess[str]":
    """Git as it is, without any care."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false")
    command = ["git", "-C", folder, *who, *words]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def hashes_below(revision: str, folder: str) -> dict[str, str]:
    """The specs below a folder as it was committed: their names in it, and git's hash of each."""
    listing = committed(revision, folder, below=True)
    return {name: entry.number for name, entry in listing.items() if is_spec(name, entry)}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one spec and a second, changed version in the working tree."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    place = tmp_path / "repository"
    place.mkdir()
    monkeypatch.chdir(place)
    git("init", "-q", "-b", "main", ".")
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    Path(".gitattributes").write_text("*.yaml diff=evil filter=evil\n", encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    Path("net.yaml").write_text(SPEC.replace("4", "5"), encoding="utf-8")
    return place


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work" / "nets").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def nets(repository: Path) -> Path:
    """A folder of three unlike specs, as they were committed."""
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    folder = repository / "nets"
    (folder / "sub").mkdir(parents=True)
    for name, text in (("a", spec(4)), ("b", spec(8, 9)), ("small", "input: 9\nlayers: [fc-3]\n")):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "nets")
    return folder
