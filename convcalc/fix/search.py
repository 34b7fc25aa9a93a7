"""The search for repairs: every change is made, the whole spec read and analyzed again."""

from bisect import bisect_right
from collections.abc import Iterator

from convcalc.analysis.record import Analysis
from convcalc.findings import ON_TOTALS, Finding, Severity
from convcalc.fix.admissible import admissible, is_admissible
from convcalc.fix.built import built, of_frameworks
from convcalc.fix.candidates import changed
from convcalc.fix.channels import reordered
from convcalc.fix.classes import was_class
from convcalc.fix.frameworks import rounded
from convcalc.fix.judged import (
    REPAIRABLE,
    betters,
    breaks,
    first_fault,
    is_wrong_itself,
    keeps_input,
    leaves_out,
    moved_on,
    will_do,
)
from convcalc.fix.mistaken import mistaken
from convcalc.fix.moved import back
from convcalc.fix.needed import finished
from convcalc.fix.ranked import best_first
from convcalc.fix.readings import READINGS, alternatives, is_open
from convcalc.fix.record import Change, Offer, errors_left
from convcalc.fix.replaced import wrong
from convcalc.fix.restated import restated
from convcalc.fix.segments_meant import segments_meant
from convcalc.fix.settled import joined
from convcalc.fix.short_outputs import kept
from convcalc.fix.valid_nets import cropped_before_mixed
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
    by the file or by the selection that the work is for, is not repaired. Of what may be read in
    two ways both are followed.
    """
    work = work or Work()
    work.before = network
    now = work.heard(network)
    if not work.reading and any(map(is_open, now.findings)):
        return alternatives(offers(network, work.again(one), beside) for one in READINGS)
    words = replaced(now, work)
    sizing = work.again()
    if words is None:
        meant_so = (segments_meant(now, work), kept(now, work), restated(now, work))
        stated = [offer for offer in meant_so if offer]
        sized = [*_numbered(now, sizing, beside), *stated]
        return _with_mistakes(now, mistaken(now, work), sized)
    meant, then = words
    likely = mistaken(then, work)
    sized = _with_mistakes(then, likely, _numbered(then, sizing, beside))
    fault = first_fault(then, False)
    step = next((s for s in then.network.steps if fault and s.name == fault.layer), None)
    if step is not None and was_class(step, then, meant.words, network):
        sized.sort(key=lambda offer: (*offer.left[:2], not offer.only_floors))
    found = [
        offer._replace(changes=(*meant.changes, *_lines_before(offer, meant, network)))
        for offer in sized
    ]
    if found and meant.left[0]:
        return found
    first = int(likely is not None and sized[0] is likely)
    told = [*found[:first], meant, *found[first:]]
    return sorted(told, key=lambda offer: offer.left[1] if not offer.left[0] else 0)


def _with_mistakes(now: Analysis, meant: Offer | None, others: list[Offer]) -> list[Offer]:
    """Repairs with what puts likely mistakes right: before those that leave no less wrong.

    What goes wrong below such a mistake comes of it, where its repair has fewer errors. Beside
    errors that it leaves all, a repair of it is none.
    """
    if meant is None:
        return others
    codes, losses, _ = wrong(now)
    errors = errors_left(codes)
    if codes and meant.left[:2] >= errors:
        return others
    others = [offer for offer in others if offer.text != meant.text]
    if meant.left <= min((o.left for o in others), default=(*errors, losses)):
        return [meant, *others]
    return [*others, meant]


def _lines_before(offer: Offer, meant: Offer, network: Network) -> Iterator[Change]:
    """The changes of a repair of what words made, with the lines of the file that there is."""
    after, before = Editor(Source("", meant.text)), Editor(network.source)
    for change in offer.changes:
        at = after.starts[change.line - 1]
        at += len(after.text[at:]) - len(after.text[at:].lstrip(" -"))
        yield change._replace(line=bisect_right(before.starts, back(meant.words, at)))


def _numbered(now: Analysis, work: Work, beside: bool) -> list[Offer]:
    """Repairs of sizes, and of the first number that a layer cannot have, best first.

    Where none that the help names makes what the file states, other groups that do.
    """
    fault = next(filter(is_admissible, now.findings), None)
    found = _suited(now, fault, False, work) if fault else []
    if fault and found and all(offer.left[0] == 0 < offer.left[1] for offer in found):
        further = _suited(now, fault, True, work)
        found += [offer for offer in further if not offer.left[1]]
    sized = _sized(now, work, beside)
    return best_first([*found, *sized]) if found else sized


def _suited(now: Analysis, fault: Finding, further: bool, work: Work) -> list[Offer]:
    """Repairs with a number that a layer can have: those that the help names, or `further` ones.

    Errors behind that layer then are repaired with the nearest number that it can have.
    """
    network, found = now.network, list[Offer]()
    for change, text in admissible(network, fault, further):
        if work.is_over:
            break
        trial = work.read(network.source.path, text)
        work.took(trial)
        offer = finished(now, (change,), trial, work)
        same = any(is_admissible(f) and f.layer == fault.layer for f in trial.findings)
        if same or offer.left[0] > errors_left(wrong(now)[0])[0]:
            continue
        wrong_yet = first_fault(trial, True) is not None and not found
        behind = _sized(trial, work, True) if wrong_yet else []
        more = [o._replace(changes=(*joined([*offer.changes, *o.changes]),)) for o in behind]
        found += more or [offer]
    return found


def _sized(now: Analysis, work: Work, beside: bool) -> list[Offer]:
    """Repairs of sizes, best first."""
    fault = first_fault(now, False)
    if fault is None:
        return []
    errors_only = fault.severity is Severity.ERROR  # then a rounding that loses input will do
    codes = wrong(now)[0]
    known = sum(code not in REPAIRABLE and code not in ON_TOTALS for code in codes)
    unmet = errors_left(codes)[1]
    found = _searched(now, work, errors_only, known, None)
    least = min((offer.left for offer in found), default=(0, 0, 0))
    if least[1] > unmet and not work.is_over:  # another repair may keep what the file states
        further = _searched(now, work, errors_only, known, unmet)
        found += [offer for offer in further if offer.left[:2] < least[:2]]
    found = [o for o in found if keeps_input(o) or len(o.changes) == 1] or found
    if not work.is_over:
        found += of_frameworks(now, known, work)
        found += _rounded_on(now, work, known)
    simple = {offer.text: offer for offer in reversed(found)}  # two may need the same changes
    ranked = cropped_before_mixed(best_first([*reversed(simple.values())]), now, work)
    best = [*_reordered(now, work), *ranked]
    if not errors_only:  # a loss of input is no reason for an error that was not there
        most = len(codes) if beside or not codes else len(codes) - 1
        if not codes:
            work.breaks(code for offer in best for code in offer.errors)
        return [offer for offer in best if len(offer.errors) <= most]
    return best


def _searched(
    now: Analysis,
    work: Work,
    errors_only: bool,
    known: int,
    unmet: int | None,
    start: Offer | None = None,
) -> list[Offer]:
    """Repairs that were found one change after another, until one will do.

    Args:
        now: the net before them.
        work: what is left to spend.
        errors_only: input may be lost.
        known: errors that no option can repair.
        unmet: how many of the totals that the file states may be others; None for any, as the net
            would be repaired if the file stated none.
        start: changes that every repair is to begin with.
    """
    network = now.network
    open_offers = [start or Offer((), network.source.text, *wrong(now))]
    open_errors = frozenset(wrong(now)[0])
    found: dict[str, Offer] = {}
    cropping = False  # something will do: only crops are followed, which are one at each merge

    def tried(
        before: Analysis, offer: Offer, change: Change, text: str, unfinished: dict[str, Offer]
    ) -> None:
        """Make a change; its net is let go of before the next one is read."""
        trial = work.read(network.source.path, text)
        work.took(trial)
        better = Offer((*offer.changes, change), text, *wrong(trial))
        if breaks(better, open_errors) or leaves_out(before, trial, change):
            return
        if first_fault(trial, errors_only) is not None:
            if moved_on(before, trial, change.inserts):
                unfinished.setdefault(text, better)
        elif text not in found and betters(better, now) and not is_wrong_itself(trial, change):
            found[text] = finished(now, better.changes, trial, work)

    trials, most = 0, max(10, min(_TRIALS, _LAYERS // len(network.steps)))
    for _ in range(_DEEPEST):
        unfinished: dict[str, Offer] = {}
        for offer in open_offers:
            before = now if not offer.changes else _read_again(network.source.path, offer, work)
            for change, text in changed(before, first_fault(before, errors_only), work):
                if cropping and not change.crops:
                    continue
                trials += 1
                if trials > most or work.is_over:
                    work.skipped(f"more than {trials - 1} edits")
                    break
                tried(before, offer, change, text, unfinished)
        cropping = cropping or any(will_do(offer, known, unmet) for offer in found.values())
        begun = [o for o in unfinished.values() if not cropping or all(c.crops for c in o.changes)]
        if work.is_over or not begun:
            break
        stated = slice(1, 2 if unmet is None else 1)  # a total that is not looked at orders nothing
        ranked = sorted(begun, key=lambda o: (*o.rank[: stated.start], *o.rank[stated.stop :]))
        open_offers = ranked[: 1 if cropping else _BEAM]
    return list(found.values())


def _reordered(now: Analysis, work: Work) -> list[Offer]:
    """Repairs with the input in the order of sizes that was probably meant, if it has fewer errors.

    They come first: what else would be edited is right where the input is. Where windows then lose
    input and nothing is wrong, the input alone is the first: another size was not asked for.
    """
    change = None if work.is_over else reordered(now)
    if change is None:
        return []
    path, source = now.network.source.path, now.network.source
    trial = work.read(path, Editor(source).apply(change.edits))
    alone = Offer((change,), trial.network.source.text, *wrong(trial))
    sized = _sized(trial, work, True)
    further = [o._replace(changes=(change, *o.changes)) for o in sized]
    if not further or first_fault(trial, True) is None:
        further = [alone, *further]
    return further if further[0].left[:2] < errors_left(wrong(now)[0]) else []


def _rounded_on(now: Analysis, work: Work, known: int) -> list[Offer]:
    """Rounding down, where that leaves merges that do not match, with what repairs them.

    A ResNet without its projections: other padding of the stem is found first, of another net.
    """
    fault = first_fault(now, True)
    if fault is None or fault.code != "CC101" or work.is_over:
        return []
    changes, last = built(now, rounded, work)
    then = first_fault(last, True)
    if not changes or then is None or then.code != "CC107":
        return []
    start = Offer(changes, last.network.source.text, *wrong(last))
    return _searched(now, work, True, known, None, start)


def _read_again(path: str, offer: Offer, work: Work) -> Analysis:
    """The net of an unfinished repair."""
    found = work.read(path, offer.text)
    work.took(found)
    return found
