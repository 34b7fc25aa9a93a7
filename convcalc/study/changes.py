"""`diff --base` of several specs: which have changed since a revision, and what that changes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from convcalc.difference import Allowance, Total, totals
from convcalc.files import Glob
from convcalc.findings import plain
from convcalc.network.record import Network
from convcalc.study.diff import Compared, diff, with_limited
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.load import Text
from convcalc.study.outcome import Case, Outcome, study
from convcalc.study.renamed import same_nets, with_renamed
from convcalc.study.since import Pair, Past, content, specs_since
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
    renamed_from: str = ""
    """What it was called; '' where it has its name still."""

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
    notes: tuple[str, ...] = ()
    """What was looked at that the configuration leaves out, and what was not."""

    @property
    def ok(self) -> bool:
        """Whether every one of them is, and all could be read."""
        return not self.failures and all(change.ok for change in self.specs)


def changes(
    base: str,
    paths: Sequence[str],
    case: Callable[[str | Text], Case],
    allowances: Sequence[Allowance] = (),
    conventions: "Sequence[Convention]" = (),
    include: tuple[Glob, ...] = (),
    trusted: bool = False,
    strict: bool = False,
    notes: Sequence[str] = (),
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
        notes: what is to be said about the choice of specs.

    Raises:
        LoadError: there is no such revision, or no git.
        RequestError: an allowance is for what cannot be counted.
    """
    failures: list[str] = []
    limits = TRUSTED if trusted else Limits()
    conventions = with_limited(conventions, allowances)
    since = specs_since(base, paths, include, limits, failures.append)
    found: dict[Pair, SpecChange] = {}
    same = since.same
    with Past(base, limits) as past:
        changed = partial(
            _change, past=past, case=case, allowances=allowances, conventions=conventions,
            strict=strict,
        )  # fmt: skip
        pairs, unpaired = with_renamed(since.pairs, past)
        for pair in pairs:
            try:
                change = changed(pair)
            except HungGitError:
                raise
            except LoadError as error:
                failures.append(str(error))
                continue
            if change is None:
                same += 1
            else:
                found[pair] = change
        for new, old in same_nets(_nets(found, "added"), _nets(found, "removed")):
            one = old._replace(path=new.path, now=True, was=old.path)
            change = changed(one)
            assert change is not None, "a spec with another name has changed"
            del found[new], found[old]
            found[one] = change
    specs = tuple(found[pair] for pair in sorted(found))
    said = (*notes, *since.notes, *unpaired)
    return Changes(plain(base), specs, same, tuple(dict.fromkeys(failures)), said)


def _nets(found: dict[Pair, SpecChange], status: Status) -> list[tuple[Pair, Network]]:
    """The nets of those that are new, or gone, and can be told from others."""
    outcomes = ((p, c.after or c.before) for p, c in found.items() if c.status == status)
    return [(p, one.network) for p, one in outcomes if one is not None and one.ok]


def _change(
    pair: Pair,
    past: Past,
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
    if not pair.was and content(path, past.limits) == was.data:
        return None
    both = diff(case(was), case(path), allowances, True, conventions, strict)
    rows, old = both.difference.totals, plain(pair.was)
    return SpecChange(plain(path), both.before, both.after, both, rows, strict, old)
