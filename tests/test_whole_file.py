"""Files that appear whole or not at all, with the rights that a new file has."""

import errno
import os
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import IO

import pytest

from convcalc.whole_file import whole_file, would_lose


@pytest.mark.skipif(os.name == "nt", reason="rights of Unix")
@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path, mask, rights) -> None:
    before = os.umask(mask)
    try:
        with whole_file(str(tmp_path / "new")) as file:
            file.write(b"1")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == rights


def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"0")
    path.chmod(0o640)
    with whole_file(str(path)) as file:
        file.write(b"1")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"1", 0o640)


def test_where_it_fails_nothing_is_left_and_nothing_lost(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"0")
    for name in ("old", "new"):
        with pytest.raises(KeyboardInterrupt), whole_file(str(tmp_path / name)) as file:
            file.write(b"1")
            raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"0"


@pytest.mark.skipif(os.name == "nt", reason="a FIFO")
def test_names_may_be_as_long_as_files_have_them(tmp_path: Path) -> None:
    """What is written is beside it, under a name of its own: 255 bytes are the most."""
    for name in ("a" * 255, "\U0001f600" * 63):
        with whole_file(str(tmp_path / name)) as file:
            file.write(b"new")
        assert (tmp_path / name).read_bytes() == b"new"


def test_what_writing_would_lose(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"0")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    lost = {"old": (b"1", b"01", b""), "empty": (), "new": (), "folder": ()}
    for name, data in lost.items():
        found = [one for one in (b"0", b"1", b"01", b"") if would_lose(str(tmp_path / name), one)]
        assert sorted(found) == sorted(data)


def test_a_fifo_is_written_to_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    for name in ("fifo", "link"):
        reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        with whole_file(str(tmp_path / name)) as file:
            file.write(b"1")
        assert os.read(reader, 2) == b"1"
        os.close(reader)
    assert (tmp_path / "fifo").is_fifo() and (tmp_path / "link").is_symlink()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="a terminal of its own")
def test_a_device_is_written_to_and_stays() -> None:
    master, slave = os.openpty()
    with whole_file(os.ttyname(slave)) as file:
        file.write(b"1")
    assert os.read(master, 2) == b"1" and not Path(os.ttyname(slave)).is_file()
    os.close(slave)
    os.close(master)


def test_a_link_stays_and_leads_to_the_new_text(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "old").write_bytes(b"0")
    (tmp_path / "link").symlink_to("below/old")
    (tmp_path / "dangling").symlink_to("below/new")
    for name, target in (("link", "old"), ("dangling", "new")):
        with whole_file(str(tmp_path / name)) as file:
            file.write(b"1")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "below" / target).read_bytes() == b"1"


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
@pytest.mark.parametrize(
    ("link", "target", "name"),
    [
        ("page.html", "../home/.bashrc", "page.html"),
        ("page.html", "../home/.new", "page.html"),
        ("page.html", "../home/.ssh/keys", "page.html"),
        ("page.html", ".git/hooks/pre-commit", "page.html"),
        ("out", "../home/.ssh", "out/keys"),
        ("out", ".git/hooks", "out/pre-commit"),
    ],
)
def test_no_link_of_a_checkout_leads_to_something_hidden(
    link: str, target: str, name: str, tmp_path: Path, monkeypatch
) -> None:
    """A branch may bring such a link with it, under the name that a report is written to."""
    for folder in ("home/.ssh", "checkout/.git/hooks"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("home/.bashrc", "home/.ssh/keys", "checkout/.git/hooks/pre-commit"):
        (tmp_path / file).write_text("kept")
    monkeypatch.chdir(tmp_path / "checkout")
    Path(link).symlink_to(target)
    names = [name] if link == "out" else [name, os.path.abspath(name)]
    for one in names:  # a folder's link in an absolute name may be the machine's own
        with pytest.raises(OSError, match=r"something hidden"), whole_file(one) as file:
            file.write(b"new")
    for file in ("home/.bashrc", "home/.ssh/keys", "checkout/.git/hooks/pre-commit"):
        assert (tmp_path / file).read_text() == "kept"
    assert not (tmp_path / "home/.new").exists()


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_what_is_hidden_is_written_where_its_name_says_so(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / "www").mkdir()
    (tmp_path / "work").symlink_to(".cache")
    (tmp_path / ".cache" / "page").symlink_to("../www/page")
    monkeypatch.chdir(tmp_path / "work")
    names = (".page", "page", str(tmp_path / "work" / "other"), "../.cache/third")
    for name in names:
        with whole_file(name) as file:
            file.write(b"new")
        assert Path(name).read_bytes() == b"new"
    assert (tmp_path / "www" / "page").read_bytes() == b"new"


def test_hard_links_stay_one_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"long before")
    os.link(tmp_path / "a", tmp_path / "b")
    with whole_file(str(tmp_path / "a")) as file:
        file.write(b"1")
    assert (tmp_path / "a").samefile(tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"1" and len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"0")
    os.chown(tmp_path / "old", 1234, 1235)
    with whole_file(str(tmp_path / "old")) as file:
        file.write(b"1")
    found = (tmp_path / "old").stat()
    assert (found.st_uid, found.st_gid) == (1234, 1235)


@pytest.mark.parametrize("number", [1, 2])
def test_what_a_stream_writes_to_is_not_replaced(tmp_path: Path, number: int) -> None:
    """As `-o /dev/stdout >> log` has it: a link of its own, for whoever breaks this as root."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc")
    (tmp_path / "out").symlink_to(f"/proc/self/fd/{number}")
    (tmp_path / "log").write_bytes(b"before ")
    saved = os.dup(number)
    log = os.open(tmp_path / "log", os.O_WRONLY | os.O_APPEND)
    os.dup2(log, number)
    try:
        assert not would_lose(str(tmp_path / "out"), b"after")
        with whole_file(str(tmp_path / "out")) as file:
            file.write(b"after")
    finally:
        os.dup2(saved, number)
        os.close(saved)
        os.close(log)
    assert (tmp_path / "log").read_bytes() == b"before after"
    assert (tmp_path / "out").is_symlink() and len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="links and FIFOs of Unix")
@pytest.mark.parametrize("kind", ["link", "fifo", "file"])
def test_a_file_of_two_links_that_is_replaced_meanwhile_is_not_written_over(
    kind: str, tmp_path: Path
) -> None:
    """Its name may lead to a file of somebody else's by then."""
    other, path = tmp_path / "other", tmp_path / "net.yaml"
    other.write_text("kept")
    path.write_text("old")
    os.link(path, tmp_path / "second")
    make = {"link": lambda: path.symlink_to(other), "fifo": lambda: os.mkfifo(path)}
    with pytest.raises(OSError), whole_file(str(path)) as file:
        file.write(b"new")
        path.unlink()
        make.get(kind, lambda: path.write_text("other"))()
    assert other.read_text() == "kept" and (tmp_path / "second").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["net.yaml", "other", "second"]
    assert kind != "file" or path.read_text() == "other"


def _full(monkeypatch, step: str) -> None:
    """A disk without room: `reserve` where room is asked for, `write` where bytes are copied."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "reserve":
        monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    else:
        monkeypatch.setattr("shutil.copyfileobj", refuse)


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_hard_links_keep_what_they_have_where_the_disk_is_full(tmp_path: Path, monkeypatch) -> None:
    """Room for all of it is made before the first byte is written over."""
    (tmp_path / "a").write_bytes(b"precious")
    os.link(tmp_path / "a", tmp_path / "b")
    _full(monkeypatch, "reserve")
    with pytest.raises(OSError, match="No space"), whole_file(str(tmp_path / "a")) as file:
        file.write(b"new" * 1000)
    assert (tmp_path / "b").read_bytes() == b"precious" and len(os.listdir(tmp_path)) == 2


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
@pytest.mark.parametrize("full", [False, True])
def test_room_is_made_without_fallocate(full: bool, tmp_path: Path, monkeypatch) -> None:
    """As on macOS, or where the C library or the file system has none."""
    (tmp_path / "a").write_bytes(b"precious")
    os.link(tmp_path / "a", tmp_path / "b")

    def lacks(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    if hasattr(os, "posix_fallocate"):
        monkeypatch.setattr(os, "posix_fallocate", lacks)
    write, room = os.write, [2000 if full else 10**9]

    def bounded(handle: int, data: bytes) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(handle, data[: room[0]])
        room[0] -= written
        return written

    monkeypatch.setattr(os, "write", bounded)
    with (
        pytest.raises(OSError, match="No space") if full else nullcontext(),
        whole_file(str(tmp_path / "a")) as file,
    ):
        file.write(b"new" * 1000)
    assert (tmp_path / "b").read_bytes() == (b"precious" if full else b"new" * 1000)
    assert len(os.listdir(tmp_path)) == 2


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_where_writing_over_fails_the_whole_copy_stays_and_is_named(
    tmp_path: Path, monkeypatch
) -> None:
    """A disk that breaks, or one where bytes written over need room of their own."""
    (tmp_path / "a").write_bytes(b"before")
    os.link(tmp_path / "a", tmp_path / "b")
    _full(monkeypatch, "write")
    with pytest.raises(OSError) as failed, whole_file(str(tmp_path / "a")) as file:
        file.write(b"new")
    (copy,) = (path for path in tmp_path.iterdir() if path.name not in {"a", "b"})
    assert copy.read_bytes() == b"new"
    said = f"it is written over in part; all of it is in {copy}"
    assert failed.value.strerror == f"{os.strerror(errno.ENOSPC)}: {said}"


@pytest.mark.skipif(os.name == "nt", reason="links of Unix")
def test_writing_over_goes_on_where_it_is_interrupted(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a").write_bytes(b"before, and longer")
    os.link(tmp_path / "a", tmp_path / "b")
    copied, calls = shutil.copyfileobj, []

    def interrupted(new: IO[bytes], same: IO[bytes]) -> None:
        calls.append(same.write(new.read(2)))
        if len(calls) == 1:
            raise KeyboardInterrupt
        copied(new, same)

    monkeypatch.setattr("shutil.copyfileobj", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_file(str(tmp_path / "a")) as file:
        file.write(b"the new one")
    assert (tmp_path / "b").read_bytes() == b"the new one" and len(os.listdir(tmp_path)) == 2
