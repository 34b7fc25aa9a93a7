"""The one way in for files from outside: specs, weights, arrays, pyproject.toml, model files.

A file may come from a stranger. It is opened without waiting (a FIFO without a writer would hang),
its type is checked on what was opened, not on a name that may have changed since, and no more of
it is read than the caller says. Files that convcalc brings along are read directly.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO, NamedTuple

_FLAGS = (
    getattr(os, "O_NONBLOCK", 0)  # each of these is missing on some system
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Glob(NamedTuple):
    """A pattern of files' names or paths."""

    text: str
    folder: str
    """Where paths begin: the folder of the configuration that has it."""
    is_below: bool = False
    """It stands for what is below a folder that the pattern in front of it names."""


def globs(pattern: str) -> tuple[Glob, ...]:
    """A pattern of a configuration, whose folder is not known yet.

    A folder's name stands for all that is below it, ``nets`` and ``./nets/`` for ``nets/*``, of
    which ``*`` goes over ``/``.
    """
    text = pattern
    while text.startswith("./"):
        text = text[2:].lstrip("/")
    if pattern and text in {"", "."}:
        return (Glob("*", ""),)
    if text.endswith("/"):
        return (Glob(f"{text.rstrip('/')}/*", ""),)
    is_name = text and not set(text) & set("*?[]") and not text.endswith(SPEC_ENDINGS)
    return (Glob(text, ""), *([Glob(f"{text}/*", "", is_below=True)] if is_name else []))


class IrregularFileError(OSError):
    """A directory, FIFO, socket, device or a kernel's own file: nothing to read a net from."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EINVAL, "not a regular file", path)


class LargeFileError(OSError):
    """A file of more bytes than are read."""

    def __init__(self, path: str, limit: int) -> None:
        super().__init__(errno.EFBIG, f"larger than {limit:,} bytes", path)


class StrayLinkError(OSError):
    """A symbolic link to what is no spec, is hidden, or leaves the folder which is searched."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(errno.ELOOP, why, path)


@contextmanager
def open_file(path: str, follow: bool = True) -> Iterator[BufferedReader]:
    """An open regular file.

    Args:
        path: its name.
        follow: whether `path` may be a symbolic link.

    Raises:
        IrregularFileError: it is anything but a regular file.
        OSError: it cannot be opened.
        ValueError: no file can have this name.
    """
    with os.fdopen(_opened(path, os.O_RDONLY, follow), "rb") as file:
        yield file


def open_to_extend(path: str, existing: bool) -> int:
    """A handle to read a regular file and write to it; it is made where there is none.

    Args:
        path: its name; a symbolic link must lead to a file that is there.
        existing: whether it may be there already.

    Raises:
        FileExistsError: it is there, and may not be.
        IrregularFileError: it is anything but a regular file.
        OSError, ValueError: as `open_file`.
    """
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o666)
    except FileExistsError:
        if not existing:
            raise
    return _opened(path, os.O_RDWR, True)


def _opened(path: str, access: int, follow: bool) -> int:
    """A handle to a regular file."""
    flags = access | _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):
        raise IrregularFileError(path)  # unopened: opening alone makes some devices act
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno in {errno.ENXIO, errno.ENODEV, errno.EISDIR}:  # a socket, a device, a folder
            raise IrregularFileError(path) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise IrregularFileError(path)
    return handle


def read_at_most(path: str, most: int | None, follow: bool = True) -> bytes:
    """The first `most` bytes of a file; all of it for None.

    Raises:
        OSError, ValueError: as `open_file`.
    """
    with open_file(path, follow) as file:
        data = file.read(-1 if most is None else most)
        if data and not os.fstat(file.fileno()).st_size:  # /proc: regular by name only
            raise IrregularFileError(path)
        return data


def read_file(path: str, limit: int, follow: bool = True) -> bytes:
    """All of a file.

    Raises:
        LargeFileError: it has more than `limit` bytes; no more than that were read.
        OSError, ValueError: as `open_file`.
    """
    data = read_at_most(path, limit + 1, follow)
    if len(data) > limit:
        raise LargeFileError(path, limit)
    return data


class Bounded:
    """A file as zipfile reads it: it asks for the whole list of members at once, however long.

    A read of more than `most` bytes is refused with `error`, an exception that takes a sentence.
    """

    def __init__(self, file: BinaryIO, most: int, error: type[Exception]) -> None:
        self.most = most
        self._file, self._error = file, error
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if size > self.most:
            raise self._error(f"{size:,} bytes list its members: {self.most:,} are the most")
        return self._file.read(size)


#: How the names of specs end.
SPEC_ENDINGS = (".yaml", ".yml")


def is_mapping(word: str) -> bool:
    """Whether a word of one line is the text of a spec rather than a name.

    >>> is_mapping("{input: 8x8x3, layers: [relu]}"), is_mapping("my: net.yaml")
    (True, False)
    """
    return word.lstrip()[:1] == "{" or (": " in word and not word.endswith(SPEC_ENDINGS))


def has_rows(head: bytes) -> bool:
    """Whether `backbone:` begins a line: the key of Ultralytics model files that no spec has."""
    first = head.removeprefix(b"\xef\xbb\xbf")
    return first.startswith(b"backbone:") or b"\nbackbone:" in head


def linked_spec(path: str, inside: str | None = None) -> str:
    """Where the symbolic links of a file's name lead: a stranger may have made them.

    Args:
        path: the name of a spec, or of another file that messages quote; a symbolic link to what
            has neither a spec's name nor the same ending is refused, and so is one into a hidden
            folder, where programs keep what is secret.
        inside: the folder that the file must lie in, below no hidden folder; None for anywhere.

    Raises:
        StrayLinkError: the links lead elsewhere.
        OSError: they lead nowhere, or round in a circle.
    """
    target = os.path.realpath(path, strict=True)
    same = os.path.splitext(path)[1] == os.path.splitext(target)[1] != ""  # such as .onnx
    if os.path.islink(path) and not same and not target.endswith(SPEC_ENDINGS):
        own = os.path.splitext(path)[1]
        endings = SPEC_ENDINGS if own in {"", *SPEC_ENDINGS} else (own,)
        raise StrayLinkError(path, f"a link that does not lead to a {' or '.join(endings)} file")
    if inside is not None:
        below = os.path.relpath(target, os.path.realpath(inside))
        if any(part.startswith(".") for part in below.split(os.sep)) or os.path.isabs(below):
            raise StrayLinkError(path, "a link that leaves the folder")
    # an absolute name may lead through the machine's own links, the others are the stranger's
    folder = (os.path.realpath if os.path.isabs(path) else os.path.abspath)(os.path.dirname(path))
    if _hidden(os.path.dirname(target)) - _hidden(folder):
        raise StrayLinkError(path, "a link into a hidden folder: name the file itself")
    return target


def without_folder() -> str:
    """Why names lead nowhere: the working folder was removed; '' where there is one."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return "the working folder is gone: `cd` to one that is there"
    except OSError as error:
        return f"cannot look at the working folder: {error.strerror}"
    return ""


def refuse_hidden(path: str) -> None:
    """Refuse to write where symbolic links lead to something hidden, such as ``~/.bashrc``.

    A stranger may have made them, in a branch that is checked out; other links are followed.

    Raises:
        StrayLinkError: the links of the name lead to a hidden file, or into a hidden folder.
    """
    target = os.path.realpath(path)
    own = os.path.abspath(path)
    if os.path.isabs(path):
        own = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    if _hidden(target) - _hidden(own):
        raise StrayLinkError(path, "a link to something hidden: name the file itself")


def _hidden(folder: str) -> set[str]:
    """The hidden ones of a folder and those that it lies in."""
    return {part for part in folder.split(os.sep) if part.startswith(".")}
