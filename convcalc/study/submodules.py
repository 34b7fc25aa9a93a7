"""Submodules that are not set up: an empty folder is in the place of each, whatever it has."""

import os
from collections.abc import Collection

from convcalc.findings import brief
from convcalc.study.worktree import repository_of

SUBMODULE = "160000"  #: git's mode of one


def not_set_up(folder: str, empty: Collection[str]) -> list[str]:
    """Which of some empty folders, below a folder or itself, git has a submodule for.

    Git is asked only where there is one, in a repository: it keeps no other empty folders.
    """
    if not empty or not repository_of(os.path.realpath(folder)):
        return []
    from convcalc.study.links import listed  # few walks meet an empty folder

    start = folder
    if os.path.normpath(folder) in map(os.path.normpath, empty):  # no git runs in one
        start = os.path.dirname(os.path.abspath(folder))
    known = {os.path.realpath(os.path.join(start, name)) for name in listed(start, SUBMODULE)}
    return [path for path in empty if os.path.realpath(path) in known]


def is_not_set_up(folder: str) -> bool:
    """Whether a folder is empty, and git has a submodule for it."""
    try:
        return not os.listdir(folder or os.curdir) and bool(not_set_up(folder, [folder]))
    except OSError:  # listing it says what is wrong
        return False


def left_out(paths: Collection[str]) -> str:
    """A sentence about submodules that are not set up; '' for none."""
    if not paths:
        return ""
    first, *others = dict.fromkeys(map(os.path.normpath, paths))
    more = f" and {len(others):,} more" if others else ""
    what = "submodules that are" if others else "a submodule that is"
    return f"left out {brief(first)}{more}, {what} not set up: `git submodule update --init`"
