"""`diff --base` of several specs: which have changed since a revision, and what that changes."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from convcalc.difference import Allowance, Total, totals
from convcalc.files import read_at_most
from convcalc.findings import plain
from convcalc.study.diff import Compared, diff, with_limited
from convcalc.study.errors import LoadError
from convcalc.study.files import matches, spec_files
from convcalc.study.load import Text
from convcalc.study.outcome import Case, Outcome, study
from convcalc.study.revision import is_blob, spec_at, specs_below
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
        return self.after is None or self.after.ok


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


def changes(
    base: str,
    paths: Sequence[str],
    case: Callable[[str | Text], Case],
    allowances: Sequence[Allowance] = (),
    conventions: "Sequence[Convention]" = (),
    include: tuple[str, ...] = (),
    trusted: bool = False,
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

    Raises:
        LoadError: there is no such revision, or no git.
        RequestError: an allowance is for what cannot be counted.
    """
    failures: list[str] = []
    limits = TRUSTED if trusted else Limits()
    conventions = with_limited(conventions, allowances)
    found: list[SpecChange] = []
    pairs, same = _pairs(base, paths, include, limits, failures)
    for path, now, then, folder in pairs:
        try:
            was = spec_at(base, path, limits, folder) if then else None
            if was is None:
                after = study(case(path))
                rows = totals(None, after.analysis, conventions)
                found.append(SpecChange(plain(path), None, after, None, rows))
            elif not now:
                before = study(case(was))
                rows = totals(before.analysis, None, conventions)
                found.append(SpecChange(plain(path), before, None, None, rows))
            elif _read(path, limits) == was.data:
                same += 1
            else:
                both = diff(case(was), case(path), allowances, past=True, conventions=conventions)
                rows = both.difference.totals
                found.append(SpecChange(plain(path), both.before, both.after, both, rows))
        except LoadError as error:
            failures.append(str(error))
    return Changes(plain(base), tuple(found), same, tuple(dict.fromkeys(failures)))


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
                found[name] = _Pair(name, there, name in earlier, path)
    return [found[name] for name in sorted(found)], len(same - set(found))


def _read(name: str, limits: Limits) -> bytes | None:
    """A file's bytes; None for a link, and for what cannot be read."""
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        return read_at_most(name, most, follow=False)
    except (OSError, ValueError):
        return None
