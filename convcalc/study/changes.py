"""`diff --base` of several specs: which have changed since a revision, and what that changes."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from convcalc.difference import Allowance, Total, totals
from convcalc.files import read_at_most
from convcalc.findings import plain
from convcalc.study.diff import Compared, diff, with_limited
from convcalc.study.errors import LoadError
from convcalc.study.files import matches, spec_files
from convcalc.study.load import Text
from convcalc.study.outcome import Case, Outcome, study
from convcalc.study.revision import Blobs, is_blob, spec_at, specs_below
from convcalc.tree.decode import TRUSTED, Limits

if TYPE_CHECKING:
    from convcalc.counting.record import Convention

Status = Literal["added", "removed", "changed"]


class SpecChange(NamedTuple):
    """One spec that is not as it was."""

    path: str
    """What findings call it."""
    before: Outcome | None
    """None for a spec that is new."""
    after: Outcome | None
    """None for a spec that is there no more."""
    compared: Compared | None
    """Both side by side; None where there is one alone."""
    totals: tuple[Total, ...]
    """The numbers of the whole net before and after; 0 where there is none."""
    strict: bool = False
    """Any difference is one too many."""

    @property
    def status(self) -> Status:
        """What became of it."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def ok(self) -> bool:
        """Whether the spec that is there now has no error, and grew by no more than it may."""
        if self.compared is not None:
            return self.compared.ok
        return not self.strict and (self.after is None or self.after.ok)


class Changes(NamedTuple):
    """All specs that are not as they were at a revision, by name."""

    base: str
    specs: tuple[SpecChange, ...]
    same: int
    """How many others are as they were."""
    failures: tuple[str, ...]
    """What could not be read, in order."""

    @property
    def ok(self) -> bool:
        """Whether every one of them is, and all could be read."""
        return not self.failures and all(change.ok for change in self.specs)


class _Pair(NamedTuple):
    """A spec now and then."""

    path: str
    now: bool
    then: bool
    folder: str | None = None
    """The folder that was named; None for a file that was named itself."""
    number: str = ""
    """Git's hash of it as it was, in a folder that was named."""


def changes(
    base: str,
    paths: Sequence[str],
    case: Callable[[str | Text], Case],
    allowances: Sequence[Allowance] = (),
    conventions: "Sequence[Convention]" = (),
    include: tuple[str, ...] = (),
    trusted: bool = False,
    strict: bool = False,
) -> Changes:
    """What has changed since a revision in some specs and in folders of them.

    Args:
        base: the git revision.
        paths: files and folders of the working tree.
        case: how a spec is studied.
        allowances: by how much each spec that was there before may grow.
        conventions: their counts are further totals.
        include: patterns that files in folders must match.
        trusted: read specs of any size.
        strict: no spec may differ at all, be new or be gone.

    Raises:
        LoadError: there is no such revision, or no git.
        RequestError: an allowance is for what cannot be counted.
    """
    failures: list[str] = []
    limits = TRUSTED if trusted else Limits()
    conventions = with_limited(conventions, allowances)
    found: list[SpecChange] = []
    pairs, same = _pairs(base, paths, include, limits, failures)
    with _Past(base, limits) as past:
        for pair in pairs:
            try:
                change = _change(pair, past, case, allowances, conventions, strict)
            except LoadError as error:
                failures.append(str(error))
                continue
            if change is None:
                same += 1
            else:
                found.append(change)
    return Changes(plain(base), tuple(found), same, tuple(dict.fromkeys(failures)))


def _change(
    pair: _Pair,
    past: "_Past",
    case: Callable[[str | Text], Case],
    allowances: Sequence[Allowance],
    conventions: "Sequence[Convention]",
    strict: bool,
) -> SpecChange | None:
    """What has become of a spec; None where it is as it was.

    Raises:
        LoadError: it cannot be read, now or then.
    """
    path = pair.path
    was = past.spec(pair) if pair.then else None
    if was is None:
        after = study(case(path))
        rows = totals(None, after.analysis, conventions)
        return SpecChange(plain(path), None, after, None, rows, strict)
    if not pair.now:
        before = study(case(was))
        rows = totals(before.analysis, None, conventions)
        return SpecChange(plain(path), before, None, None, rows, strict)
    if _read(path, past.limits) == was.data:
        return None
    both = diff(case(was), case(path), allowances, True, conventions, strict)
    return SpecChange(plain(path), both.before, both.after, both, both.difference.totals, strict)


class _Past:
    """The specs of a revision, by folder; a context manager. One git runs for a folder's specs."""

    def __init__(self, base: str, limits: Limits) -> None:
        self.limits = limits
        self._base, self._folder = base, ""
        self._blobs: Blobs | None = None

    def spec(self, pair: _Pair) -> Text:
        """A spec as it was.

        Raises:
            LoadError: git does not have it, or there is no git.
        """
        if pair.folder is None:
            return spec_at(self._base, pair.path, self.limits)
        if self._blobs is None or pair.folder != self._folder:
            self._close()
            self._folder = pair.folder
            self._blobs = Blobs(self._base, pair.folder, self.limits)
        return self._blobs.spec(pair.path, pair.number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._blobs is not None:
            with self._blobs:
                self._blobs = None


def _pairs(
    base: str,
    paths: Iterable[str],
    include: tuple[str, ...],
    limits: Limits,
    failures: list[str],
) -> tuple[list[_Pair], int]:
    """The specs that may have changed, by name, and how many others have not."""
    found: dict[str, _Pair] = {}
    same: set[str] = set()
    for path in paths:
        if not os.path.isdir(path):
            name = os.path.normpath(path)
            found[name] = _Pair(name, True, True)
            continue
        earlier = {
            os.path.normpath(os.path.join(path, name)): number
            for name, number in specs_below(base, path).items()
            if matches(name, include)
        }
        files = spec_files((path,), include, failures.append, may_be_empty=bool(earlier))
        names = map(os.path.normpath, files)
        now = {n for n in names if n in earlier or not os.path.islink(n)}  # its target is there
        for name in sorted({*now, *earlier}):
            there = name in now
            data = _read(name, limits) if there and name in earlier else None
            if data is not None and is_blob(data, earlier[name]):
                same.add(name)
            elif there or not os.path.islink(name):
                found[name] = _Pair(name, there, name in earlier, path, earlier.get(name, ""))
    return [found[name] for name in sorted(found)], len(same - set(found))


def _read(name: str, limits: Limits) -> bytes | None:
    """A file's bytes; None for a link, and for what cannot be read."""
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        return read_at_most(name, most, follow=False)
    except (OSError, ValueError):
        return None
