"""A spec as it was at a git revision.

A repository may be a stranger's, and git does much that its configuration says. Here it looks up
one object in its own files, and nothing else: it starts no other program and asks no server.
"""

import os
from threading import Thread, Timer
from typing import IO

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


def spec_at(revision: str, path: str, limits: Limits) -> Text:
    """A file as it was committed; nothing of the repository is run."""
    if revision.startswith("-") or not revision:
        raise LoadError(f"{plain(revision)!r} is not a revision")
    folder, name = os.path.split(os.path.normpath(path))
    most = -1 if limits.bytes is None else limits.bytes + 1
    try:
        data, code, said = _git(folder or ".", most, "cat-file", "blob", f"{revision}:./{name}")
    except (OSError, ValueError) as error:  # a name with a zero byte in it
        raise LoadError(f"cannot run git: {getattr(error, 'strerror', error)}") from error
    if code and len(data) != most:  # else it was cut short, and ended for that
        reason = plain(said.splitlines()[0]) if said else f"git ends with code {code}"
        raise LoadError(f"no {plain(path)} at {plain(revision)}: {reason}")
    return Text(f"{plain(path)}@{plain(revision)}", data)


def _git(folder: str, most: int, *command: str) -> tuple[bytes, int, str]:
    """What git prints, `most` bytes of it (all for -1); its exit code; what it complains of."""
    import subprocess  # 8 ms, for this one option

    with subprocess.Popen(
        ["git", *_OFF, "-C", folder, *command],
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


def _listen(stream: IO[bytes], said: list[bytes]) -> None:
    """Keep the beginning of a stream and read on: who is not listened to waits for ever."""
    said.append(stream.read(_SAID))
    while stream.read(65536):
        pass
