"""Specs of a revision by their hashes, read from one git."""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.git_command import started
from convcalc.study.load import Text
from convcalc.tree.decode import Limits

if TYPE_CHECKING:
    from convcalc.study.git import Git

_AT_ONCE = 32  #: hashes that git is asked for: less than the smallest pipe holds


class Blobs:
    """Specs of a revision by git's hashes of them, all from one git that runs meanwhile.

    A context manager. Git is started with the first spec that is asked for; another is started
    where it has ended, in the middle of a file that is larger than the limit, or asked for others.
    """

    def __init__(self, revision: str, folder: str, limits: Limits) -> None:
        self._revision, self._folder, self._limits = revision, folder, limits
        self._git: Git | None = None
        self._asked: deque[str] = deque()  # of the running git, in their order
        self._coming: deque[str] = deque()

    def expect(self, numbers: Iterable[str]) -> None:
        """What will be asked for, in this order: git is asked for some at once."""
        self._coming = deque(numbers)

    def spec(self, path: str, number: str) -> Text:
        """A file by its hash; no more of it than one byte above the limit is read.

        Raises:
            LoadError: git does not have it, or there is no git.
        """
        wanted = f"no {plain(path)} at {plain(self._revision)}"
        git = self._git = self._ready(number)
        head = git.answer().decode("ascii", "replace").split()
        match head:
            case [name, "blob", length] if name == number and length.isdigit():
                most = self._limits.bytes
                size = int(length)
                part = size if most is None else min(size, most + 1)
                data = git.read(part)
                if part == size and git.read(1) == b"\n":
                    return Text(f"{plain(path)}@{plain(self._revision)}", data, path)
                hung, said = self._close()
                if hung:
                    raise HungGitError(said)
                if len(data) == part < size:
                    return Text(f"{plain(path)}@{plain(self._revision)}", data, path)
                raise LoadError(f"{wanted}: git ends in the middle of it")
            case [_, "missing"]:
                raise LoadError(f"{wanted}: git does not have its contents")
            case []:
                hung, said = self._close(ended=True)
                if hung:
                    raise HungGitError(said)
                raise LoadError(f"{wanted}: {plain(said)}")
            case _:
                self._close()
                raise LoadError(f"{wanted}: it is not a file")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def _ready(self, number: str) -> "Git":
        """A git whose next answer is about this file."""
        if self._asked and self._asked[0] != number:
            self._close()
        git = self._git or started(self._folder, "cat-file", "--batch", asked=True)
        if not self._asked:
            expected = bool(self._coming) and self._coming[0] == number
            many = min(_AT_ONCE, len(self._coming)) if expected else 0
            self._asked += [self._coming.popleft() for _ in range(many)] or [number]
            git.ask(*(one.encode("ascii", "replace") for one in self._asked))
        self._asked.popleft()
        return git

    def _close(self, ended: bool = False) -> tuple[bool, str]:
        """Whether git had to be stopped, and what it complains of."""
        git, self._git = self._git, None
        self._coming.extendleft(reversed(self._asked))
        self._asked.clear()
        if git is None:
            return False, ""
        if not ended:
            with git:
                pass
        _, said = git.end()
        return git.hung, said
