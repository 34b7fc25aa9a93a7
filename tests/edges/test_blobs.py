"""`diff --base FOLDER`: the specs of a revision come from one git, bounded, whatever it does."""

import os
import shutil
from pathlib import Path

import pytest

from convcalc import LoadError
from convcalc.cli import run
from convcalc.study import git as git_of_study
from convcalc.study.blobs import Blobs
from convcalc.tree.decode import TRUSTED, Limits
from tests.edges.conftest import SPEC, git, hashes_below
from tests.edges.test_revision import impostor, lose_the_blob

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The git commands that are started."""
    commands: list[tuple[str, ...]] = []
    first = git_of_study.Git.__init__

    def noted(self: git_of_study.Git, folder: str, *command: str, asked: bool = False) -> None:
        commands.append(command)
        first(self, folder, *command, asked=asked)

    monkeypatch.setattr(git_of_study.Git, "__init__", noted)
    return commands


def test_many_removed_specs_start_one_git(repository: Path, started, capsys) -> None:
    for number in range(1, 41):
        Path(f"n{number}.yaml").write_text(SPEC.replace("4", str(number)), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "many")
    for number in range(1, 41):
        Path(f"n{number}.yaml").unlink()
    assert run(["diff", "--base", "HEAD", "."]) == 0
    assert "40 removed" in capsys.readouterr().out
    names = [command[0] for command in started]
    assert names.count("cat-file") == 1 and len(names) == 6  # of them two for the configuration


def test_a_large_file_is_cut_and_the_next_comes_whole(repository: Path, started) -> None:
    Path("a.yaml").write_bytes(b"#" * 3_000_000)
    Path("empty.yaml").write_bytes(b"")
    git("add", ".")
    git("commit", "-q", "-m", "large")
    numbers = hashes_below("HEAD", ".")
    now = SPEC.replace("4", "5").encode()
    del started[:]
    with Blobs("HEAD", ".", Limits()) as blobs:
        most = Limits().bytes
        assert most is not None
        for _ in range(2):
            text = blobs.spec("a.yaml", numbers["a.yaml"])
            assert text == ("a.yaml@HEAD", b"#" * (most + 1), "a.yaml")
            assert blobs.spec("net.yaml", numbers["net.yaml"]).data == now
            assert blobs.spec("empty.yaml", numbers["empty.yaml"]).data == b""
    assert len(started) == 3  # a new one after each file that is cut
    with Blobs("HEAD", ".", TRUSTED) as blobs:
        assert len(blobs.spec("a.yaml", numbers["a.yaml"]).data) == 3_000_000
    for size in (len(now) - 1, len(now)):
        with Blobs("HEAD", ".", Limits(bytes=size)) as blobs:
            assert blobs.spec("net.yaml", numbers["net.yaml"]).data == now[: size + 1]


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "0" * 40, "HEAD:net.yaml -x"])
def test_what_is_no_file_is_refused_and_the_next_comes(repository: Path, what: str) -> None:
    number = git("rev-parse", what).stdout.strip() if what[0] == "H" else what
    good = hashes_below("HEAD", ".")["net.yaml"]
    with Blobs("HEAD", ".", Limits()) as blobs:
        with pytest.raises(LoadError, match=r"no x\.yaml at HEAD: "):
            blobs.spec("x.yaml", number)
        assert blobs.spec("net.yaml", good).data == SPEC.encode()


def test_a_missing_blob_is_no_end_of_the_others(repository: Path, capsys) -> None:
    Path("also.yaml").write_text(SPEC.replace("4", "7"), encoding="utf-8")
    git("add", "also.yaml")
    git("commit", "-q", "-m", "also")
    Path("also.yaml").unlink()
    lose_the_blob()
    git("config", "remote.origin.url", os.getcwd())
    git("config", "remote.origin.uploadpack", f"touch {os.getcwd()}/owned; false")
    assert run(["diff", "--base", "HEAD", "."]) == 2
    told = capsys.readouterr()
    assert not Path("owned").exists()
    assert "also.yaml" in told.out
    assert told.err.startswith("Error: no net.yaml at HEAD: ") and told.err.count("\n") == 1


@pytest.mark.parametrize(
    "script",
    [
        "read x; echo $x blob 99; echo short",
        "read x; echo $x blob 1; echo longer",
        "read x; echo $x blob -1; sleep 600",
        "read x; echo other blob 3; echo abc; sleep 600",
        "read x; echo $x blob 1 2; sleep 600",
        "read x; printf %01000d 1; sleep 600",
        "echo 'fatal: broken' >&2; exit 128",
        "read x; exit 0",
    ],
)
def test_an_answer_that_is_none_is_refused(repository: Path, monkeypatch, script: str) -> None:
    number = hashes_below("HEAD", ".")["net.yaml"]
    impostor(repository, monkeypatch, script)
    with (
        Blobs("HEAD", ".", Limits()) as blobs,
        pytest.raises(LoadError, match=r"no net\.yaml at HEAD: "),
    ):
        blobs.spec("net.yaml", number)


def test_a_git_that_hangs_at_a_file_is_ended(repository: Path, monkeypatch) -> None:
    number = hashes_below("HEAD", ".")["net.yaml"]
    monkeypatch.setattr(git_of_study, "_PATIENCE", 0.3)
    impostor(repository, monkeypatch, "read x; exec sleep 600")
    with (
        Blobs("HEAD", ".", Limits()) as blobs,
        pytest.raises(LoadError, match=r"did not answer for 0\.3 seconds"),
    ):
        blobs.spec("net.yaml", number)


def test_what_is_expected_is_asked_for_at_once(repository: Path, started, monkeypatch) -> None:
    texts = {f"n{i}.yaml": SPEC.replace("4", str(i)).encode() for i in range(1, 91)}
    for name, text in texts.items():
        Path(name).write_bytes(text)
    Path("n50.yaml").write_bytes(b"#" * 9000)
    git("add", ".")
    git("commit", "-q", "-m", "many")
    numbers = hashes_below("HEAD", ".")
    asked: list[int] = []
    first = git_of_study.Git.ask
    monkeypatch.setattr(
        git_of_study.Git,
        "ask",
        lambda self, *lines: asked.append(len(lines)) or first(self, *lines),
    )
    del started[:]
    with Blobs("HEAD", ".", Limits(bytes=100)) as blobs:
        blobs.expect([numbers[name] for name in texts])
        for name, text in texts.items():
            wanted = b"#" * 101 if name == "n50.yaml" else text
            assert blobs.spec(name, numbers[name]).data == wanted
    assert len(started) == 2 and asked == [32, 32, 32, 8]  # n50 ends one: 14 are asked for again
    del started[:], asked[:]
    with Blobs("HEAD", ".", Limits()) as blobs:  # in another order
        blobs.expect([numbers[name] for name in texts])
        for name in ("n1.yaml", "n3.yaml", "n2.yaml", "n3.yaml"):
            assert blobs.spec(name, numbers[name]).data == texts[name]
    assert len(started) == 2 and asked == [32, 1, 32]
