"""The search for repairs: every change is made, the whole spec read and analyzed again."""

from bisect import bisect_right
from collections.abc import Callable, Iterator

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.candidates import changed
from convcalc.fix.channels import reordered
from convcalc.fix.classes import was_class
from convcalc.fix.frameworks import Made, padded_by_half, rounded, trimmed
from convcalc.fix.judged import (
    REPAIRABLE,
    breaks,
    first_fault,
    is_wrong_itself,
    keeps_input,
    moved_on,
    will_do,
)
from convcalc.fix.mistaken import mistaken
from convcalc.fix.moved import back
from convcalc.fix.record import Change, Offer
from convcalc.fix.replaced import wrong
from convcalc.fix.restated import restated
from convcalc.fix.settled import settled
from convcalc.fix.words import replaced
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.source import Source
from convcalc.spec.edit import Editor

_DEEPEST = 8  #: changes in one offer
_BEAM = 3  #: unfinished repairs that are followed further
_TRIALS = 60  #: analyses of one spec, fewer of a long one
_LAYERS = 30_000  #: layers that all analyses together may have


def offers(network: Network, work: Work | None = None, beside: bool = False) -> list[Offer]:
    """Repairs of a spec, best first; none where nothing is wrong that an edit can repair.

    Words whose correction is unambiguous are replaced first, in every offer. What keeps the totals
    that the file states comes first, then what keeps the weights (padding; rounding down alone, if
    no input is lost by it), then a kernel, rounding up, the input or a stride, rounding down alone
    that loses input last; among those alike fewer changes, and smaller steps before larger. Where
    one change will do, none of two is offered, except to spare the input, for what frameworks
    would build and for crops, one at each merge. Where the layer is a class of PyTorch's or
    Keras', rounding down comes first: it is what they compute.
    What a file expects of a net with nothing else wrong is stated anew.
    What is found when the `work` is over has to do. Where there are errors, what mends a loss of
    input and none of them is no repair, unless losses `beside` errors are asked for; where there
    are none, neither is what makes one: the numbers that the file states hold. What is turned off,
    by the file or by the selection that the work is for, is not repaired.
    """
    work = work or Work()
    now = work.heard(network)
    words = replaced(now, work)
    sizing = work.again()
    if words is None:
        promised, meant_so = restated(now, work), mistaken(now, work)
        return _with_mistakes(
            now, meant_so, [*_sized(now, sizing, beside), *([promised] if promised else [])]
        )
    meant, then = words
    sized = _sized(then, sizing, beside)
    fault = first_fault(then, False)
    step = next((s for s in then.network.steps if fault and s.name == fault.layer), None)
    if step is not None and was_class(step, then, meant.words, network):
        sized.sort(key=lambda offer: (len(offer.errors), not offer.only_floors))
    found = [
        offer._replace(changes=(*meant.changes, *_lines_before(offer, meant, network)))
        for offer in sized
    ]
    return [meant, *found] if not meant.errors or not found else found


def _with_mistakes(now: Analysis, meant: Offer | None, others: list[Offer]) -> list[Offer]:
    """Repairs with what puts likely mistakes right: before those that leave no less wrong.

    What goes wrong below such a mistake comes of it, where its repair has fewer errors. Beside
    errors that it leaves all, a repair of it is none.
    """
    if meant is None:
        return others
    errors, losses = len(wrong(now)[0]), wrong(now)[1]
    if errors and len(meant.errors) == errors:
        return others
    best = min(((len(o.errors), o.warnings) for o in others), default=(errors, losses))
    if (len(meant.errors), meant.warnings) <= best:
        return [meant, *others]
    return [*others, meant]


def _lines_before(offer: Offer, meant: Offer, network: Network) -> Iterator[Change]:
    """The changes of a repair of what words made, with the lines of the file that there is."""
    after, before = Editor(Source("", meant.text)), Editor(network.source)
    for change in offer.changes:
        at = after.starts[change.line - 1]
        at += len(after.text[at:]) - len(after.text[at:].lstrip(" -"))
        yield change._replace(line=bisect_right(before.starts, back(meant.words, at)))


def _sized(now: Analysis, work: Work, beside: bool) -> list[Offer]:
    """Repairs of sizes, best first."""
    network, fault = now.network, first_fault(now, False)
    if fault is None:
        return []
    errors_only = fault.severity is Severity.ERROR  # then a rounding that loses input will do
    open_offers = [Offer((), network.source.text, *wrong(now))]
    open_errors = frozenset(wrong(now)[0])
    known = sum(code not in REPAIRABLE for code in wrong(now)[0])
    found: dict[str, Offer] = {}
    cropping = False  # something will do: only crops are followed, which are one at each merge
    trials, most = 0, max(10, min(_TRIALS, _LAYERS // len(network.steps)))
    for _ in range(_DEEPEST):
        unfinished: dict[str, Offer] = {}
        for offer in open_offers:
            before = now if not offer.changes else _read_again(network.source.path, offer, work)
            old = first_fault(before, False)
            for change, text in changed(before.network, first_fault(before, errors_only), work):
                if cropping and not change.crops:
                    continue
                trials += 1
                if trials > most or work.is_over:
                    work.skipped(f"more than {trials - 1} edits")
                    break
                trial = work.read(network.source.path, text)
                work.took(trial)
                better = Offer((*offer.changes, change), text, *wrong(trial))
                if breaks(better, open_errors):
                    continue
                if first_fault(trial, errors_only) is None and is_wrong_itself(trial, change):
                    continue
                if first_fault(trial, errors_only) is None:
                    told = settled(network, better.changes, trial)
                    found.setdefault(text, better._replace(changes=told))
                elif moved_on(old, trial, change.inserts):
                    unfinished.setdefault(text, better)
        cropping = cropping or any(will_do(offer, known) for offer in found.values())
        begun = [o for o in unfinished.values() if not cropping or all(c.crops for c in o.changes)]
        if work.is_over or not begun:
            break
        open_offers = sorted(begun, key=lambda offer: offer.rank)[: 1 if cropping else _BEAM]
    simple = [o for o in found.values() if keeps_input(o) or len(o.changes) == 1]
    simple = simple or list(found.values())
    for usual in () if work.is_over else _of_frameworks(now, known, work):
        if usual.text not in {offer.text for offer in simple}:
            simple.append(usual)
    best = [*_reordered(now, work), *_best_first(simple)]
    errors = len(wrong(now)[0])
    if not errors_only:  # a loss of input is no reason for an error that was not there
        most = errors if beside or not errors else errors - 1
        if not errors:
            work.breaks(code for offer in best for code in offer.errors)
        return [offer for offer in best if len(offer.errors) <= most]
    return best


def _reordered(now: Analysis, work: Work) -> list[Offer]:
    """Repairs with the input in the order of sizes that was probably meant, if it has fewer errors.

    They come first: what else would be edited is right where the input is.
    """
    change = None if work.is_over else reordered(now)
    if change is None:
        return []
    path, source = now.network.source.path, now.network.source
    trial = work.read(path, Editor(source).apply(change.edits))
    alone = Offer((change,), trial.network.source.text, *wrong(trial))
    sized = _sized(trial, work, True)
    further = [o._replace(changes=(change, *o.changes)) for o in sized] or [alone]
    return further if len(further[0].errors) < len(wrong(now)[0]) else []


def _best_first(offers: list[Offer]) -> list[Offer]:
    """By rank, but rounding down alone is never first where anything else leaves as little wrong.

    `--write` makes the first one: what puts up with a remainder is for the author to choose. It
    comes next where the first makes the same sizes, and before what makes another net of several
    layers.
    """
    ranked = sorted(offers, key=lambda offer: offer.rank)
    downs = [offer for offer in ranked if offer.only_floors]
    if not downs:
        return ranked
    if ranked[0] is downs[0]:
        left = len(ranked[0].errors), ranked[0].warnings
        for other in ranked:
            if not other.only_floors and (len(other.errors), other.warnings) == left:
                ranked.remove(other)
                ranked.insert(0, other)
                break
    place = ranked.index(downs[0])
    several = (at for at, offer in enumerate(ranked) if offer.reach > 2 and len(offer.changes) > 1)
    place = 1 if ranked[0].only_trims else min(place, max(1, next(several, place)))
    ranked.remove(downs[0])
    ranked.insert(place, downs[0])
    return ranked


def _of_frameworks(now: Analysis, known: int, work: Work) -> Iterator[Offer]:
    """What the frameworks would build: rounding down, and what comes to the same without it."""
    fault = first_fault(now, False)
    if fault is None or fault.code not in {"CC101", "CC103"}:
        return
    for repair in (padded_by_half, trimmed, rounded):
        offer = _built(now, repair, known, work)
        if offer is not None:
            yield offer


def _built(
    now: Analysis,
    repair: Callable[[Network, int | None, Made], tuple[Change, ...]],
    known: int,
    work: Work,
) -> Offer | None:
    """What one repair of `frameworks` makes of a net, if nothing is wrong with it then."""
    path, trials = now.network.source.path, [now]

    def lost(analysis: Analysis) -> int | None:
        fault = first_fault(analysis, False)
        names = [step.name for step in analysis.network.steps]
        return None if fault is None or fault.layer not in names else names.index(fault.layer)

    def made(network: Network, change: Change) -> tuple[Network, int | None]:
        text = Editor(network.source).apply(change.edits)
        trials.append(work.read(path, text))
        return trials[-1].network, lost(trials[-1])

    changes, last = repair(now.network, lost(now), made), trials[-1]
    errors, warnings = wrong(last)
    if not changes or len(errors) > known:
        return None
    return Offer(settled(now.network, changes, last), last.network.source.text, errors, warnings)


def _read_again(path: str, offer: Offer, work: Work) -> Analysis:
    """The net of an unfinished repair."""
    found = work.read(path, offer.text)
    work.took(found)
    return found
