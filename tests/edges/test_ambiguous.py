"""`diff --base`: a name that is that of a tag and of a branch is refused, with both in full."""

import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from tests.edges.conftest import SPEC, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.fixture
def large(repository: Path) -> Path:
    """The repository with a second commit, of a larger net, and a remote branch at the first."""
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    Path("nets").mkdir()
    for name in ("net.yaml", "nets/net.yaml"):
        Path(name).write_text(SPEC.replace("4", "400"), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "two")
    return repository


def answer(base: str, path: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(["diff", "--base", base, "--fail-on-increase", "params=0", path])
    return code, capsys.readouterr().err


@pytest.mark.parametrize("path", [".", "net.yaml", "nets", "gone.yaml"])
@pytest.mark.parametrize(
    ("tag", "base", "full"),
    [
        ("origin/main", "origin/main", "refs/remotes/origin/main"),
        ("origin/main", "origin/main~0", "refs/remotes/origin/main"),
        ("origin", "origin", "refs/remotes/origin/HEAD"),
        ("main", "main", "refs/heads/main"),
        ("main", "main^{commit}", "refs/heads/main"),
    ],
)
def test_a_tag_named_like_a_branch_is_not_taken_for_it(
    large: Path, tag: str, base: str, full: str, path: str, capsys
) -> None:
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git("tag", tag, "HEAD")
    git("config", "core.warnAmbiguousRefs", "false")
    code, err = answer(base, path, capsys)
    assert code == 2, err
    assert f"'{tag}' is ambiguous: refs/tags/{tag} and {full}" in err.splitlines()[-1]
    assert f"write {full} for the branch" in err


def test_what_names_one_commit_is_taken(large: Path, capsys) -> None:
    first = git("rev-parse", "HEAD~1").stdout.strip()
    for tag in ("origin/main", "HEAD", "refs/remotes/origin/main", first):
        git("update-ref", f"refs/tags/{tag}", "HEAD")
    for base in ("refs/remotes/origin/main", "HEAD~1", "@~1", first):
        code, err = answer(base, "net.yaml", capsys)
        assert code == 1, (base, err)


def test_a_tag_named_like_a_short_hash(large: Path, capsys) -> None:
    short = git("rev-parse", "HEAD~1").stdout[:7]
    assert answer(short, "net.yaml", capsys)[0] == 1
    git("update-ref", f"refs/tags/{short}", "HEAD")
    code, err = answer(short, "net.yaml", capsys)
    assert code == 2 and f"refs/tags/{short} and a short hash: write the commit's whole" in err
    git("update-ref", f"refs/heads/{short}", "HEAD~1")
    code, err = answer(short, "net.yaml", capsys)
    assert code == 2 and f"write refs/heads/{short} for the branch" in err
