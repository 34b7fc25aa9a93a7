"""The specs of a revision: those that have changed since then, as they were."""

import os
from collections.abc import Iterable
from typing import NamedTuple, Self

from convcalc.study.blobs import Blobs
from convcalc.study.load import Text
from convcalc.study.nested import Bases
from convcalc.study.revision import spec_at
from convcalc.study.worktree import repository_of
from convcalc.tree.decode import Limits


class Pair(NamedTuple):
    """A spec now and then."""

    path: str
    now: bool
    then: bool
    folder: str | None = None
    """A folder of the repository; None for a spec that git is asked for by its name."""
    number: str = ""
    """Git's hash of it as it was."""
    was: str = ""
    """What it was called; '' for the same name."""


class Past:
    """The specs of a revision; a context manager. One git runs for the specs of a repository."""

    def __init__(self, base: str, limits: Limits) -> None:
        self.limits = limits
        self._bases = Bases(base)
        self._repository = ""
        self._repositories: dict[str, str] = {}
        self._coming: dict[str, list[str]] = {}
        self._blobs: Blobs | None = None

    def expect(self, pairs: Iterable[Pair]) -> None:
        """Which specs will be asked for next, in this order: git has them ready sooner."""
        self._coming = {}
        for pair in pairs:
            if pair.then and pair.folder is not None:
                self._coming.setdefault(self.repository(pair.folder), []).append(pair.number)
        if self._blobs is not None:
            self._blobs.expect(self._coming.pop(self._repository, ()))

    def spec(self, pair: Pair) -> Text:
        """A spec as it was.

        Raises:
            LoadError: git does not have it, or there is no git.
        """
        path = pair.was or pair.path
        if pair.folder is None:
            return spec_at(self.base(path), path, self.limits)
        repository = self.repository(pair.folder)
        if self._blobs is None or repository != self._repository:
            self._close()
            self._repository = repository
            self._blobs = Blobs(self.base(pair.folder), pair.folder, self.limits)
            self._blobs.expect(self._coming.pop(repository, ()))
        return self._blobs.spec(path, pair.number)

    def base(self, path: str) -> str:
        """The revision in the repository that a path is in.

        Raises:
            LoadError: there is none for it.
        """
        return self._bases.of(path)

    def repository(self, folder: str) -> str:
        """The top of the one that a folder is in; '' where the environment names it."""
        if folder not in self._repositories:
            self._repositories[folder] = repository_of(os.path.realpath(folder))
        return self._repositories[folder]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._blobs is not None:
            with self._blobs:
                self._blobs = None
