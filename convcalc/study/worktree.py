"""Where a folder lies in git's working tree, and what of it is not checked out."""

import os

from convcalc.findings import plain
from convcalc.study.errors import LoadError
from convcalc.study.git_command import printed

MOST_LISTED = 2**24  #: bytes of a folder's listing: some 200,000 files


def not_checked_out(folder: str) -> frozenset[str]:
    """The files below a folder that git leaves out of a sparse working tree: they are not gone.

    Raises:
        LoadError: it is in no working tree, or there is no git.
    """
    inside, code, said = printed(folder, MOST_LISTED, "rev-parse", "--is-inside-work-tree")
    if not code and inside.strip() == b"true":
        data, code, said = printed(folder, MOST_LISTED, "ls-files", "-t", "-z")
        code = code if len(data) < MOST_LISTED else 0
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
    data, code, said = printed(folder, MOST_LISTED, "rev-parse", "--show-cdup")
    if code:
        raise LoadError(f"{plain(folder)} is in no working tree: {plain(said)}")
    up = os.fsdecode(data).removesuffix("\n")
    return os.path.normpath(os.path.join(os.path.abspath(folder), up))
