"""`diff --base FOLDER`: a spec that was in another folder, under a name that nobody asks for."""

import json
import shutil
from pathlib import Path

import pytest

from convcalc.study import blobs, revision
from tests.edges.conftest import git
from tests.edges.renames import answer, spec

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.fixture
def moved(nets: Path) -> Path:
    """Two of three specs are in another folder now, whose former names nobody asks for."""
    (nets.parent / "specs").mkdir()
    git("mv", "nets/a.yaml", "specs/first.yaml")
    git("mv", "nets/b.yaml", "specs/b.yaml")
    Path("specs/b.yaml").write_text(spec(9, 9), encoding="utf-8")
    return nets


def former(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str | None]:
    found = json.loads(answer(capsys, *words, "--format", "json")[1])
    return {one["path"]: one["renamed_from"] for one in found["specs"]}


@pytest.mark.parametrize("staged", [True, False])
def test_a_spec_that_comes_from_anywhere_is_renamed(moved: Path, staged: bool, capsys) -> None:
    if not staged:
        git("reset", "-q")
    was = {"specs/first.yaml": "nets/a.yaml", "specs/b.yaml": "nets/b.yaml"}
    assert former(capsys, "specs") == was
    assert former(capsys, "specs/first.yaml", "specs/b.yaml") == was
    assert former(capsys, ".") == was
    code, out, err = answer(capsys, "specs", "--fail-on-increase", "params=0")
    assert code == 1 and "specs/b.yaml: params grew by" in out and not err
    whole = str(moved.parent / "specs")
    assert former(capsys, whole) == {
        f"{whole}/{Path(new).name}": str(moved.parent / old) for new, old in was.items()
    }


def test_a_spec_that_comes_from_a_folder_above_is_renamed(
    moved: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir("specs")
    assert former(capsys, ".") == {"first.yaml": "../nets/a.yaml", "b.yaml": "../nets/b.yaml"}


@pytest.mark.parametrize(
    "origin", ["other/x.yaml", ".hidden/x.yaml", "x.yaml.txt", "nets/.drafts/x.yaml"]
)
def test_a_spec_from_elsewhere_is_not_another_that_is_gone(nets: Path, origin: str, capsys) -> None:
    """What has gone from the folder has most lines of it, too."""
    old = Path(origin)
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text(spec(5), encoding="utf-8")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "x")
    git("mv", origin, "nets/x.yaml")
    (nets / "a.yaml").unlink()
    assert former(capsys, "nets") == {"nets/x.yaml": origin, "nets/a.yaml": None}


def test_a_spec_that_include_left_out_is_not_another_that_is_gone(nets: Path, capsys) -> None:
    Path("pyproject.toml").write_text('[tool.convcalc]\ninclude = ["nets/*.yaml"]\n')
    Path("drafts").mkdir()
    Path("drafts/z.yaml").write_text(spec(5), encoding="utf-8")
    git("add", "-f", ".")
    git("commit", "-q", "-m", "a draft")
    git("mv", "drafts/z.yaml", "nets/y.yaml")
    (nets / "a.yaml").unlink()
    assert former(capsys, ".") == {"nets/y.yaml": "drafts/z.yaml", "nets/a.yaml": None}


def test_a_spec_that_is_there_still_is_copied(nets: Path, capsys) -> None:
    Path("specs").mkdir()
    shutil.copy("nets/a.yaml", "specs/a.yaml")
    assert former(capsys, "specs") == {"specs/a.yaml": None}


def test_an_empty_file_becomes_no_spec(nets: Path, capsys) -> None:
    Path("__init__.py").touch()
    git("add", ".")
    git("commit", "-q", "-m", "empty")
    Path("__init__.py").unlink()
    (nets / "x.yaml").touch()
    assert former(capsys, "nets") == {"nets/x.yaml": None}


def test_a_folder_that_is_a_link_now_has_moved(moved: Path, capsys) -> None:
    shutil.rmtree(moved)
    moved.symlink_to("specs")
    assert former(capsys, "specs") == {
        "specs/first.yaml": "nets/a.yaml",
        "specs/b.yaml": "nets/b.yaml",
    }


def test_what_a_sparse_checkout_leaves_out_is_not_gone(nets: Path, capsys) -> None:
    git("commit", "-q", "-am", "all")
    if git("sparse-checkout", "set", "--no-cone", "/*", "!/nets/b.yaml").returncode:
        pytest.skip("this git knows no sparse checkout")
    assert not (nets / "b.yaml").exists()
    (nets / "sub").mkdir(exist_ok=True)
    (nets / "sub" / "b.yaml").write_text(spec(8, 9), encoding="utf-8")
    for folder in ("nets", "nets/sub"):
        assert former(capsys, folder) == {"nets/sub/b.yaml": None}
    assert (
        "note: left out 1 spec of nets that the sparse checkout leaves out"
        in answer(capsys, "nets")[1]
    )


def test_a_repository_that_is_too_large_is_said(moved: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(revision, "MOST_LISTED", 100)
    code, out, _ = answer(capsys, "specs")
    assert code == 0 and out.startswith("since HEAD: 2 added")
    assert "note: what was renamed from outside of specs is not found: " in out
    assert "holds too many files to list" in out


def test_one_git_reads_the_specs_of_a_repository(moved: Path, monkeypatch, capsys) -> None:
    for number in range(12):
        folder = Path(f"f{number % 2}") / str(number)
        folder.mkdir(parents=True)
        (folder / "x.yaml").write_text(f"input: {number + 9}\nlayers: [fc-3, relu]\n")
    git("add", ".")
    git("commit", "-q", "-m", "many")
    names = [str(path) for path in Path(".").glob("f?/*/x.yaml")]
    for number, name in enumerate(names):
        Path(name).write_text(f"input: {number + 9}\nlayers: [fc-4, relu]\n")
    began: list[tuple[str, ...]] = []
    start = blobs.started
    monkeypatch.setattr(
        blobs, "started",
        lambda folder, *words, **how: began.append(words) or start(folder, *words, **how),
    )  # fmt: skip
    assert len(former(capsys, *names)) == 12
    assert sum(words[0] == "cat-file" for words in began) == 1
