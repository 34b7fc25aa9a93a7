"""Specs as they were at a git revision. What git may do there is in `convcalc.study.git`."""

import os
import re
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.load import Text
from convcalc.tree.decode import Limits

if TYPE_CHECKING:
    from convcalc.study.git import Git

LINK = "120000"  #: git's mode of a symbolic link
_HASH = 100  #: bytes of a commit's name
_LONGEST_LINK = 4096  #: bytes, as systems have it
_AT_ONCE = 32  #: hashes that git is asked for: less than the smallest pipe holds
_MOST_LISTED = 2**24  #: bytes of a folder's listing: some 200,000 files


def spec_at(revision: str, path: str, limits: Limits) -> Text:
    """A file as it was committed; nothing of the repository is run.

    Args:
        revision: the git revision.
        path: the file's name.
        limits: no more than one byte above them is read.

    Raises:
        LoadError: there is no such file at that revision, or no git.
    """
    _refuse_others(revision)
    folder, name = os.path.split(os.path.normpath(path))
    commit = revision
    if revision.startswith(":/"):  # the words of a commit's message: a name cannot follow them
        answer, code, said = _printed(folder or ".", _HASH, "rev-parse", "--verify", revision)
        if code:
            raise LoadError(f"no {plain(path)} at {plain(revision)}: {plain(said)}")
        commit = answer.decode("ascii", "replace").strip()
    most = -1 if limits.bytes is None else limits.bytes + 1
    data, code, said = _printed(folder or ".", most, "cat-file", "blob", f"{commit}:./{name}")
    if code and len(data) != most:  # else it was cut short, and ended for that
        why = plain(said)
        if code and os.path.lexists(path) and "exists on disk, but not in" in said:
            asked = f"`convcalc diff --base {plain(revision)} {plain(folder or os.curdir)}`"
            why = f"it is new, or was renamed: {asked} finds out which"
        raise LoadError(f"no {plain(path)} at {plain(revision)}: {why}")
    entry, unlisted, _ = _printed(folder or ".", _HASH, "ls-tree", "-z", commit, "--", name)
    if entry.startswith(LINK.encode()) and not unlisted:
        raise LoadError(f"no {plain(path)} at {plain(revision)}: it was a link")
    return Text(f"{plain(path)}@{plain(revision)}", data)


def text_at(revision: str, folder: str, number: str) -> bytes:
    """What a link leads to, by git's hash of it.

    Raises:
        LoadError: git does not have it.
    """
    data, code, said = _printed(folder, _LONGEST_LINK, "cat-file", "blob", number)
    if code:
        raise LoadError(f"git does not have a link of {plain(revision)}: {plain(said)}")
    return data


class Committed(NamedTuple):
    """A file, a link or another repository in a folder as it was committed."""

    mode: str
    number: str
    """Git's hash of it."""

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no link."""
        return self.mode.startswith("100")


def committed(revision: str, folder: str, below: bool = False) -> dict[str, Committed]:
    """What lies in a folder as it was committed, by name; `below`: in all of its folders, too.

    Raises:
        LoadError: there is no such revision, or no git.
    """
    _refuse_others(revision)
    deep = ("-r",) if below else ()
    data, code, said = _printed(folder, _MOST_LISTED + 1, "ls-tree", *deep, "-z", revision)
    if len(data) > _MOST_LISTED:
        raise LoadError(f"{plain(folder)} at {plain(revision)} holds too many files to list")
    if code:
        raise LoadError(f"no {plain(folder)} at {plain(revision)}: {plain(said)}")
    found = {}
    for entry in data.split(b"\0")[:-1]:
        head, _, path = entry.partition(b"\t")
        mode, *_, number = head.decode("ascii", "replace").split(" ")
        found[os.fsdecode(path)] = Committed(mode, number)
    return found


def specs_below(revision: str, folder: str) -> dict[str, str]:
    """The specs below a folder as it was committed: their names in it, and git's hash of each.

    Links and what lies in hidden folders are left out, as they are of a folder that is walked.

    Raises:
        LoadError: there is no such revision, or no git.
    """
    return {
        name: entry.number
        for name, entry in committed(revision, folder, below=True).items()
        if is_spec(name, entry)
    }


def is_spec(name: str, entry: Committed) -> bool:
    """Whether it is one that a walk through its folder finds."""
    hidden = any(part.startswith(".") for part in name.split("/")[:-1])
    return entry.is_file and name.endswith(SPEC_ENDINGS) and not hidden


def not_checked_out(folder: str) -> frozenset[str]:
    """The files below a folder that git leaves out of a sparse working tree: they are not gone.

    Raises:
        LoadError: it is in no working tree, or there is no git.
    """
    inside, code, said = _printed(folder, _MOST_LISTED, "rev-parse", "--is-inside-work-tree")
    if not code and inside.strip() == b"true":
        data, code, said = _printed(folder, _MOST_LISTED, "ls-files", "-t", "-z")
        code = code if len(data) < _MOST_LISTED else 0
    elif not code:  # git would list the repository's top here, as if it were this folder
        raise LoadError(f"{plain(folder)} is in no working tree, core.bare or core.worktree says")
    if code:
        raise LoadError(f"{plain(folder)} is in no working tree: {plain(said)}")
    marked = data.split(b"\0")[:-1]
    return frozenset(os.fsdecode(name[2:]) for name in marked if name.startswith(b"S "))


def repository_of(folder: str) -> str:
    """The folder upward that has a `.git`; '' for none."""
    above = ""
    while folder != above:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        folder, above = os.path.dirname(folder), folder
    return ""


def top_of(folder: str) -> str:
    """The folder at the top of the working tree that a folder is in.

    Raises:
        LoadError: it is in none, or there is no git.
    """
    data, code, said = _printed(folder, _MOST_LISTED, "rev-parse", "--show-cdup")
    if code:
        raise LoadError(f"{plain(folder)} is in no working tree: {plain(said)}")
    up = os.fsdecode(data).removesuffix("\n")
    return os.path.normpath(os.path.join(os.path.abspath(folder), up))


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
                    return Text(f"{plain(path)}@{plain(self._revision)}", data)
                hung, said = self._close()
                if hung:
                    raise HungGitError(said)
                if len(data) == part < size:
                    return Text(f"{plain(path)}@{plain(self._revision)}", data)
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
        git = self._git or _started(self._folder, "cat-file", "--batch", asked=True)
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


def _refuse_others(revision: str) -> None:
    """Refuse an option, and a path in a revision: what follows it would be looked for below it.

    Raises:
        LoadError: it is no revision.
    """
    wrong = f"{plain(revision)!r} is not a revision"
    if revision.startswith("-") or not revision:
        raise LoadError(wrong)
    bare = re.sub(r"\{[^{}]*\}", "", revision)  # HEAD@{12:00}, HEAD^{/message: more}
    commit, colon, path = bare.partition(":")
    if not colon or bare.startswith(":/") or (not commit and path.isdigit()):
        return
    if not commit:
        raise LoadError(wrong)
    alone = "it" if "{" in revision else plain(commit)
    raise LoadError(f"{wrong} but a path in one: write {alone} without the path")


def _printed(folder: str, most: int, *command: str) -> tuple[bytes, int, str]:
    """What git prints, `most` bytes of it (all for -1); its exit code; what it complains of.

    Raises:
        LoadError: there is no git, or a name stands for several commits.
    """
    with _started(folder, *command) as git:
        data = git.read(most)
        code, said = git.end()
        if git.hung:
            raise HungGitError(said)
    if git.ambiguous:
        from convcalc.study.ambiguous import why_ambiguous

        wrong = why_ambiguous(folder, git.ambiguous)
        if wrong:
            raise LoadError(wrong)
    return data, code, said


def _started(folder: str, *command: str, asked: bool = False) -> "Git":
    """A git that runs.

    Raises:
        LoadError: there is none.
    """
    from convcalc.study.git import Git  # 8 ms, for this one option

    try:
        return Git(folder, *command, asked=asked)
    except (OSError, ValueError) as error:  # a name with a zero byte in it
        raise LoadError(f"cannot run git: {getattr(error, 'strerror', error)}") from error
