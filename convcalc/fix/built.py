"""Whole nets as the frameworks would build them, made one change after another and read again."""

from collections.abc import Callable, Iterator

from convcalc.analysis.record import Analysis
from convcalc.fix.frameworks import Made, padded_by_half, rounded, trimmed
from convcalc.fix.judged import first_fault
from convcalc.fix.needed import finished
from convcalc.fix.record import Change, Offer, errors_left
from convcalc.fix.replaced import wrong
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.spec.edit import Editor


def of_frameworks(now: Analysis, known: int, work: Work) -> Iterator[Offer]:
    """What the frameworks would build: rounding down, and what comes to the same without it."""
    fault = first_fault(now, False)
    if fault is None or fault.code not in {"CC101", "CC103"}:
        return
    for repair in (padded_by_half, trimmed, rounded):
        changes, last = built(now, repair, work)
        if changes and errors_left(wrong(last)[0])[0] <= known:
            yield finished(now, changes, last, work)


def built(
    now: Analysis,
    repair: Callable[[Network, int | None, Made], tuple[Change, ...]],
    work: Work,
) -> tuple[tuple[Change, ...], Analysis]:
    """The changes of one repair of `frameworks`, and what it makes of a net."""
    path, trials = now.network.source.path, [now]

    def lost(analysis: Analysis) -> int | None:
        fault = first_fault(analysis, False)
        names = [step.name for step in analysis.network.steps]
        return None if fault is None or fault.layer not in names else names.index(fault.layer)

    def made(network: Network, change: Change) -> tuple[Network, int | None]:
        text = Editor(network.source).apply(change.edits)
        trials.append(work.read(path, text))
        return trials[-1].network, lost(trials[-1])

    return repair(now.network, lost(now), made), trials[-1]
