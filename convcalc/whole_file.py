"""Files that are written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from convcalc.files import read_at_most, refuse_hidden
from convcalc.overwriting import make_room, write_over
from convcalc.unfinished import unfinished

_ALONE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def whole_file(name: str) -> Iterator[IO[bytes]]:
    """A file to write into; when the block ends well, and only then, it is put in its place.

    It is made beside its place and renamed. Symbolic links stay, and lead to the new text. It gets
    the rights and the owner of the file that it replaces, a new one those that the umask leaves. A
    file of several hard links is written over, once there is room for all of it, so that it stays
    one file. A device or a FIFO is written to, and so is what standard output or error writes to:
    they are not to be replaced.

    Raises:
        OSError: it cannot be written, or a symbolic link leads to something hidden.
    """
    stream = _stream(name)
    if stream is not None:
        with os.fdopen(os.dup(stream), "wb") as file:
            yield file
        return
    refuse_hidden(name)
    path = Path(os.path.realpath(name))
    old = path.stat() if path.exists() else None
    if old is not None and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    beside = str(path.parent / f".{path.name[:40]}.{os.urandom(8).hex()}")
    with _removed_where_it_fails(beside):
        with os.fdopen(os.open(beside, _ALONE, 0o600), "wb") as file:
            yield file
        if old is None or old.st_nlink < 2:
            _replace(path, old, beside)
            return
        same = _same(path, old)
        try:
            make_room(same, old.st_size, os.stat(beside).st_size)
        except BaseException:
            os.close(same)
            raise
    write_over(same, beside)


@contextmanager
def _removed_where_it_fails(beside: str) -> Iterator[None]:
    """Remove a file where the block fails, or a signal ends the process."""
    try:
        with unfinished(beside):
            yield
    except BaseException:
        with suppress(OSError):  # what failed is said, not that it left nothing
            os.unlink(beside)
        raise


def _replace(path: Path, old: os.stat_result | None, beside: str) -> None:
    """Rename what is beside, with the rights and the owner of the old file."""
    os.chmod(beside, old.st_mode & 0o777 if old else _rights())
    if old is not None and hasattr(os, "chown"):
        with suppress(OSError):  # for root alone
            os.chown(beside, old.st_uid, old.st_gid)
    Path(beside).replace(path)


def would_lose(name: str, data: bytes) -> bool:
    """Whether there is a file with other content, which writing these bytes would replace.

    An empty one has nothing to lose; what is not to be replaced (see `whole_file`) neither.
    """
    if _stream(name) is not None:
        return False
    try:
        return read_at_most(name, len(data) + 1) not in {b"", data}
    except PermissionError:
        return True
    except (OSError, ValueError):  # none, or no file: writing says what is wrong
        return False


def _same(path: Path, old: os.stat_result) -> int:
    """A handle to write over a file: to the one that was looked at, whatever has its name now.

    Raises:
        OSError: another has its name.
    """
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    if os.path.samestat(os.fstat(handle), old):
        return handle
    os.close(handle)
    raise OSError(errno.EBUSY, "it has changed meanwhile", str(path))


def _stream(name: str) -> int | None:
    """Standard output or error, where a name such as /dev/stdout is the same file."""
    for number in (1, 2):
        with suppress(OSError, ValueError):  # no such file, or a stream that is closed
            if os.path.samestat(os.stat(name), os.fstat(number)):
                return number
    return None


def _rights() -> int:
    """The rights of a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
