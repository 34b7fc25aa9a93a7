"""Specs as they were at a git revision.

A repository may be a stranger's, and git does much that its configuration says. Here it looks up
one object in its own files, and nothing else: it starts no other program and asks no server.
"""

import errno
import os
from threading import Thread, Timer
from typing import IO

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.study.errors import LoadError
from convcalc.study.load import Text
from convcalc.tree.decode import Limits

_OFF = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    *("-c", "safe.bareRepository=explicit"),  # a folder of the tree that looks like a repository
    *("-c", "protocol.allow=never"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.sshCommand=false"),
    *("-c", "core.gitProxy="),
    *("-c", "core.askPass="),
    *("-c", "core.alternateRefsCommand="),
    *("-c", "credential.helper="),
)
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",  # a missing object is missing, not fetched
    "GIT_ALLOW_PROTOCOL": "",  # over any configuration: none
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C",
}
_PATIENCE = 60  #: seconds until a git that hangs is ended
_SAID = 2000  #: bytes of git's words that are looked at
_MOST_LISTED = 2**24  #: bytes of a folder's listing: some 200,000 files


def spec_at(revision: str, path: str, limits: Limits, below: str | None = None) -> Text:
    """A file as it was committed; nothing of the repository is run.

    Args:
        revision: the git revision.
        path: the file's name.
        limits: no more than one byte above them is read.
        below: a folder that is there and holds it; None for its own.

    Raises:
        LoadError: there is no such file at that revision, or no git.
    """
    _refuse_options(revision)
    folder = os.path.dirname(os.path.normpath(path)) if below is None else below
    name = os.path.relpath(path, folder or ".").replace(os.sep, "/")
    most = -1 if limits.bytes is None else limits.bytes + 1
    try:
        data, code, said = _git(folder or ".", most, "cat-file", "blob", f"{revision}:./{name}")
    except (OSError, ValueError) as error:  # a name with a zero byte in it
        raise LoadError(f"cannot run git: {getattr(error, 'strerror', error)}") from error
    if code and len(data) != most:  # else it was cut short, and ended for that
        reason = plain(said.splitlines()[0]) if said else f"git ends with code {code}"
        raise LoadError(f"no {plain(path)} at {plain(revision)}: {reason}")
    return Text(f"{plain(path)}@{plain(revision)}", data)


def specs_below(revision: str, folder: str) -> dict[str, str]:
    """The specs below a folder as it was committed: their names in it, and git's hash of each.

    Links and what lies in hidden folders are left out, as they are of a folder that is walked.

    Raises:
        LoadError: there is no such revision, or no git.
    """
    _refuse_options(revision)
    try:
        data, code, said = _git(folder, _MOST_LISTED + 1, "ls-tree", "-r", "-z", revision)
    except (OSError, ValueError) as error:  # a name with a zero byte in it
        raise LoadError(f"cannot run git: {getattr(error, 'strerror', error)}") from error
    if len(data) > _MOST_LISTED:
        raise LoadError(f"{plain(folder)} at {plain(revision)} holds too many files to list")
    if code:
        reason = plain(said.splitlines()[0]) if said else f"git ends with code {code}"
        raise LoadError(f"no {plain(folder)} at {plain(revision)}: {reason}")
    found = {}
    for entry in data.split(b"\0")[:-1]:
        head, _, path = entry.partition(b"\t")
        mode, *_, number = head.decode("ascii", "replace").split(" ")
        name = os.fsdecode(path)
        hidden = any(part.startswith(".") for part in name.split("/")[:-1])
        if mode.startswith("100") and name.endswith(SPEC_ENDINGS) and not hidden:
            found[name] = number
    return found


def is_blob(data: bytes, number: str) -> bool:
    """Whether git's hash is that of some bytes, or of them with the line ends of Unix."""
    from hashlib import new

    how = "sha1" if len(number) == 40 else "sha256"
    texts = {data, data.replace(b"\r\n", b"\n")}
    heads = ((text, b"blob %d\0" % len(text)) for text in texts)
    return any(
        new(how, head + text, usedforsecurity=False).hexdigest() == number for text, head in heads
    )


def _refuse_options(revision: str) -> None:
    if revision.startswith("-") or not revision:
        raise LoadError(f"{plain(revision)!r} is not a revision")


def _git(folder: str, most: int, *command: str) -> tuple[bytes, int, str]:
    """What git prints, `most` bytes of it (all for -1); its exit code; what it complains of."""
    import subprocess  # 8 ms, for this one option

    with subprocess.Popen(
        [_program(), *_OFF, "-C", folder, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **_ENVIRONMENT},
    ) as git:
        assert git.stdout is not None and git.stderr is not None, "both are pipes"
        said: list[bytes] = []
        listener = Thread(target=_listen, args=(git.stderr, said), daemon=True)
        timer = Timer(_PATIENCE, git.kill)
        listener.start()
        timer.start()
        try:
            data = git.stdout.read(most)
            git.stdout.close()
            code = git.wait()
            listener.join()
        finally:
            timer.cancel()
    return data, code, b"".join(said).decode("utf-8", "replace").strip()


def _program() -> str:
    """The first git on the search path whose folder is named in full.

    Windows looks in the working folder before it, and so does an empty or relative name in it
    elsewhere: a git that lies there came with the specs.

    Raises:
        FileNotFoundError: there is none.
    """
    for folder in filter(os.path.isabs, os.get_exec_path()):
        file = os.path.join(folder, "git.exe" if os.name == "nt" else "git")
        if os.path.isfile(file) and os.access(file, os.X_OK):
            return file
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "git")


def _listen(stream: IO[bytes], said: list[bytes]) -> None:
    """Keep the beginning of a stream and read on: who is not listened to waits for ever."""
    said.append(stream.read(_SAID))
    while stream.read(65536):
        pass
