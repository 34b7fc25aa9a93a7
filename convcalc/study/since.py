"""Which specs may have changed since a revision, and what they were."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple, Self

from convcalc.files import Glob, read_at_most
from convcalc.findings import plain
from convcalc.study.blobs import Blobs
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.files import spec_files
from convcalc.study.hashes import is_blob
from convcalc.study.linked import linked_before, refuse_former_file, refuse_led, relinked
from convcalc.study.load import Text
from convcalc.study.matching import Matching
from convcalc.study.nested import Bases
from convcalc.study.passed_over import PassedOver, passed_over
from convcalc.study.revision import Committed, committed, is_spec, spec_at
from convcalc.study.unseen import is_there, unseen
from convcalc.study.worktree import not_checked_out, repository_of
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


class Found(NamedTuple):
    """The specs that may have changed, by name."""

    pairs: list[Pair]
    same: int
    """How many others have not."""
    notes: tuple[str, ...]
    """What was left out, and why."""


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


def specs_since(
    base: str,
    paths: Iterable[str],
    include: tuple[Glob, ...],
    limits: Limits,
    failure: Callable[[str], None],
) -> Found:
    """The specs that may have changed since a revision.

    Args:
        base: the git revision.
        paths: files and folders of the working tree, or that were in it.
        include: patterns that files in folders must match.
        limits: how much of a spec is read.
        failure: what to do with a sentence about a spec or link that is not looked at for it.

    Raises:
        LoadError: there is no such revision, or no git; a folder has become another repository,
            or a link.
        PatternsError: matching takes too long.
    """
    paths = tuple(paths)
    bases = Bases(base).checked(paths)
    refuse_led(bases)
    found: dict[str, Pair] = {}
    same: set[str] = set()
    others: dict[str, None] = {}
    compared = {os.path.realpath(path) for path in paths}
    notes: list[str] = []
    matching = Matching()
    named = {own: _Named(own, matching) for own in bases.values()}
    walks: list[PassedOver] = []
    for path, own_base in bases.items():
        if not os.path.isdir(path):
            pairs = named[own_base].pairs(path, include, failure)
            gone = {pair.path: pair.folder or os.curdir for pair in pairs if not pair.now}
            sparse = {name for folder in {*gone.values()} for name in _sparse(folder)} & gone.keys()
            notes += _left_out(sparse, path)
            found |= {pair.path: pair for pair in pairs if pair.path not in sparse}
            continue
        listing = committed(own_base, path, below=True)
        if not listing:
            refuse_former_file(own_base, path)
        earlier = {
            os.path.normpath(os.path.join(path, name)): entry.number
            for name, entry in listing.items()
            if is_spec(name, entry) and matching(os.path.join(path, name), include)
        }
        files = spec_files(
            (path,), include, lambda found: failure(found.message), bool(earlier),
            matching=matching, walks=walks,
        )  # fmt: skip
        now = set()
        links = []
        for name in map(os.path.normpath, files):
            other = _repository_of(name, os.path.normpath(path))
            if other:
                others[other] = None
            elif name in earlier or not os.path.islink(name):
                now.add(name)
            else:
                links.append(name)
        moved = relinked(own_base, path, {*now, *links}, listing, failure)
        earlier |= moved
        links = [name for name in links if name not in moved]
        there_themselves = {os.path.realpath(name) for name in now} if links else set()
        links = [name for name in links if os.path.realpath(name) not in there_themselves]
        now.update(links)  # `include` leaves out what they lead to
        led = linked_before(links, path, listing)
        now.update(moved)
        earlier |= led
        sparse = _sparse(path) if earlier.keys() - now else set()
        sparse &= earlier.keys() - now
        notes += _left_out(sparse, path)
        hidden = unseen(earlier.keys() - now - sparse, failure)
        for name in sorted({*now, *earlier} - sparse - hidden):
            there = name in now
            place = os.path.realpath(name) if name in led else name
            data = content(place, limits) if there and name in earlier else None
            if data is not None and is_blob(data, earlier[name]):
                same.add(name)
            elif there or not os.path.islink(name):
                found[name] = Pair(name, there, name in earlier, path, earlier.get(name, ""))
    notes += [
        f"left out {plain(other)}, a repository of its own: "
        f"`convcalc diff --base REVISION {plain(other)}` compares its specs"
        for other in others
        if os.path.realpath(other) not in compared
    ]
    passed = passed_over(walks, paths)
    notes += [passed] if passed else []
    return Found([found[name] for name in sorted(found)], len(same - set(found)), tuple(notes))


def _left_out(sparse: set[str], path: str) -> list[str]:
    """What is to be said of specs that are not checked out."""
    if not sparse:
        return []
    count = f"{len(sparse):,} spec{'s' * (len(sparse) > 1)}"
    return [f"left out {count} of {plain(path)} that the sparse checkout leaves out"]


def _sparse(folder: str) -> set[str]:
    """The files below a folder that are not checked out, and not gone for that.

    Raises:
        LoadError: git does not take it for part of a working tree: it lists the repository's own
            top there, of which nothing bears its name.
    """
    return {os.path.normpath(os.path.join(folder, name)) for name in not_checked_out(folder)}


def content(name: str, limits: Limits) -> bytes | None:
    """A file's bytes; None for a link, and for what cannot be read."""
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        return read_at_most(name, most, follow=False)
    except (OSError, ValueError):
        return None


class _Named:
    """Specs that were named themselves, and folders that are there no more."""

    def __init__(self, base: str, matching: Matching) -> None:
        self._base = base
        self._listings: dict[tuple[str, bool], dict[str, Committed]] = {}
        self._matching = matching

    def pairs(
        self, path: str, include: tuple[Glob, ...], failure: Callable[[str], None]
    ) -> list[Pair]:
        """The spec now and then, or those that were in the folder."""
        name = os.path.normpath(path)
        try:
            now = is_there(path)
        except OSError as error:
            failure(f"cannot look at {plain(path)}: {error.strerror}")
            return []
        folder = os.path.dirname(name)
        while folder and not os.path.isdir(folder):  # it is gone with all that was in it
            folder = os.path.dirname(folder)
        inside = os.path.relpath(name, folder or os.curdir).replace(os.sep, "/")
        try:
            listing = self._listing(folder or os.curdir, not now)
        except HungGitError:
            raise
        except LoadError:  # the index, as ":0": git knows its files, each by its name
            return [Pair(name, True, True)]
        if not listing:
            refuse_former_file(self._base, folder)
        entry = listing.get(inside)
        if entry is None and not now:
            below = {
                file.removeprefix(f"{inside}/"): old
                for file, old in listing.items()
                if file.startswith(f"{inside}/") and is_spec(file, old)
            }
            if not below:
                failure(f"no {plain(path)} at {plain(self._base)}, nor in the working tree")
            return [
                Pair(os.path.join(name, file), False, True, folder or os.curdir, old.number)
                for file, old in below.items()
                if self._matching(os.path.join(name, file), include)
            ]
        if entry is not None and not entry.is_file:
            failure(f"no {plain(path)} at {plain(self._base)}: it was no file")
            return []
        number = "" if entry is None else entry.number
        return [Pair(name, now, entry is not None, folder or os.curdir, number)]

    def _listing(self, folder: str, below: bool) -> dict[str, Committed]:
        key = (folder, below)
        if key not in self._listings:
            self._listings[key] = committed(self._base, folder, below)
        return self._listings[key]


def _repository_of(name: str, folder: str) -> str:
    """The repository of its own, such as a submodule, that a file below a folder lies in; or ''."""
    place = os.path.dirname(name)
    found = ""
    while place not in {folder, ""} and len(place) > len(folder if folder != os.curdir else ""):
        if os.path.lexists(os.path.join(place, ".git")):
            found = place
        place = os.path.dirname(place)
    return found
