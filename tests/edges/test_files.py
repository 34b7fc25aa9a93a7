"""The one reader of files from outside: regular, bounded, never waited for, no stray links."""

import os
import socket
from pathlib import Path

import pytest

from convcalc import api, zoo
from convcalc.cli import run
from convcalc.files import (
    IrregularFileError,
    LargeFileError,
    StrayLinkError,
    linked_spec,
    open_file,
    read_at_most,
    read_file,
)
from convcalc.study.failure import Failure
from convcalc.study.files import spec_files

SPEC = "input: 8x8x3\nlayers: [conv3-4]\n"


@pytest.mark.parametrize("kind", ["fifo", "socket", "folder", "link to a fifo"])
def test_what_is_no_regular_file_is_refused_at_once(folder: Path, kind: str) -> None:
    if kind == "folder":
        name = "nets"
    elif kind == "socket":
        name = "s"
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(name)
    else:
        name = "fifo"
        os.mkfifo(name)
        if kind != "fifo":
            os.symlink(name, "link")
            name = "link"
    with pytest.raises(IrregularFileError), open_file(name):
        pass
    with pytest.raises(OSError, match="not a regular file"):
        read_file(name, 10)


def test_the_type_is_asked_of_what_was_opened(folder: Path, monkeypatch) -> None:
    """Between a look at a name and its opening somebody may put a FIFO there."""
    (folder / "a").write_bytes(b"1")
    os.mkfifo("fifo")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda path, flags: opened("fifo", flags))
    with pytest.raises(IrregularFileError), open_file("a"):
        pass


def test_what_is_no_regular_file_is_not_even_opened(folder: Path, monkeypatch) -> None:
    """Some devices act when they are opened: a tape rewinds, a watchdog starts."""
    os.mkfifo("fifo")
    opened: list[object] = []
    monkeypatch.setattr(os, "open", lambda *given: opened.append(given))
    for kind in ("fifo", "nets"):
        with pytest.raises(IrregularFileError), open_file(kind):
            pass
    assert not opened


def test_a_file_of_the_kernel_is_refused() -> None:
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc")
    with pytest.raises(IrregularFileError):
        read_at_most("/proc/self/environ", 100)


def test_no_more_than_the_limit_is_read(folder: Path) -> None:
    Path("ten").write_bytes(b"0123456789")
    assert read_file("ten", 10) == read_at_most("ten", None) == b"0123456789"
    assert read_at_most("ten", 3) == b"012"
    with pytest.raises(LargeFileError, match="larger than 9 bytes"):
        read_file("ten", 9)
    Path("empty").write_bytes(b"")
    assert read_file("empty", 0) == b""


def test_of_a_file_that_is_too_large_one_byte_more_is_read(folder: Path, monkeypatch) -> None:
    with Path("holes").open("wb") as file:
        file.truncate(10**6)
    wanted: list[int | None] = []

    def counted(path: str, most: int | None, follow: bool = True) -> bytes:
        wanted.append(most)
        return read_at_most(path, most, follow)

    monkeypatch.setattr("convcalc.files.read_at_most", counted)
    with pytest.raises(LargeFileError):
        read_file("holes", 9)
    assert wanted == [10]


def test_a_link_can_be_refused(folder: Path) -> None:
    Path("a").write_bytes(b"1")
    os.symlink("a", "b")
    assert read_at_most("b", 1) == b"1"
    with pytest.raises(OSError), open_file("b", follow=False):
        pass


def test_a_link_that_is_put_there_meanwhile_is_refused_too(folder: Path, monkeypatch) -> None:
    Path("a").write_bytes(b"1")
    os.symlink("a", "b")
    looked = os.stat
    monkeypatch.setattr(os, "stat", lambda path, follow_symlinks: looked("a"))
    with pytest.raises(OSError), open_file("b", follow=False):
        pass


def test_a_link_leads_to_specs_of_the_folder_alone(folder: Path) -> None:
    for name in ("nets/a.yaml", "outside.yaml", "secret", "nets/.hidden.yaml"):
        Path(name).write_text(SPEC, encoding="utf-8")
    Path("nets/.git").mkdir()
    Path("nets/.git/config.yaml").write_text(SPEC, encoding="utf-8")
    for name, target in {
        "good": "a.yaml",
        "out": "../outside.yaml",
        "secret": "../secret",
        "hidden": ".hidden.yaml",
        "git": ".git/config.yaml",
    }.items():
        os.symlink(target, f"nets/{name}.yaml")
    os.symlink("..", "nets/up")
    os.symlink("up/nets/../outside.yaml", "nets/round.yaml")
    assert linked_spec("nets/good.yaml", "nets") == str(folder / "nets" / "a.yaml")
    assert linked_spec("nets/out.yaml") == str(folder / "outside.yaml")
    for name in ("out", "secret", "hidden", "git", "round"):
        with pytest.raises(StrayLinkError):
            linked_spec(f"nets/{name}.yaml", "nets")
    with pytest.raises(StrayLinkError):
        linked_spec("nets/secret.yaml")
    failures: list[Failure] = []
    found = spec_files(("nets",), (), failures.append)
    assert found == ["nets/.hidden.yaml", "nets/a.yaml", "nets/good.yaml"]
    assert [one.message.partition(":")[0] for one in failures] == [
        f"cannot read nets/{name}.yaml" for name in ("git", "hidden", "out", "round", "secret")
    ]


def test_folders_in_folders_are_walked_however_deep(folder: Path, monkeypatch, capsys) -> None:
    """os.walk calls itself for each, and Python ends at 1,000 calls."""
    monkeypatch.chdir("nets")
    for _ in range(1200):
        os.mkdir("a")
        os.chdir("a")
    Path("deep.yaml").write_text(SPEC, encoding="utf-8")
    os.chdir(folder)
    Path("nets/b.yaml").write_text(SPEC, encoding="utf-8")
    failures: list[Failure] = []
    try:
        found = spec_files(("nets",), (), failures.append)
        code = run(["check", "nets"])
    finally:  # what removes old folders of tests calls itself, too
        os.unlink(f"nets/{'a/' * 1200}deep.yaml")
        os.removedirs(f"nets/{'a/' * 1200}")
    assert found == ["nets/b.yaml", f"nets/{'a/' * 1200}deep.yaml"]
    assert not failures and code == 0


def test_a_link_in_a_circle_is_a_message(folder: Path, capsys) -> None:
    os.symlink("round.yaml", "nets/round.yaml")
    os.symlink("folder", "nets/folder")
    failures: list[str] = []
    assert not spec_files(("nets",), (), failures.append)
    assert [one.message.partition(":")[0] for one in failures] == ["cannot read nets/round.yaml"]


def test_few_patterns_that_match_nothing_are_repeated(folder: Path, capsys) -> None:
    Path("nets/b.yaml").write_text(SPEC, encoding="utf-8")
    patterns = [f"{number}{'x' * 200}" for number in range(1000)]
    Path("pyproject.toml").write_text(f"[tool.convcalc]\ninclude = {patterns}\n", encoding="utf-8")
    assert run(["check", "nets"]) == 2
    error = capsys.readouterr().err
    assert "and 997 more in nets" in error and len(error) < 1000


@pytest.mark.parametrize("command", [["check", "."], ["check", "e.yaml"], ["analyze", "e.yaml"]])
def test_no_command_prints_what_a_link_leads_to(
    folder: Path, command: list[str], capsys, monkeypatch
) -> None:
    for target in ("/proc/self/environ", "../secret"):
        Path("../secret").write_text("TOKEN: 231", encoding="utf-8")
        os.symlink(target, "e.yaml")
        assert run(command) == 2
        told = capsys.readouterr()
        assert "TOKEN" not in told.out + told.err and "e.yaml" in told.err
        with pytest.raises(api.LoadError, match=r"a link that does not lead to a \.yaml"):
            api.load("e.yaml")
        Path("e.yaml").unlink()


def test_a_named_link_to_a_spec_is_followed(folder: Path, capsys) -> None:
    Path("../mine.yaml").write_text(SPEC, encoding="utf-8")
    os.symlink("../mine.yaml", "e.yaml")
    assert run(["check", "e.yaml"]) == 0
    assert api.load("e.yaml").ok
    Path("../plain").write_text(SPEC, encoding="utf-8")
    os.symlink("../plain", "f.yaml")
    assert run(["check", "f.yaml"]) == 2
    assert run(["check", "f.yaml", "--trusted"]) == 0
    assert api.load("f.yaml", trusted=True).ok


@pytest.mark.parametrize("absolute", [False, True])
def test_no_link_leads_into_a_hidden_folder(folder: Path, absolute: bool, capsys) -> None:
    """Programs keep passwords there: `~/.config/gh/hosts.yml`."""
    for place in ("../home/.config/gh", "nets/.mine"):
        Path(place).mkdir(parents=True)
        Path(place, "hosts.yml").write_text("secret: TOKEN", encoding="utf-8")
        Path(place, "net.yaml").write_text(SPEC, encoding="utf-8")
    os.symlink("../../home/.config/gh/hosts.yml", "nets/a.yaml")
    os.symlink("../../home/.config/gh", "nets/linked")
    os.symlink("net.yaml", "nets/.mine/same.yaml")
    start = f"{folder}/" if absolute else ""
    for name in ["nets/a.yaml"] if absolute else ["nets/a.yaml", "nets/linked/hosts.yml"]:
        for command in ("check", "analyze"):
            assert run([command, start + name]) == 2
            told = capsys.readouterr()
            assert "TOKEN" not in told.out + told.err and "into a hidden folder" in told.err
    for name in ("nets/.mine/net.yaml", "nets/.mine/same.yaml"):
        assert run(["check", start + name]) == 0
    assert run(["check", "../home/.config/gh/net.yaml"]) == 0
    assert run(["check", "--trusted", "nets/a.yaml"]) == 1


@pytest.mark.parametrize("name", ["a.cfg", "a.prototxt", "a.onnx", "a.yaml", "a.keras"])
def test_no_import_quotes_what_a_link_leads_to(folder: Path, name: str, capsys) -> None:
    os.symlink("../secret", name)
    for text in ("TOKEN", "[net]\nwidth=8\nheight=8\nchannels=TOKEN\n"):
        Path("../secret").write_text(text, encoding="utf-8")
        assert run(["import", name]) == 2
        told = capsys.readouterr()
        assert "TOKEN" not in told.out + told.err and "a link that does not lead to a" in told.err


def test_a_link_of_a_cache_to_a_model_is_followed(folder: Path, capsys) -> None:
    """Model hubs store files under their hashes; a binary file is no text that is quoted."""
    Path("../blob").write_bytes(b"PK\3\4" + bytes(20))
    os.symlink("../blob", "a.pt2")
    assert run(["import", "a.pt2"]) == 2
    assert "the archive is damaged" in capsys.readouterr().err


def test_no_page_of_rows_shows_what_a_link_leads_to(folder: Path, capsys) -> None:
    Path("../secret").write_text("TOKEN,b\n1,2\n", encoding="utf-8")
    os.symlink("../secret", "a.csv")
    assert run(["report", "a.csv", "-o", "a.html"]) == 2
    assert "a link that does not lead to a .csv file" in capsys.readouterr().err
    assert not Path("a.html").exists()


def test_a_name_that_no_file_can_have(folder: Path) -> None:
    for name in ("a\0b", "\ud800"):
        with pytest.raises(api.LoadError, match="cannot be read"):
            api.import_(name)


def test_a_folder_that_is_a_link_to_elsewhere_is_not_walked(folder: Path, capsys) -> None:
    Path("../else").mkdir()
    Path("../else/x.yaml").write_text("secret: TOKEN", encoding="utf-8")
    os.symlink("../else", "linked")
    os.symlink("nets", "within")
    Path("nets/a.yaml").write_text(SPEC, encoding="utf-8")
    assert run(["check", "linked"]) == 2
    told = capsys.readouterr()
    assert "TOKEN" not in told.out + told.err and "name that folder itself" in told.err
    assert run(["check", "within"]) == run(["check", "../work/nets"]) == 0
    assert run(["check", "../else"]) == 1


def test_advice_is_added_to_no_file_that_has_changed_meanwhile(folder: Path, monkeypatch, capsys):
    spec = zoo.read("resnet18").decode().partition("\nexpect")[0] + "\n"
    Path("a.yaml").write_text(spec, encoding="utf-8")
    words = ["fit", "a.yaml", "--memory", "1200MiB", "--advise", "--write", "--batch", "32"]
    with monkeypatch.context() as patched:
        patched.setattr("convcalc.files.read_at_most", lambda path, most: spec.encode() + b"# more")
        assert run(words) == 2
    assert "a.yaml has changed meanwhile: nothing was written" in capsys.readouterr().err
    assert Path("a.yaml").read_text(encoding="utf-8") == spec
    assert run(words) == 0
    assert Path("a.yaml").read_text(encoding="utf-8").startswith(f"{spec}\nbudget:\n  batch: 32\n")


def test_a_folder_among_patterns_is_one_of_them(folder: Path, capsys) -> None:
    Path("nets/b.yaml").write_text(SPEC, encoding="utf-8")
    Path("pyproject.toml").write_text(
        "[tool.convcalc]\ninclude = ['x', 'y/', 'z/*', 'w']\n", encoding="utf-8"
    )
    assert run(["check", "nets"]) == 2
    assert "no .yaml files that match x, y/*, z/* and 1 more in nets\n" in capsys.readouterr().err
