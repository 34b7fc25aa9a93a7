"""Folders that were a repository's own at a revision, and are repositories of their own now."""

import os
from collections.abc import Iterable

from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.revision import committed
from convcalc.study.submodules import SUBMODULE, is_not_set_up
from convcalc.study.worktree import repository_of


def refuse_turned(base: str, paths: Iterable[str]) -> None:
    """Refuse to compare specs with the history of a repository that has taken their folder's place.

    A branch may make a submodule of a folder: its `origin/main` is whatever it says, and the specs
    that were there before would be compared with nothing.

    Raises:
        LoadError: a folder that is named, or that a named file lies in, is such a one, or a
            submodule that is not set up.
    """
    outer = repository_of(os.path.realpath(os.curdir))
    folders = {
        path if os.path.isdir(path) else os.path.dirname(path) or os.curdir for path in paths
    }
    for folder in sorted(folders) if outer else ():
        inner = repository_of(os.path.realpath(folder or os.curdir))
        missing = is_not_set_up(folder)
        inner = os.path.realpath(folder) if missing else inner
        if inner.startswith(os.path.join(outer, "")) and _was_own(base, inner):
            raise LoadError(
                f"{plain(os.path.relpath(inner))} is a repository of its own, and was none at "
                f"{plain(base)}: nothing of it can be compared with what was there"
            )
        if missing:
            raise LoadError(
                f"{plain(os.path.normpath(folder))} is a submodule that is not set up: "
                "`git submodule update --init`"
            )


def _was_own(base: str, inner: str) -> bool:
    """Whether the repository around had files of its own where one is now."""
    above, name = os.path.split(inner)
    try:
        was = committed(base, above).get(name)
    except HungGitError:
        raise
    except LoadError:  # no such revision there, or no such folder
        return False
    return was is not None and was.mode != SUBMODULE
