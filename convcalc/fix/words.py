"""Words that were probably meant: a finding with one suggestion is an edit."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from convcalc.analysis.record import Analysis
from convcalc.findings import CODES, Severity, Span
from convcalc.fix.channels import turned
from convcalc.fix.classes import rounded, waiting
from convcalc.fix.contradicted import contradicted
from convcalc.fix.definitions import respelled
from convcalc.fix.lone_words import half_typed
from convcalc.fix.moved import Moved, back
from convcalc.fix.record import Change, Offer, errors_left
from convcalc.fix.replaced import State, applied, wrong
from convcalc.fix.suggested import Fault, Tried, fault, possible, suggested
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.spec.edit import Editor
from convcalc.spec.foreign.rounded import LEFT_OVER

_LONGEST = 8  #: replacements that one leads to
_OWN = frozenset({"CC011", "CC012"})  #: unknown kinds and options: they come of no other fault
_ALL = frozenset(CODES)
_CLASSES = 8  #: that are rounded down one after another
_ROUNDS = 4  #: times that more classes are left as they are
_MOST = 20  #: words that are tried one after another in one file


def words_replaced(network: Network, work: Work | None = None) -> Offer | None:
    """The file with every word replaced whose correction is unambiguous; None where none is.

    Each replacement is kept only if the engine finds fewer errors of reading with it, or with the
    replacements that it leads to: a kind of another tool mostly has that tool's options too. Where
    the work is over, the words that are left stay as they are, and so do classes whose size
    depends on a layer that is not read yet.
    """
    work = work or Work()
    found = replaced(work.heard(network), work)
    return found and found[0]


def all_replaced(network: Network, work: Work) -> Offer | None:
    """`words_replaced`, with the rounding of classes that do not come out without it."""
    found = replaced(work.heard(network), work)
    return found and with_rounding(*found, network, work)


def replaced(now: Analysis, work: Work) -> tuple[Offer, Analysis] | None:
    """What `words_replaced` gives of a net that is analyzed `now`, and the analysis with it.

    What channels another tool's layers state says in which order the input is: where more of them
    can be read once it is turned round, it is. A definition is written as its uses spell it, where
    that takes fewer edits.
    """
    found = _left_waiting(now, work, ())
    defined = () if work.is_over else respelled(now)
    once = _left_waiting(now, work.again(), defined, True) if defined else None
    if once is not None and (found is None or _edited(once[0]) < _edited(found[0])):
        found = once
    least = len(_unread(found[0].errors if found else wrong(now)[0]))
    around = turned(now) if least and not work.is_over else ()
    other = _left_waiting(now, work.again(), around) if around else None
    return other if other is not None and len(_unread(other[0].errors)) < least else found


def _edited(offer: Offer) -> tuple[int, int]:
    """How many errors of reading words leave, and how many edits they take."""
    return len(_unread(offer.errors)), sum(len(change.edits) for change in offer.changes)


def _unread(codes: Iterable[str]) -> list[str]:
    """The codes of errors of reading, before any arithmetic."""
    return [code for code in codes if code < "CC1"]


def _left_waiting(
    now: Analysis, work: Work, first: tuple[Change, ...], alone: bool = False
) -> tuple[Offer, Analysis] | None:
    """Words replaced after `first` changes, which may be all if they may be `alone`.

    Classes that wait for others to be read stay, and words that somebody may be typing.
    """
    kept, found = frozenset[int](), _replaced(now, work, first, frozenset(), alone)
    for _ in range(_ROUNDS):
        if found is None or not _unread(found[0].errors):
            break
        made = found[1], found[0].words, now.network
        more = kept | waiting(*made) | half_typed(*made)
        if more == kept:
            break
        kept = more
        found = _replaced(now, work.again(), first, kept, alone)
    return found


def _replaced(
    now: Analysis, work: Work, first: tuple[Change, ...], kept: frozenset[int], enough: bool
) -> tuple[Offer, Analysis] | None:
    """The file with words replaced, and its analysis; what is at places in `kept` stays."""
    state = State(now, Editor(now.network.source), kept=kept)
    if first:  # what arrives is another volume on purpose: no layer is spoiled by that
        state = applied(state, first, work)._replace(spoils=False)
    alone = Work(
        lambda: work.is_over,
        selection=work.selection,
        limits=work.limits,
        reading=work.reading,
    )
    state, changes = _together(state, _places(state, _OWN, _MOST), alone)
    others = _places(state, _ALL)
    if len(others) > _MOST and not work.is_over:  # each alone would be tried on the whole net
        state, more = _together(state, others, work, _ALL)
        changes += more
    tried: set[Tried] = set()
    while len(tried) < _MOST and not work.is_over:
        step = _best(state, tried, work)
        if step is None:
            break
        tried.add(step[0])
        better = step[2]
        if contradicted([step[1]], better.analysis):
            continue
        made, better = followed(state, step[1], better, work)
        if better.unread < state.unread and not better.spoils:
            state = better
            changes += made
            tried.clear()
    if not changes and not (enough and first):
        return None
    changes = sorted([*first, *changes], key=lambda change: change.line)
    text = state.analysis.network.source.text
    return Offer(tuple(changes), text, *wrong(state.analysis), state.edits), state.analysis


def with_rounding(meant: Offer, then: Analysis, network: Network, work: Work) -> Offer:
    """Words replaced, and rounding down where a class among them does not come out without it.

    Args:
        meant: the words.
        then: the net with them.
        network: the net of the file that there is.
        work: what is left to spend.
    """
    first, path = Editor(network.source), network.source.path
    for _ in range(_CLASSES):
        change = None if work.is_over else rounded(then, meant.words, network)
        if change is None:
            break
        edits = change.edits
        after = work.read(path, Editor(then.network.source).apply(edits))
        work.took(after)
        if errors_left(wrong(after)[0]) >= meant.left[:2]:
            break
        line = bisect_right(first.starts, back(meant.words, edits[0].start))
        meant = Offer(
            (*meant.changes, change._replace(line=line)),
            after.network.source.text,
            *wrong(after),
            (*meant.words, Moved(edits)),
        )
        then = after
    return meant


def _places(state: State, codes: Collection[str], most: int = 0) -> list[Span]:
    """Where findings of some codes suggest an edit, in the order of the file.

    Without up to so many whose rounding is known by what arrives, which is read first.
    """
    found = [(f.span, f.help) for f, _, _ in suggested(state) if f.code in codes and f.span]
    sure = [place for place, help in found if not any(map(LEFT_OVER.match, help))]
    return sorted(sure if len(found) - len(sure) <= most else [place for place, _ in found])


def _together(
    state: State, places: list[Span], work: Work, codes: Collection[str] = _OWN
) -> tuple[State, list[Change]]:
    """The words at some places replaced at once, and in halves where other faults are left then.

    One after another, each would be tried on the whole net.
    """
    if len(places) < 2 or work.is_over:
        return state, []
    start = frozenset(_read_faults(state))
    changes: list[Change] = []
    wanted = set(places)
    better, now = state, [c for place, c in _own(state, codes) if place in wanted]
    settled = frozenset(_read_faults(state, wanted))
    for _ in range(_LONGEST):
        if not possible(tuple(edit for change in now for edit in change.edits)):
            break
        after = applied(better, now, work)
        if others := contradicted(now, after.analysis):
            now = [change for change in now if change not in others]
            after = applied(better, now, work)
        if after.spoils:
            break
        better = after
        changes += now
        if settled.issuperset(_read_faults(better)):
            return better, changes
        now = [change for _, change in _own(better, codes, start)]
        if not now or work.is_over:
            break
    half = len(places) // 2
    state, later = _together(state, places[half:], work, codes)  # which leaves the lines above
    state, first = _together(state, places[:half], work, codes)
    return state, [*first, *later]


def _own(
    state: State,
    codes: Collection[str],
    without: frozenset[Fault] = frozenset(),
) -> Iterator[tuple[Span, Change]]:
    """What findings of some codes suggest, and where they are."""
    for finding, _, change in suggested(state, without):
        if finding.code in codes and finding.span is not None:
            yield finding.span, change


def _read_faults(state: State, without: Collection[Span] = ()) -> Iterator[Fault]:
    """The errors of reading, before any arithmetic, but for those at some places."""
    editor = Editor(state.analysis.network.source)
    for finding in state.analysis.findings:
        of_reading = finding.severity is Severity.ERROR and finding.code < "CC1"
        if of_reading and finding.span not in without:
            yield fault(state, finding, editor)


def followed(
    state: State, change: Change, better: State, work: Work, own: range | None = None
) -> tuple[list[Change], State]:
    """A change with those that it leads to, up to where fewer errors are left, and the file then.

    Args:
        state: the file before the change.
        change: what was replaced first.
        better: the file with it.
        work: what is left to spend.
        own: the places of the file as it was that may be changed; any without it.
    """
    made, also = [change], set[Tried]()
    old = frozenset(_read_faults(state)) if own is None else frozenset[Fault]()
    while better.unread >= state.unread and len(made) < _LONGEST and not work.is_over:
        further = next(
            (
                (at, more)
                for _, at, more in suggested(better, old)
                if at not in also and (own is None or back(better.edits, at[0]) in own)
            ),
            None,
        )
        if further is None:
            break
        also.add(further[0])
        made.append(further[1])
        better = applied(better, further[1:], work)
    return made, better


def _best(state: State, tried: set[Tried], work: Work) -> tuple[Tried, Change, State] | None:
    """The first suggestion that was not tried, and what it makes; of several of a place the best.

    Those that are worse count as tried.
    """
    first: tuple[Tried, Change, State] | None = None
    for _, at, change in suggested(state):
        if at in tried:
            continue
        if first is not None and at[:2] != first[0][:2]:
            break
        made = applied(state, [change], work)
        tried.add(at)
        if first is None or made.unread < first[2].unread:
            first = at, change, made
    return first
