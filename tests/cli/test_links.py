"""No committed link leads a spec or `-o` out of the repository; the user's own links do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.editor.asked import Asked, wishes
from tests.edges.conftest import git

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or os.name == "nt", reason="no git, or no links of Unix"
)
NET = ("--net", "conv3-4", "--input", "8x8x3")


def link(name: str, target: str, tracked: bool = True) -> None:
    os.symlink(target, name)
    if tracked:
        git("add", "-f", "--", name)


def answer(capsys: pytest.CaptureFixture[str], file: str) -> tuple[int, str]:
    code = run(["analyze", *NET, "-o", file])
    return code, capsys.readouterr().err


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize(
    ("links", "file"),
    [
        ([("page.txt", "../outside/kept")], "page.txt"),
        ([("page.txt", "../outside/new")], "page.txt"),
        ([("out", "../outside")], "out/kept"),
        ([("sub/out", "../../outside")], "sub/../sub/out/kept"),
        ([("a", "b"), ("b", "../outside/kept")], "a"),
        ([("[a]*", "../outside/kept")], "[a]*"),
        ([("out", "sub"), ("sub/x", "../../outside/kept")], "out/x"),
    ],
)
def test_a_committed_link_out_of_the_repository_is_refused(
    checkout: Path, links: list[tuple[str, str]], file: str, absolute: bool, capsys
) -> None:
    for name, target in links:
        link(name, target)
    code, err = answer(capsys, str(checkout / file) if absolute else file)
    assert code == 2 and "a link that the repository brings along" in err
    assert "/outside/" in err.splitlines()[-1]
    assert (checkout.parent / "outside" / "kept").read_text() == "kept"
    assert len(os.listdir(checkout.parent / "outside")) == 1


def test_one_s_own_links_are_followed(checkout: Path, monkeypatch, capsys) -> None:
    outside = checkout.parent / "outside"
    link("own.txt", "../outside/kept", tracked=False)
    link("out", "../outside", tracked=False)
    link("inside.txt", "sub/page.txt")
    for file, written in (
        ("own.txt", outside / "kept"), ("out/new", outside / "new"),
        ("inside.txt", checkout / "sub" / "page.txt"), ("plain.txt", checkout / "plain.txt"),
    ):  # fmt: skip
        assert answer(capsys, file) == (0, "")
        assert "conv" in written.read_text()
    os.symlink("kept", outside / "link")
    monkeypatch.chdir(outside)
    assert answer(capsys, "link") == (0, "") and (outside / "link").is_symlink()


def test_a_git_that_does_not_say_is_no_leave(checkout: Path, monkeypatch, capsys) -> None:
    link("own.txt", "../outside/kept", tracked=False)
    monkeypatch.setenv("PATH", str(checkout / "nowhere"))
    assert answer(capsys, "own.txt")[0] == 2
    assert answer(capsys, "plain.txt")[0] == 0


def test_a_stream_is_no_file(checkout: Path) -> None:
    """As `-o /dev/stdout`, a chain of links out of any repository: links of its own, for whoever
    breaks this as root."""
    target = checkout.parent / "outside" / "log"
    chain = checkout.parent / "outside" / "stdout"
    chain.symlink_to("/dev/fd/1")
    with target.open("wb") as stream:
        words = [sys.executable, "-m", "convcalc", "analyze", *NET, "-o", str(chain)]
        code = subprocess.run(words, stdout=stream, cwd=checkout).returncode
    assert code == 0 and "conv" in target.read_text()


@pytest.mark.parametrize(
    "words",
    [
        ("report", *NET, "--svg", "x.svg"),
        ("sweep", *NET, "--resume", "x.csv", "--batch", "1,2"),
        ("show", "lenet5", "-o", "x.yaml"),
        ("schema", "-o", "x.json"),
        ("export", *NET, "--to", "pytorch", "-o", "x.py"),
        ("convert", *NET, "--fc-to-conv", "-o", "x.yaml"),
        ("verify", *NET, "--save", "x.npz"),
    ],
)
def test_every_option_that_writes_a_file_refuses_it(
    checkout: Path, words: tuple[str, ...], capsys
) -> None:
    name = next(word for word in words if word.startswith("x."))
    link(name, f"../outside/{name}")
    assert run([*words]) == 2
    assert "a link that the repository brings along" in capsys.readouterr().err
    assert not (checkout.parent / "outside" / name).exists()


_WRONG = "input: 9x9x3\nlayers: [{conv: {kernel: 2, stride: 2, filters: 4}}]\n"
_SPEC = 'input: 32x32x3\nlayers: ["[conv3-16 relu]*6", flatten, fc-10]\n'
_ADVISE = ("--advise", "--write", "--memory", "7MiB", "--batch", "8", "--context", "0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_WRONG, ("check", "x.yaml", "--fix", "--write")),
        (_WRONG, ("check", "in.yaml", "--fix", "--write")),
        (_WRONG, ("check", "way/x.yaml", "--fix", "--write")),
        (_SPEC, ("fit", "x.yaml", *_ADVISE)),
        (_SPEC, ("fit", "in.yaml", *_ADVISE)),
    ],
)
def test_a_spec_that_is_a_committed_link_is_written_inside_of_the_repository_alone(
    checkout: Path, text: str, words: tuple[str, ...], capsys
) -> None:
    outside = checkout.parent / "outside" / "x.yaml"
    outside.write_text(text)
    Path("sub/own.yaml").write_text(text)
    link("x.yaml", "../outside/x.yaml")
    link("in.yaml", "sub/own.yaml")
    link("way", "../outside")
    code = run([*words])
    err = capsys.readouterr().err
    written = Path("sub/own.yaml").read_text() != text
    assert outside.read_text() == text
    if words[1] == "in.yaml":
        assert written, err
        return
    assert code == 2 and "a link that the repository brings along" in err and not written
    git("rm", "-q", "--cached", "x.yaml", "way")  # one's own
    run([*words])
    assert outside.read_text() != text, capsys.readouterr().err


def test_specs_of_a_folder_are_written_inside_of_it_alone(checkout: Path, capsys) -> None:
    for name in ("../outside/x.yaml", "sub/x.yaml", "y.yaml"):
        Path(name).write_text(_WRONG)
    Path("nets").mkdir()
    link("nets/far.yaml", "../../outside/x.yaml")
    link("nets/near.yaml", "../y.yaml")
    link("nets/sub", "../sub")
    assert run(["check", "nets", "--fix", "--write"]) == 2
    for name in ("../outside/x.yaml", "sub/x.yaml", "y.yaml"):
        assert Path(name).read_text() == _WRONG
    assert capsys.readouterr().err.count("a link that leaves the folder") == 2


_SECRET = "input: 8x8x3\nlayers: [conv3-4]\ndb_password: hunter2\n"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nets"), ("check", "{here}/nets"), ("check", "sub/../nets"),
        ("check", "{here}/nets/deep"), ("check", "nets/deep"), ("check", "sub/../nets/s.yaml"),
        ("check", "../checkout/nets"), ("check", "l.yaml"), ("check", "{here}/l.yaml"),
        ("check", "way.yaml"), ("check", "nets/s.yaml"), ("check", "../checkout"),
        ("analyze", "l.yaml"), ("explain", "l.yaml", "1"), ("diff", "l.yaml", "lenet5"),
        ("diff", "--base", "HEAD", "{here}/l.yaml"), ("analyze", "lenet5", "--as", "./l.yaml"),
    ],
)  # fmt: skip
def test_a_committed_link_out_of_the_repository_is_not_read(
    checkout: Path, words: tuple[str, ...], capsys
) -> None:
    deep = checkout.parent / "outside" / "deep"
    deep.mkdir()
    for place in (deep, deep.parent):
        (place / "s.yaml").write_text(_SECRET)
    Path("y.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    link("nets", "../outside")
    link("l.yaml", "../outside/s.yaml")
    link("way.yaml", "l.yaml")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    given = [word.format(here=checkout) for word in words]
    assert run(given) == 2
    told = capsys.readouterr()
    assert "password" not in told.out + told.err
    assert "link" in told.err
    git("rm", "-rq", "--cached", "nets", "l.yaml")  # one's own
    one_s_own = {"l.yaml", "{here}/l.yaml", "{here}/nets", "../checkout/nets"}
    if words[-1] in one_s_own and "--base" not in words:  # the base has the link still
        run(given)
        told = capsys.readouterr()
        assert "password" in told.out + told.err


def test_git_is_asked_of_no_ordinary_file(checkout: Path, monkeypatch, capsys) -> None:
    from convcalc.study import git as git_of_study

    Path("sub/x.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    link("in.yaml", "sub/x.yaml")
    link("nets", "sub")
    monkeypatch.setattr(git_of_study.subprocess, "Popen", lambda *_, **__: pytest.fail("git"))
    names = ["sub", str(checkout / "sub"), "sub/x.yaml", "in.yaml", "nets", "nets/x.yaml"]
    assert run(["check", *names]) == 0, capsys.readouterr().err


def test_no_row_is_written_through_a_link_that_is_refused(checkout: Path, capsys) -> None:
    pytest.importorskip("pyarrow")
    grown = checkout.parent / "outside" / "rows"
    for empty in (grown, checkout / ".git" / "EMPTY"):
        empty.touch()
    link("rows.parquet.part", "../outside/rows")
    os.symlink(".git/EMPTY", "rows.csv")
    for name in ("rows.parquet", "rows.csv"):
        assert run(["sweep", *NET, "--batch", "1,2", "--resume", name]) == 2
        assert "link" in capsys.readouterr().err
    assert grown.read_bytes() == Path(".git/EMPTY").read_bytes() == b""


@pytest.mark.parametrize("command", [["check", "net.yaml"], ["diff", "--base", "HEAD", "."]])
def test_a_configuration_behind_a_committed_link_out_of_the_repository_is_not_read(
    checkout: Path, command: list[str], capsys
) -> None:
    Path("net.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n", encoding="utf-8")
    Path("../outside/pyproject.toml").write_text("[tool.convcalc]\nsecret = 1\n")
    link("pyproject.toml", "../outside/pyproject.toml")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    assert run(command) == 2
    error = capsys.readouterr().err
    assert "pyproject.toml: a link that the repository brings along" in error
    assert "secret" not in error and error.count("\n") == 1
    _, complaint = wishes(Asked(), str(checkout))  # of an editor
    assert "a link that the repository brings along" in complaint
    git("rm", "-q", "--cached", "pyproject.toml")  # one's own
    assert run(command) == 2
    assert "secret: no such key" in capsys.readouterr().err
