"""Git, asked for objects of a repository that may be a stranger's.

Git does much that a repository's configuration says. Here it looks up objects in its own files, and
nothing else: it starts no other program and asks no server.
"""

import errno
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Self, TypeVar

from convcalc.study.waiting import waited_for

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
    *("-c", "core.warnAmbiguousRefs=true"),
)
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",  # a missing object is missing, not fetched
    "GIT_ALLOW_PROTOCOL": "",  # over any configuration: none
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C",
}
#: what hooks and people set to say where a repository is
_PLACES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
)
_PATIENCE = 20.0  #: seconds without an answer until a git that hangs is ended
_SAID = 2000  #: bytes of git's words that are looked at
_AMBIGUOUS = re.compile(rb"^warning: refname '(.*)' is ambiguous\.$", re.MULTILINE)
_LINE = 200  #: bytes of the line before an object
_LAST = 2  #: seconds for its last words: what it started may hold its pipes open
_LOOKS = 6  #: times that a git is looked at in that time

Answer = TypeVar("Answer")


class Git:
    """A git command that runs; a context manager that ends it.

    Raises:
        OSError: there is no git, it cannot be started, or would wait for a file.
        ValueError: a word has a zero byte in it.
    """

    def __init__(self, folder: str, *command: str, asked: bool = False) -> None:
        late = waited_for(folder)
        if late:
            raise OSError(errno.EINVAL, f"{late}, for which it would wait")
        program = _program()
        self._process = subprocess.Popen(
            [program, *_OFF, "-C", folder, *command],
            stdin=subprocess.PIPE if asked else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(program),
        )
        self._said: list[bytes] = []
        self._waits = self._late = False
        self._answers = 0
        self._over = Event()
        self._threads = [Thread(target=work, daemon=True) for work in (self._listen, self._watch)]
        for thread in self._threads:
            thread.start()

    def read(self, most: int) -> bytes:
        """The next bytes of what git prints: `most` of them, all for -1."""
        assert self._process.stdout is not None, "a pipe"
        return self._awaited(self._process.stdout.read, most)

    def ask(self, *texts: bytes) -> None:
        """Write lines to git: so few that a pipe holds them, it may wait to be read from."""
        assert self._process.stdin is not None, "a pipe"
        with suppress(OSError):  # it has ended: there is no answer
            self._process.stdin.write(b"".join(text + b"\n" for text in texts))
            self._process.stdin.flush()

    def answer(self) -> bytes:
        """The next line of what git prints, b"" for none."""
        assert self._process.stdout is not None, "a pipe"
        return self._awaited(self._process.stdout.readline, _LINE)

    @property
    def hung(self) -> bool:
        """Whether it was stopped because it gave no answer."""
        return self._late

    @property
    def ambiguous(self) -> str:
        """The name of which it warned, when it has ended, that it stands for several commits."""
        found = _AMBIGUOUS.search(b"".join(self._said))
        return found[1].decode("utf-8", "replace") if found else ""

    def end(self) -> tuple[int, str]:
        """The exit code, and the first line of what git complains of, or how it ended."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was written last reaches nobody
                if stream is not None:
                    stream.close()
        code = self._awaited(self._process.wait)
        self._over.set()
        for thread in self._threads:
            thread.join(_LAST)
        said = b"".join(self._said).decode("utf-8", "replace").strip()
        if self._late:
            text = f"git did not answer for {_PATIENCE:g} seconds and was stopped"
            return code, f"{text}: a file that its configuration includes may be a FIFO"
        return code, said.splitlines()[0] if said else f"git ends with code {code}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self.end()

    def _awaited(self, call: Callable[..., Answer], *given: object) -> Answer:
        """What a call gives that waits for git, which is watched meanwhile."""
        self._waits = True
        found = call(*given)
        self._waits, self._answers = False, self._answers + 1
        return found

    def _watch(self) -> None:
        """End a git that is waited for and has given no answer for so long."""
        before, looks = -1, 0
        while not self._over.wait(_PATIENCE / _LOOKS):
            looks = looks + 1 if self._waits and self._answers == before else 0
            before = self._answers
            if looks == _LOOKS:
                self._late = True
                self._process.kill()

    def _listen(self) -> None:
        """Keep the beginning of what git says and read on: who is not listened to waits."""
        assert self._process.stderr is not None, "a pipe"
        with self._process.stderr as stream:
            self._said.append(stream.read(_SAID))
            while stream.read(65536):
                pass


def _environment(program: str) -> dict[str, str]:
    """What git is told: this process's environment, and what is switched off.

    Places in it are meant from the working folder, where git would take its top for that of the
    working tree if only ``GIT_DIR`` is set: it is started in other folders here.

    Raises:
        OSError: git does not say where its working tree is.
    """
    found = {**os.environ, **_ENVIRONMENT}
    for name in _PLACES:
        if found.get(name):
            found[name] = os.path.abspath(found[name])
    if found.get("GIT_DIR"):
        found.setdefault("GIT_WORK_TREE", _work_tree(program, found))
    return found


def _work_tree(program: str, environment: dict[str, str]) -> str:
    """The working tree of a repository that is named: its own configuration may say where it is."""
    try:
        asked = subprocess.run(
            [program, *_OFF, "rev-parse", "--show-toplevel"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(errno.ETIMEDOUT, f"it did not answer for {_PATIENCE:g} seconds") from error
    return os.fsdecode(asked.stdout).removesuffix("\n") or os.getcwd()


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
