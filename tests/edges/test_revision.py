"""`diff --base`: what a hostile repository says is not done."""

import os
import shutil
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.study import git as git_of_study
from convcalc.study.errors import LoadError
from convcalc.study.revision import spec_at
from convcalc.tree.decode import TRUSTED, Limits
from tests.edges.conftest import SPEC, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


def test_the_spec_of_a_revision_is_compared(repository: Path, capsys) -> None:
    assert run(["diff", "--base", "main", "net.yaml"]) == 0
    assert "net.yaml@main" in capsys.readouterr().out
    Path("sub").mkdir()
    shutil.copy("net.yaml", "sub/net.yaml")
    git("add", "sub")
    git("commit", "-q", "-m", "two")
    assert spec_at("HEAD", "sub/../sub/net.yaml", Limits())[1] == SPEC.replace("4", "5").encode()


@pytest.mark.parametrize("asked", ["yolov8s.yaml", "."])
def test_a_model_of_another_tool_is_compared_under_its_name(
    asked: str, repository: Path, capsys
) -> None:
    scales = "nc: 1\nscales: {n: [1.0, 0.5, 99], s: [1.0, 1.0, 99], x: [1.0, 2.0, 99]}\n"
    model = f"{scales}backbone:\n  - [-1, 1, Conv, [8, 3]]\nhead: []\n"
    Path("yolov8s.yaml").write_text(model, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "two")
    git("branch", "yolov8x")
    Path("yolov8s.yaml").write_text(model.replace("8, 3", "16, 3"), encoding="utf-8")
    assert run(["diff", "--base", "yolov8x", asked, "--fail-on-increase", "params=232"]) == 0
    assert run(["diff", "--base", "yolov8x", asked, "--fail-on-increase", "params=231"]) == 1
    assert "params grew by 232 (+100 %)" in capsys.readouterr().out


def lose_the_blob() -> None:
    """Make a partial clone of it, whose one blob is still on the server."""
    blob = git("rev-parse", "HEAD:net.yaml").stdout.strip()
    Path(".git/objects", blob[:2], blob[2:]).unlink()
    git("config", "extensions.partialClone", "origin")
    git("config", "remote.origin.promisor", "true")
    git("config", "core.repositoryFormatVersion", "1")


def upload_pack() -> None:
    lose_the_blob()
    git("config", "remote.origin.url", os.getcwd())
    git("config", "remote.origin.uploadpack", f"touch {os.getcwd()}/owned; false")


def ssh_command() -> None:
    lose_the_blob()
    git("config", "remote.origin.url", "ssh://example.org/x")
    git("config", "core.sshCommand", f"touch {os.getcwd()}/owned; false")


def ext_protocol() -> None:
    lose_the_blob()
    git("config", "protocol.ext.allow", "always")
    git("config", "remote.origin.url", f"ext::touch {os.getcwd()}/owned")


@pytest.mark.parametrize("attack", [upload_pack, ssh_command, ext_protocol])
def test_a_missing_blob_starts_nothing(repository: Path, attack, capsys) -> None:
    attack()
    git("cat-file", "blob", "HEAD:./net.yaml")
    if not Path("owned").exists():
        pytest.skip("this git does not fall for it")
    Path("owned").unlink()
    assert run(["diff", "--base", "main", "net.yaml"]) == 2
    error = capsys.readouterr().err
    assert not Path("owned").exists()
    assert error.startswith("Error: no net.yaml at main: ") and error.count("\n") == 1


@pytest.mark.parametrize(
    "key",
    [
        "core.fsmonitor", "core.pager", "pager.cat-file", "diff.external", "diff.evil.textconv",
        "diff.evil.command", "filter.evil.smudge", "filter.evil.clean", "core.editor",
        "core.gitProxy", "core.askPass", "core.alternateRefsCommand", "credential.helper",
        "alias.cat-file",
    ],
)  # fmt: skip
def test_no_program_of_the_configuration_is_started(repository: Path, key: str) -> None:
    shout = "!" if key.startswith("alias") else ""
    git("config", key, f"{shout}touch {os.getcwd()}/owned; false")
    assert run(["diff", "--base", "main", "net.yaml"]) == 0
    assert not Path("owned").exists()


def test_hooks_are_not_run(repository: Path) -> None:
    for name in os.listdir(".git/hooks"):
        hook = Path(".git/hooks", name.removesuffix(".sample"))
        hook.write_text("#!/bin/sh\ntouch owned\n", encoding="utf-8")
        hook.chmod(0o755)
    assert run(["diff", "--base", "main", "net.yaml"]) == 0
    assert not Path("owned").exists()


def test_a_folder_of_the_tree_is_no_repository(repository: Path, capsys) -> None:
    """A pull request can bring a whole bare repository along, with a configuration of its own."""
    git("clone", "-q", "--bare", ".", "nets")
    Path("nets/net.yaml").write_text(SPEC, encoding="utf-8")
    assert git("cat-file", "blob", "main:net.yaml", folder="nets").returncode == 0
    assert run(["diff", "--base", "main", "nets/net.yaml"]) == 2
    assert "bare repository" in capsys.readouterr().err


def test_replaced_objects_are_not_shown(repository: Path) -> None:
    git("add", ".")
    git("commit", "-q", "-m", "two")
    git("replace", "HEAD~1:net.yaml", "HEAD:net.yaml")
    assert spec_at("HEAD~1", "net.yaml", Limits())[1] == SPEC.encode()


@pytest.mark.parametrize(
    ("base", "path", "told"),
    [
        ("nosuch", "net.yaml", "no net.yaml at nosuch: fatal: "),
        ("main", "other.yaml", "no other.yaml at main, nor in the working tree"),
        ("--help", "net.yaml", "'--help' is not a revision"),
        ("", "net.yaml", "'' is not a revision"),
        ("-x", "net.yaml", "'-x' is not a revision"),
        (":", "net.yaml", "':' is not a revision"),
        ("HEAD:", "net.yaml", "but a path in one: write HEAD without the path"),
        ("HEAD:sub", ".", "but a path in one: write HEAD without the path"),
        ("HEAD~0^{tree}:sub", ".", "but a path in one: write it without the path"),
        (":/nosuch", "net.yaml", "no net.yaml at :/nosuch: fatal: "),
        ("a\0b", "net.yaml", "cannot run git"),
        ("x\n::error::y", "net.yaml", "<U+000A>::error::y"),
        ("main", "nosuch/net.yaml", "no nosuch/net.yaml at main, nor in the working tree"),
    ],
)
def test_what_is_not_there_exits_2_with_one_line(
    repository: Path, base: str, path: str, told: str, capsys
) -> None:
    assert run(["diff", "--base", base, path]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert told in lines[-1] and not any(line.lstrip().startswith("::") for line in lines)


@pytest.mark.parametrize(
    "base",
    ["HEAD", "@", "HEAD@{0}", "HEAD^{tree}", "HEAD^{commit}", ":/one", ":0", "HEAD^{/one}"],
)
def test_all_ways_to_write_a_revision(repository: Path, base: str) -> None:
    assert spec_at(base, "net.yaml", Limits())[1] == SPEC.encode()


def test_words_of_a_message_with_a_colon(repository: Path) -> None:
    git("commit", "-q", "--allow-empty", "-m", "two: a net")
    for base in (":/two: a", "HEAD^{/two: a}"):
        assert spec_at(base, "net.yaml", Limits())[1] == SPEC.encode()


@pytest.mark.parametrize("absolute", [False, True])
def test_a_repository_that_a_hook_names_is_that_of_files_in_folders_too(
    repository: Path, absolute: bool, monkeypatch, capsys
) -> None:
    """Git sets GIT_DIR for hooks of linked working trees, and GIT_INDEX_FILE for all."""
    Path("sub").mkdir()
    Path("sub/deep.yaml").write_text(SPEC, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "two")
    Path("sub/deep.yaml").write_text(SPEC.replace("4", "6"), encoding="utf-8")
    monkeypatch.setenv("GIT_DIR", str(repository / ".git") if absolute else ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    for base in ("HEAD", ":0"):
        assert spec_at(base, "sub/deep.yaml", Limits())[1] == SPEC.encode()
    assert run(["diff", "--base", "HEAD", "sub"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("since HEAD: 1 changed, 0 the same") and "~  sub/deep.yaml" in told


@pytest.mark.parametrize("setting", [("core.bare", "true"), ("core.worktree", "../elsewhere")])
def test_a_folder_that_git_takes_for_none_of_its_working_tree(
    repository: Path, setting: tuple[str, str], capsys
) -> None:
    """Git lists the top of the repository there, of which no name is that of a spec in a folder."""
    for folder in ("sub", "elsewhere"):
        Path(folder).mkdir()
    shutil.copy("net.yaml", "sub/deep.yaml")
    git("add", "sub")
    git("commit", "-q", "-m", "two")
    git("config", *setting)
    assert run(["diff", "--base", "HEAD", "--fail-on-increase", "params=0", "sub"]) == 2
    assert "sub is in no working tree" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE"])
def test_a_working_tree_that_the_configuration_places_below(
    repository: Path, name: str, monkeypatch, capsys
) -> None:
    """With `GIT_DIR` alone git would take the working folder for its top, but for core.worktree."""
    Path("tree/sub").mkdir(parents=True)
    shutil.copy("net.yaml", "tree")
    shutil.copy("net.yaml", "tree/sub/net.yaml")
    git("config", "core.worktree", "../tree")
    git("add", "sub", folder="tree")
    git("commit", "-q", "-m", "two", folder="tree")
    monkeypatch.setenv("GIT_DIR", ".git")
    if name == "GIT_WORK_TREE":
        monkeypatch.setenv("GIT_WORK_TREE", "tree")
        git("config", "--unset", "core.worktree")
    assert spec_at("HEAD", "tree/net.yaml", Limits())[1] == SPEC.encode()
    assert run(["diff", "--base", "HEAD", "tree"]) == 0
    assert capsys.readouterr().out.startswith("since HEAD: 1 changed, 1 the same")
    assert run(["diff", "--base", "HEAD", "tree/sub"]) == 0
    assert capsys.readouterr().out == "since HEAD: nothing changed, 1 the same\n"


def test_without_git_there_is_one_line(repository: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("PATH", str(repository / "nowhere"))
    assert run(["diff", "--base", "main", "net.yaml"]) == 2
    assert capsys.readouterr().err == "Error: cannot run git: No such file or directory\n"


def test_the_limit_of_bytes_holds_for_a_revision(repository: Path) -> None:
    size = len(SPEC.encode())
    assert spec_at("main", "net.yaml", Limits(bytes=size))[1] == SPEC.encode()
    for limit in (0, 5, size - 1):
        assert spec_at("main", "net.yaml", Limits(bytes=limit))[1] == SPEC.encode()[: limit + 1]
    Path("net.yaml").write_bytes(b"#" * 3_000_000)  # more than a pipe holds: git is cut short
    git("add", ".")
    git("commit", "-q", "-m", "large")
    assert len(spec_at("main", "net.yaml", Limits())[1]) == Limits().bytes + 1  # type: ignore[operator]
    assert len(spec_at("main", "net.yaml", TRUSTED)[1]) == 3_000_000


def impostor(repository: Path, monkeypatch, script: str) -> None:
    """Another program of git's name, first on the path."""
    (repository / "bin").mkdir()
    program = repository / "bin" / "git"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository / 'bin'}:{os.environ['PATH']}")


@pytest.mark.parametrize("entry", ["", ".", "bin/..", "bin"])
def test_a_git_of_the_working_folder_is_not_run(repository: Path, monkeypatch, entry: str) -> None:
    path = os.environ["PATH"]
    impostor(repository, monkeypatch, "touch owned; echo 'a: 1'")
    shutil.copy(repository / "bin" / "git", repository / "git")
    monkeypatch.setenv("PATH", f"{entry}:{path}")
    assert spec_at("HEAD", "net.yaml", Limits())[1] != b"a: 1\n"
    assert not (repository / "owned").exists()


def test_half_a_spec_is_no_spec(repository: Path, monkeypatch) -> None:
    impostor(repository, monkeypatch, "echo 'input: 8x8x3'; echo 'fatal: broken' >&2; exit 128")
    with pytest.raises(LoadError, match="fatal: broken"):
        spec_at("main", "net.yaml", Limits())


def test_a_git_that_says_much_is_listened_to(repository: Path, monkeypatch) -> None:
    impostor(repository, monkeypatch, "yes warning | head -c 3000000 >&2; echo 'a: 1'")
    assert spec_at("main", "net.yaml", Limits())[1] == b"a: 1\n"


def test_a_git_that_hangs_is_ended(repository: Path, monkeypatch) -> None:
    monkeypatch.setattr(git_of_study, "_PATIENCE", 0.1)
    impostor(repository, monkeypatch, "exec sleep 600")
    with pytest.raises(
        LoadError, match=r"did not answer for 0\.1 seconds and was stopped: a file that"
    ):
        spec_at("main", "net.yaml", Limits())
