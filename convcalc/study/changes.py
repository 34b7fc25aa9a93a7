"""`diff --base` of several specs: which have changed since a revision, and what that changes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from convcalc.difference.record import Allowance, Total
from convcalc.difference.totals import totals
from convcalc.files import Glob, without_folder
from convcalc.findings import Finding, plain
from convcalc.study.diff import Compared, diff, with_limited
from convcalc.study.errors import HungGitError, LoadError
from convcalc.study.hashes import is_blob
from convcalc.study.load import Text
from convcalc.study.outcome import Case, study
from convcalc.study.past import Pair, Past
from convcalc.study.renamed import Nets, with_renamed
from convcalc.study.since import content, specs_since
from convcalc.tree.decode import TRUSTED, Limits

if TYPE_CHECKING:
    from convcalc.counting.record import Convention

Status = Literal["added", "removed", "changed"]

#: Layers, now and then, of all specs that are compared: what differs is kept, some 2 KB a layer. A
#: thousand specs of a thousand layers are within it.
MOST_LAYERS = 2_000_000


class SpecChange(NamedTuple):
    """One spec that is not as it was."""

    path: str
    """What findings call it."""
    status: Status
    """What became of it."""
    errors: tuple[Finding, ...]
    """Those of the spec that is there now."""
    compared: Compared | None
    """Both side by side; None where there is one alone."""
    totals: tuple[Total, ...]
    """The numbers of the whole net before and after; 0 where there is none."""
    strict: bool = False
    """Any difference is one too many."""
    renamed_from: str = ""
    """What it was called; '' where it has its name still."""
    layers: int = 0
    """How many were read for it, now and then."""
    notes: tuple[str, ...] = ()
    """Of which of the two training is an estimate."""

    @property
    def ok(self) -> bool:
        """Whether the spec that is there now has no error, and grew by no more than it may."""
        if self.compared is not None:
            return self.compared.ok
        return not self.strict and not self.errors


class Changes(NamedTuple):
    """All specs that are not as they were at a revision, by name."""

    base: str
    specs: tuple[SpecChange, ...]
    same: int
    """How many others are as they were."""
    failures: tuple[str, ...]
    """What could not be read, in order."""
    notes: tuple[str, ...] = ()
    """What was looked at that the configuration leaves out, what was not, and whose training is an
    estimate."""

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
    if without_folder():
        raise LoadError(without_folder())
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
        named = Nets() if {"added", "removed"} <= {*map(_status, pairs)} else None
        past.expect(pairs)
        read = 0
        for number, pair in enumerate(pairs):
            if read >= MOST_LAYERS and not trusted:
                failures.append(
                    f"{len(pairs) - number:,} of {len(pairs):,} specs are not compared: those "
                    f"before them have {read:,} layers, now and then, and {MOST_LAYERS:,} are the "
                    "most (--trusted lifts it)"
                )
                break
            try:
                change = changed(pair, nets=named)
            except HungGitError:
                raise
            except LoadError as error:
                failures.append(str(error))
                continue
            if change is None:
                same += 1
            else:
                found[pair] = change
                read += change.layers
        for new, old in named.same() if named else ():
            one = old._replace(path=new.path, now=True, was=old.path)
            change = changed(one)
            assert change is not None, "a spec with another name has changed"
            del found[new], found[old]
            found[one] = change
    specs = tuple(found[pair] for pair in sorted(found))
    said = (*notes, *since.notes, *unpaired, *(note for spec in specs for note in spec.notes))
    return Changes(plain(base), specs, same, tuple(dict.fromkeys(failures)), said)


def _status(pair: Pair) -> Status:
    return "changed" if pair.now and pair.then else "added" if pair.now else "removed"


def _change(
    pair: Pair,
    past: Past,
    case: Callable[[str | Text], Case],
    allowances: Sequence[Allowance],
    conventions: "Sequence[Convention]",
    strict: bool,
    nets: Nets | None = None,
) -> SpecChange | None:
    """What has become of a spec; None where it is as it was.

    Of a spec that is new or gone, its numbers alone are kept: there may be very many. One without
    errors is added to the `nets` that are held against each other.

    Raises:
        LoadError: it cannot be read, now or then.
    """
    path, status = plain(pair.path), _status(pair)
    was = past.spec(pair) if pair.then else None
    if was is None or not pair.now:
        one = study(case(pair.path if was is None else was))
        before, after = (None, one.analysis) if was is None else (one.analysis, None)
        rows = totals(before, after, conventions)
        if nets is not None and one.ok:
            nets.add(pair, one.network)
        errors = one.errors if was is None else ()
        layers = len(one.network.steps)
        said = (one.training_estimate,) if one.training_estimate else ()
        return SpecChange(path, status, errors, None, rows, strict, layers=layers, notes=said)
    data = None if pair.was else content(pair.path, past.limits)
    if data is not None and (data == was.data or is_blob(data, pair.number)):
        return None
    both = diff(case(was), case(pair.path), allowances, True, conventions, strict)
    rows, old = both.difference.totals, plain(pair.was)
    if both.before.analysis.uncertain and not both.before.analysis.broken:
        rows = tuple(total._replace(before=None) for total in rows)  # those of one reading
    layers = len(both.before.network.steps) + len(both.after.network.steps)
    errors = both.after.errors
    return SpecChange(path, status, errors, both, rows, strict, old, layers, both.notes)
