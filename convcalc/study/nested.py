"""Repositories in the repository around, as submodules are: what a revision means in each."""

import os
from collections.abc import Iterable
from shlex import quote

from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.git_command import printed
from convcalc.study.links import listed
from convcalc.study.revision import Committed, committed
from convcalc.study.submodules import SUBMODULE, is_not_set_up
from convcalc.study.worktree import repository_of


class Bases:
    """A revision of the repository that the working folder is in, for what lies in others, too.

    Of what is not below that one, or where the working folder is in none, it is the revision of the
    outermost repository around: a path means the same from wherever it is named.

    A submodule is compared with the commit that the repository around had of it. A branch may move
    it, to the commit of another repository even: the submodule's own `origin/main` is whatever that
    one says. What the revision had nothing of in its place is compared with its own history.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self._around = repository_of(os.path.realpath(os.curdir))
        self._known: dict[str, str] = {}

    def checked(self, paths: Iterable[str]) -> dict[str, str]:
        """For each path the revision to compare it with.

        Raises:
            LoadError: a folder that is named, or that a named file lies in, has become another
                repository, or is a submodule that is not set up or lacks the commit.
        """
        return {path: self.of(path) for path in paths}

    def of(self, path: str) -> str:
        """The revision in the repository that a path is in.

        Raises:
            LoadError: as `checked`.
        """
        folder = path if os.path.isdir(path) else os.path.dirname(path) or os.curdir
        missing = is_not_set_up(folder)
        place = os.path.realpath(folder)
        found = self._in(place if missing else repository_of(place), missing)
        if missing:
            raise LoadError(
                f"{plain(os.path.normpath(folder))} is a submodule that is not set up: "
                "`git submodule update --init`"
            )
        return found

    def _in(self, inner: str, missing: bool = False) -> str:
        """The revision in a repository; `missing`: it is a submodule that is not set up.

        Raises:
            LoadError: as `checked`.
        """
        below = self._around and inner.startswith(os.path.join(self._around, ""))
        if inner in {self._around, self._around if below else _outermost(inner)}:
            return self.base
        if inner not in self._known:
            self._known[inner] = self._then(inner, missing)
        return self._known[inner]

    def _then(self, inner: str, missing: bool) -> str:
        """The revision in a repository that lies in another."""
        above, name = os.path.split(inner)
        shown, base = plain(os.path.relpath(inner)), plain(self.base)
        there = _there(self._in(repository_of(above)), above)
        was = None if there is None else there.get(name)
        if was is None:
            if there is not None and not missing and name in listed(above, SUBMODULE):
                raise LoadError(
                    f"{shown} is a submodule that is new since {base}: `convcalc diff --base "
                    f"REVISION .` in {shown} compares its specs with its own history"
                )
            return self.base
        if was.mode != SUBMODULE:
            raise LoadError(
                f"{shown} is a repository of its own, and was none at {base}: nothing "
                "of it can be compared with what was there"
            )
        if missing:
            return was.number
        _, code, _ = printed(inner, 1, "cat-file", "-e", f"{was.number}^{{commit}}")
        if code:
            raise LoadError(
                f"{shown} is a submodule and was at {was.number} at {base}, a commit that it does "
                f"not have: `git -C {quote(shown)} fetch origin {was.number}`, or fetch it from "
                f"where `git show {quote(base)}:.gitmodules` says"
            )
        return was.number


def _outermost(inner: str) -> str:
    """The repository around all those that a repository lies in; itself where it lies in none."""
    found = inner
    while (above := repository_of(os.path.dirname(found))) not in {"", found}:
        found = above
    return found


def _there(base: str, above: str) -> dict[str, Committed] | None:
    """What lay in a folder around a repository; None without such a revision there."""
    try:
        return committed(base, above)
    except HungGitError:
        raise
    except LoadError:
        return None
