"""At the limits of what is read beside specs: just within is read, and one more is not."""

import io
import logging
import os
import shutil
from pathlib import Path

import pytest

from convcalc import RequestError
from convcalc.demo import given
from convcalc.demo.given import numbers_of
from convcalc.editor.log import log_in_lines
from convcalc.editor.stream import BoundedInput
from convcalc.files import Glob
from convcalc.study import demo_numbers, nearby, revision, waiting
from convcalc.study.demo_numbers import _bounded, _text, _typed
from convcalc.study.errors import LoadError
from convcalc.study.half_typed import readable
from convcalc.study.links import links_on_the_way
from convcalc.study.matching import Matching
from convcalc.study.revision import committed
from convcalc.study.waiting import waited_for
from tests.edges.conftest import git

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not hasattr(os, "mkfifo"), reason="no git, or no FIFOs"
)


def test_numbers_of_a_text(monkeypatch) -> None:
    monkeypatch.setattr(given, "_MOST", 3)
    for text in ("1,2,3", "1 2 3\n", " 1\n2\n3,\n\n"):
        assert numbers_of(text) == (1, 2, 3)
    for text in ("1,2,3,4", "1 2 3 4\n"):
        assert numbers_of(text) is None


def test_bytes_of_a_text_of_numbers(folder: Path) -> None:
    Path("x.txt").write_bytes(b"1".ljust(2**20))
    assert _text("--array", "x.txt") == (1,)
    Path("x.txt").write_bytes(b"1".ljust(2**20 + 1))
    with pytest.raises(RequestError, match=r"larger than 1,048,576 bytes: save it as \.npy"):
        _text("--array", "x.txt")


def test_numbers_of_an_array_and_of_a_range(monkeypatch) -> None:
    _bounded("--array", "x.npy", 10_000_000)
    with pytest.raises(RequestError, match="10,000,001 numbers, at most 10,000,000 are read"):
        _bounded("--array", "x.npy", 10_000_001)
    monkeypatch.setattr(demo_numbers, "_MOST", 3)
    assert _typed("array", range(3)) == (0, 1, 2)
    with pytest.raises(RequestError, match="array: more than 3 numbers"):
        _typed("array", range(4))


def test_headers_of_an_editor_s_message(capsys: pytest.CaptureFixture[str]) -> None:
    fits = b"A: ".ljust(998, b"x") + b"\n"
    assert BoundedInput(io.BytesIO(fits)).readline() == fits
    assert BoundedInput(io.BytesIO(b"x" + fits)).readline() == b""
    assert "a header that no editor sends" in capsys.readouterr().err
    many = BoundedInput(io.BytesIO(b"A: b\n" * 101))
    assert [many.readline() for _ in range(100)] == [b"A: b\n"] * 100
    assert many.readline() == b"" and "more than 100 headers" in capsys.readouterr().err


def test_letters_of_a_line_of_the_language_server_s_log(monkeypatch) -> None:
    monkeypatch.setattr(logging, "getLogger", lambda *_: root)
    root = logging.Logger("x")
    log_in_lines()
    (handler,) = root.handlers
    assert handler.formatter is not None
    for letters, kept in ((286, 286), (287, 286)):
        record = logging.LogRecord("x", logging.ERROR, "", 1, "y" * letters, (), None)
        assert handler.formatter.format(record) == f"convcalc lsp: {'y' * kept}"


def test_what_is_typed_is_read_over_and_over_up_to_a_length() -> None:
    text = "a: [1\n# ".ljust(2**18, "x")
    assert readable(text) == text.replace("[1", "[1]")
    assert readable(f"{text}x") == f"{text}x"


def test_lines_that_keep_a_text_from_being_read() -> None:
    def broken(lines: int) -> str:
        return "a: 1\n" + "".join(f"b{n}: [1\n" for n in range(lines))

    assert readable(broken(7)) == broken(7).replace("[1", "[1]").removesuffix("\n") + "\n"
    assert readable(broken(8)) == broken(8)


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_links_of_a_name(folder: Path) -> None:
    os.symlink("round", "round")
    assert len([*links_on_the_way("round")]) == 41  # Linux follows 40
    Path("0").write_text("")
    for number in range(40):
        os.symlink(f"{number}", f"{number + 1}")
    assert len([*links_on_the_way("40")]) == 40 and os.path.realpath("40", strict=True)


def test_entries_of_a_folder_that_are_compared_with_a_name(folder: Path, monkeypatch) -> None:
    for name in "abc":
        Path(f"nets/{name}.yaml").write_text("")
    for most, found in ((2, 2), (3, 3)):
        monkeypatch.setattr(nearby, "_MOST", most)
        assert len(nearby._specs_in("nets")) == found


def test_folders_of_a_pattern_that_may_be_none() -> None:
    for folders, fits in ((4, True), (5, False)):
        pattern = "".join(f"{name}/**/" for name in "abcde"[:folders]) + "x.yaml"
        path = "/".join("abcde"[:folders]) + "/x.yaml"
        assert Matching().path(path, (Glob(pattern, ""),)) is fits


@needs_git
def test_files_that_a_configuration_includes(repository: Path, monkeypatch) -> None:
    """The last one includes a FIFO: it is seen in a file that is read."""
    Path(".git/config").write_text("[include]\npath = one\n")
    Path(".git/one").write_text("[include]\npath = two\n")
    Path(".git/two").write_text("[include]\npath = waits\n")
    os.mkfifo(".git/waits")
    for most, seen in ((2, False), (3, True)):
        monkeypatch.setattr(waiting, "_MOST", most)
        assert bool(waited_for(".")) is seen


@needs_git
def test_bytes_of_a_configuration_that_are_looked_at(repository: Path, monkeypatch) -> None:
    text = "[include]\npath = waits"
    Path(".git/config").write_text(text)
    os.mkfifo(".git/waits")
    for most, seen in ((len(text) - 1, False), (len(text), True)):
        monkeypatch.setattr(waiting, "_LARGEST", most)
        assert bool(waited_for(".")) is seen


@needs_git
def test_bytes_of_a_folder_s_listing(repository: Path, monkeypatch) -> None:
    size = len(git("ls-tree", "-z", "HEAD").stdout)
    monkeypatch.setattr(revision, "MOST_LISTED", size)
    assert {*committed("HEAD", ".")} == {".gitattributes", "net.yaml"}
    monkeypatch.setattr(revision, "MOST_LISTED", size - 1)
    with pytest.raises(LoadError, match="too many files to list"):
        committed("HEAD", ".")
