"""Which specs may have changed since a revision, and what they were."""

import os
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from convcalc.files import Glob, read_at_most
from convcalc.findings import plain
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.files import spec_files
from convcalc.study.hashes import is_blob
from convcalc.study.linked import linked_before, refuse_former_file, refuse_led, relinked
from convcalc.study.matching import Matching
from convcalc.study.nested import Bases
from convcalc.study.passed_over import PassedOver, passed_over
from convcalc.study.past import Pair
from convcalc.study.revision import Committed, committed, is_spec
from convcalc.study.unseen import is_there, unseen
from convcalc.study.worktree import not_checked_out
from convcalc.tree.decode import Limits


class Found(NamedTuple):
    """The specs that may have changed, by name."""

    pairs: list[Pair]
    same: int
    """How many others have not."""
    notes: tuple[str, ...]
    """What was left out, and why."""


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
    found = _Search(include, limits, failure)
    for path, own_base in bases.items():
        if os.path.isdir(path):
            found.below(path, own_base)
        else:
            found.named(path, own_base)
    compared = {os.path.realpath(path) for path in paths}
    notes = found.notes + [
        f"left out {plain(other)}, a repository of its own: "
        f"`convcalc diff --base REVISION {plain(other)}` compares its specs"
        for other in found.others
        if os.path.realpath(other) not in compared
    ]
    passed = passed_over(found.walks, paths)
    notes += [passed] if passed else []
    pairs = [found.pairs[name] for name in sorted(found.pairs)]
    return Found(pairs, len(found.same - found.pairs.keys()), tuple(notes))


class _Search:
    """What was found of the paths so far."""

    def __init__(
        self, include: tuple[Glob, ...], limits: Limits, failure: Callable[[str], None]
    ) -> None:
        self.include = include
        self.limits = limits
        self.failure = failure
        self.matching = Matching()
        self.pairs: dict[str, Pair] = {}
        self.same: set[str] = set()
        self.others: dict[str, None] = {}
        """Repositories of their own, in the order that they were met."""
        self.notes: list[str] = []
        self.walks: list[PassedOver] = []
        self._named: dict[str, _Named] = {}

    def named(self, path: str, base: str) -> None:
        """A spec that was named itself, or a folder that is there no more."""
        named = self._named.setdefault(base, _Named(base, self.matching))
        pairs = named.pairs(path, self.include, self.failure)
        gone = {pair.path: pair.folder or os.curdir for pair in pairs if not pair.now}
        sparse = {name for folder in {*gone.values()} for name in _sparse(folder)} & gone.keys()
        self.notes += _left_out(sparse, path)
        self.pairs |= {pair.path: pair for pair in pairs if pair.path not in sparse}

    def below(self, path: str, base: str) -> None:
        """The specs below a folder, now and then."""
        listing = committed(base, path, below=True)
        if not listing:
            refuse_former_file(base, path)
        earlier = {
            os.path.normpath(os.path.join(path, name)): entry.number
            for name, entry in listing.items()
            if is_spec(name, entry) and self.matching(os.path.join(path, name), self.include)
        }
        now, links = self._there(path, earlier)
        moved = relinked(base, path, {*now, *links}, listing, self.failure)
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
        self.notes += _left_out(sparse, path)
        hidden = unseen(earlier.keys() - now - sparse, self.failure)
        for name in sorted({*now, *earlier} - sparse - hidden):
            there = name in now
            place = os.path.realpath(name) if name in led else name
            data = content(place, self.limits) if there and name in earlier else None
            if data is not None and is_blob(data, earlier[name]):
                self.same.add(name)
            elif there or not os.path.islink(name):
                number = earlier.get(name, "")
                self.pairs[name] = Pair(name, there, name in earlier, path, number)

    def _there(self, path: str, earlier: Collection[str]) -> tuple[set[str], list[str]]:
        """The specs below a folder that are there, and links to specs that are new.

        Those in a repository of its own are left out.
        """
        files = spec_files(
            (path,), self.include, lambda found: self.failure(found.message), bool(earlier),
            matching=self.matching, walks=self.walks,
        )  # fmt: skip
        now, links = set(), []
        for name in map(os.path.normpath, files):
            other = _repository_of(name, os.path.normpath(path))
            if other:
                self.others[other] = None
            elif name in earlier or not os.path.islink(name):
                now.add(name)
            else:
                links.append(name)
        return now, links


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
