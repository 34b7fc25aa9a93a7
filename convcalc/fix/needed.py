"""The changes of a repair that it needs: an earlier one may do nothing once a later one is made."""

from bisect import bisect_right
from collections.abc import Sequence

from convcalc.analysis.record import Analysis
from convcalc.fix.judged import unrepaired
from convcalc.fix.moved import Moved
from convcalc.fix.record import Change, Offer
from convcalc.fix.replaced import wrong
from convcalc.fix.settled import settled
from convcalc.fix.unsettled import unsettles
from convcalc.fix.work import Work
from convcalc.source import Source
from convcalc.spec.edit import CannotEditError, Edit, Editor


def finished(now: Analysis, changes: tuple[Change, ...], trial: Analysis, work: Work) -> Offer:
    """A repair without the changes that it repairs as much without, told of the file that there is.

    The last change is never one of them: without it there was something wrong yet. Nor is one of
    them without which a layer does not come out: its error hides those of the layers behind it,
    so that no more may be left.

    Args:
        now: the net before it.
        changes: in the order in which they were made, each of the text that those before it made.
        trial: the net with all of them.
        work: what is left to spend.
    """
    offer, number = Offer(changes, trial.network.source.text, *wrong(trial)), 0
    while number < len(offer.changes) - 1 and not work.is_over:
        fewer = _without(now.network.source, offer.changes, number, offer.text)
        if fewer is not None:
            less = work.read(now.network.source.path, fewer[1])
            work.took(less)
            other = Offer(fewer[0], fewer[1], *wrong(less))
            if other.left <= offer.left and unrepaired(less) <= unrepaired(trial):
                offer, trial = other, less
                continue
        number += 1
    moves = [Moved(change.edits) for change in offer.changes]
    told = settled(now.network, offer.changes, trial)
    return offer._replace(changes=told, unsettles=unsettles(now.network, moves, trial.network))


def _without(
    source: Source, changes: Sequence[Change], number: int, whole: str
) -> tuple[tuple[Change, ...], str] | None:
    """All changes but one, and the text that they make; None where a later one alters that one.

    Args:
        source: the file before them.
        changes: each of the text that those before it had made.
        number: which one is left out.
        whole: the text that all of them make.
    """
    text, gone, made = source.text, tuple[Edit, ...](), list[Change]()
    try:
        for place, change in enumerate(changes):
            if place == number:
                gone = change.edits
                continue
            before, moved = Editor(Source("", text)), Moved(gone)
            starts = Editor(Source("", before.apply(gone))).starts
            edits = tuple(
                Edit(moved.back(e.start), moved.back(e.end), e.text) for e in change.edits
            )
            line = bisect_right(before.starts, moved.back(starts[change.line - 1]))
            places = tuple((name, moved.back(at)) for name, at in change.places)
            made.append(change._replace(edits=edits, line=line, places=places))
            text, on = before.apply(edits), Moved(edits).on
            gone = tuple(Edit(on(e.start), on(e.end), e.text) for e in gone)
        again = Editor(Source("", text)).apply(gone)
    except CannotEditError:
        return None
    return (tuple(made), text) if again == whole else None
