"""Specs as they were at a git revision. What git may do there is in `convcalc.study.git`."""

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from convcalc.files import SPEC_ENDINGS
from convcalc.findings import plain
from convcalc.study.errors import LoadError
from convcalc.study.git_command import printed
from convcalc.study.load import Text
from convcalc.study.waiting import unread_ref
from convcalc.study.worktree import MOST_LISTED
from convcalc.tree.decode import Limits

if TYPE_CHECKING:
    pass

LINK = "120000"  #: git's mode of a symbolic link
_HASH = 100  #: bytes of a commit's name
_LONGEST_LINK = 4096  #: bytes, as systems have it


def spec_at(revision: str, path: str, limits: Limits) -> Text:
    """A file as it was committed; nothing of the repository is run.

    Args:
        revision: the git revision.
        path: the file's name.
        limits: no more than one byte above them is read.

    Raises:
        LoadError: there is no such file at that revision, or no git.
    """
    folder, name = os.path.split(os.path.normpath(path))
    _refuse_others(revision, folder or os.curdir)
    commit = revision
    if revision.startswith(":/"):  # the words of a commit's message: a name cannot follow them
        answer, code, said = printed(folder or ".", _HASH, "rev-parse", "--verify", revision)
        if code:
            raise LoadError(f"no {plain(path)} at {plain(revision)}: {plain(said)}")
        commit = answer.decode("ascii", "replace").strip()
    most = -1 if limits.bytes is None else limits.bytes + 1
    data, code, said = printed(folder or ".", most, "cat-file", "blob", f"{commit}:./{name}")
    if code and len(data) != most:  # else it was cut short, and ended for that
        why = plain(said)
        if code and os.path.lexists(path) and "exists on disk, but not in" in said:
            asked = f"`convcalc diff --base {plain(revision)} {plain(folder or os.curdir)}`"
            why = f"it is new, or was renamed: {asked} finds out which"
        raise LoadError(f"no {plain(path)} at {plain(revision)}: {why}")
    entry, unlisted, _ = printed(folder or ".", _HASH, "ls-tree", "-z", commit, "--", name)
    if entry.startswith(LINK.encode()) and not unlisted:
        raise LoadError(f"no {plain(path)} at {plain(revision)}: it was a link")
    return Text(f"{plain(path)}@{plain(revision)}", data, path)


def text_at(revision: str, folder: str, number: str) -> bytes:
    """What a link leads to, by git's hash of it.

    Raises:
        LoadError: git does not have it.
    """
    data, code, said = printed(folder, _LONGEST_LINK, "cat-file", "blob", number)
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
    _refuse_others(revision, folder)
    deep = ("-r",) if below else ()
    data, code, said = printed(folder, MOST_LISTED + 1, "ls-tree", *deep, "-z", revision)
    if len(data) > MOST_LISTED:
        raise LoadError(f"{plain(folder)} at {plain(revision)} holds too many files to list")
    if code:
        raise LoadError(f"no {plain(folder)} at {plain(revision)}: {plain(said)}")
    found = {}
    for entry in data.split(b"\0")[:-1]:
        head, _, path = entry.partition(b"\t")
        mode, *_, number = head.decode("ascii", "replace").split(" ")
        found[os.fsdecode(path)] = Committed(mode, number)
    return found


def is_spec(name: str, entry: Committed) -> bool:
    """Whether it is one that a walk through its folder finds."""
    hidden = any(part.startswith(".") for part in name.split("/")[:-1])
    return entry.is_file and name.endswith(SPEC_ENDINGS) and not hidden


def _refuse_others(revision: str, folder: str) -> None:
    """Refuse an option, and a path in a revision: what follows it would be looked for below it.

    Raises:
        LoadError: it is no revision, or none that git can read in a folder's repository.
    """
    wrong = f"{plain(revision)!r} is not a revision"
    if revision.startswith("-") or not revision:
        raise LoadError(wrong)
    bare = re.sub(r"\{[^{}]*\}", "", revision)  # HEAD@{12:00}, HEAD^{/message: more}
    commit, colon, path = bare.partition(":")
    if not colon or bare.startswith(":/") or (not commit and path.isdigit()):
        unread = "" if colon else unread_ref(folder, revision)
        if unread:
            raise LoadError(f"no {plain(folder)} at {plain(revision)}: {unread}")
        return
    if not commit:
        raise LoadError(wrong)
    alone = "it" if "{" in revision else plain(commit)
    raise LoadError(f"{wrong} but a path in one: write {alone} without the path")
