"""Words that were probably meant: a finding with one suggestion is an edit."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from convcalc.analysis.record import Analysis
from convcalc.findings import CODES, Finding, Severity, Span
from convcalc.fix.bystanders import altered
from convcalc.fix.classes import waiting
from convcalc.fix.contradicted import contradicted
from convcalc.fix.lines import Told, is_of_lines, of_lines
from convcalc.fix.moved import Moved, back
from convcalc.fix.options import with_options
from convcalc.fix.pair_helps import before_layers, is_of_pair
from convcalc.fix.pairs import Pairs
from convcalc.fix.record import Change, Offer
from convcalc.fix.replaced import State
from convcalc.fix.values import cut_by_comma, value_meant
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.spec.edit import CannotEditError, Edit, Editor

#: a value alone where options were expected: the help names the option that takes it
_ALONE = re.compile(r"write `(\w+): \{(\w+): (.+)\}`\Z")
_MEANT = re.compile(r"did you mean `([^`]+)`\?")
#: a word at a place and what was put there
Tried = tuple[int, int, str]
_CUT = 100  #: letters that a list of numbers may have
_LONGEST = 8  #: replacements that one leads to
_OWN = frozenset({"CC011", "CC012"})  #: unknown kinds and options: they come of no other fault
_ALL = frozenset(CODES)
_ROUNDS = 4  #: times that more classes are left as they are
_MOST = 20  #: words that are tried one after another in one file


def suggestion(finding: Finding) -> str | None:
    """What a finding says was probably meant in the place of its span, where it names one thing."""
    if finding.span is None:
        return None
    found = [word for line in finding.help for word in _MEANT.findall(line)]
    if len(found) == 1:
        return str(found[0])
    alone = _ALONE.match(finding.help[0]) if finding.help else None
    if alone is None or not finding.message.startswith(f"the options of {alone[1]} "):
        return None
    from convcalc.spec.alone import is_only_taker  # costs time only where a finding is

    kind, key, value = alone[1], alone[2], alone[3]
    return f"{{{key}: {value}}}" if is_only_taker(kind, key, value) else None


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


def replaced(now: Analysis, work: Work) -> tuple[Offer, Analysis] | None:
    """What `words_replaced` gives of a net that is analyzed `now`, and the analysis with it."""
    kept, found = frozenset[int](), _replaced(now, work, frozenset())
    for _ in range(_ROUNDS):
        if found is None or all(code >= "CC1" for code in found[0].errors):
            break
        more = kept | waiting(found[1], found[0], now.network)
        if more == kept:
            break
        kept = more
        found = _replaced(now, work.again(), kept)
    return found


def _replaced(now: Analysis, work: Work, kept: frozenset[int]) -> tuple[Offer, Analysis] | None:
    """The file with words replaced, and its analysis; what is at places in `kept` stays."""
    state = State(now, Editor(now.network.source), kept=kept)
    alone = Work(lambda: work.is_over, selection=work.selection, limits=work.limits)
    state, changes = _together(state, _places(state, _OWN), alone)
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
        made, better = [step[1]], step[2]
        if contradicted(made, better.analysis):
            continue
        old = frozenset(map(_fault, state.analysis.findings))
        also: set[Tried] = set()
        while better.unread >= state.unread and len(made) < _LONGEST and not work.is_over:
            further = _next(better, also, old)
            if further is None:
                break
            also.add(further[0])
            made.append(further[1])
            better = _applied(better, further[1:], work)
        if better.unread < state.unread and not better.spoils:
            state = better
            changes += made
            tried.clear()
    if not changes:
        return None
    changes.sort(key=lambda change: change.line)
    found = state.analysis.findings
    errors = tuple(f.code for f in found if f.severity is Severity.ERROR)
    lost, text = sum(f.code == "CC103" for f in found), state.analysis.network.source.text
    return Offer(tuple(changes), text, errors, lost, state.edits), state.analysis


def _places(state: State, codes: Collection[str]) -> list[Span]:
    """Where findings of some codes suggest an edit, in the order of the file."""
    return sorted(place for place, _ in _own(state, codes))


def _together(
    state: State, places: list[Span], work: Work, codes: Collection[str] = _OWN
) -> tuple[State, list[Change]]:
    """The words at some places replaced at once, and in halves where other faults are left then.

    One after another, each would be tried on the whole net.
    """
    if len(places) < 2 or work.is_over:
        return state, []
    start = Counter(_read_faults(state))
    changes: list[Change] = []
    wanted = set(places)
    better, now = state, [c for place, c in _own(state, codes) if place in wanted]
    settled = start - Counter(_fault(f) for f in state.analysis.findings if f.span in wanted)
    for _ in range(_LONGEST):
        if not _possible(tuple(edit for change in now for edit in change.edits)):
            break
        after = _applied(better, now, work)
        if wrong := contradicted(now, after.analysis):
            now = [change for change in now if change not in wrong]
            after = _applied(better, now, work)
        if after.spoils:
            break
        better = after
        changes += now
        left = Counter(_read_faults(better))
        if not left - settled:
            return better, changes
        now = [change for _, change in _own(better, codes, frozenset(start))]
        if not now or work.is_over:
            break
    half = len(places) // 2
    state, later = _together(state, places[half:], work, codes)  # which leaves the lines above
    state, first = _together(state, places[:half], work, codes)
    return state, [*first, *later]


def _own(
    state: State,
    codes: Collection[str],
    without: frozenset[tuple[str, str]] = frozenset(),
) -> Iterator[tuple[Span, Change]]:
    """What findings of some codes suggest, and where they are."""
    for finding, _, change in _suggested(state, without):
        if finding.code in codes and finding.span is not None:
            yield finding.span, change


def _read_faults(state: State) -> Iterator[tuple[str, str]]:
    """The errors of reading, before any arithmetic."""
    for finding in state.analysis.findings:
        if finding.severity is Severity.ERROR and finding.code < "CC1":
            yield _fault(finding)


def _applied(state: State, changes: Collection[Change], work: Work) -> State:
    """The file with changes made."""
    source = state.analysis.network.source
    edits = tuple(edit for change in changes for edit in change.edits)
    text = Editor(source).apply(edits)
    found = work.read(source.path, text)
    work.took(found)
    spoils = state.spoils or altered(edits, state.analysis.network, found.network)
    return State(found, state.first, (*state.edits, Moved(edits)), spoils, state.kept)


def _fault(finding: Finding) -> tuple[str, str]:
    """What tells a finding from those that a change uncovers."""
    return finding.code, finding.message


def _next(
    state: State, tried: set[Tried], without: frozenset[tuple[str, str]]
) -> tuple[Tried, Change] | None:
    """The first suggestion that was not tried, as an edit; of findings not in `without`."""
    found = ((at, change) for _, at, change in _suggested(state, without))
    return next((one for one in found if one[0] not in tried), None)


def _best(state: State, tried: set[Tried], work: Work) -> tuple[Tried, Change, State] | None:
    """The first suggestion that was not tried, and what it makes; of several of a place the best.

    Those that are worse count as tried.
    """
    first: tuple[Tried, Change, State] | None = None
    for _, at, change in _suggested(state):
        if at in tried:
            continue
        if first is not None and at[:2] != first[0][:2]:
            break
        made = _applied(state, [change], work)
        tried.add(at)
        if first is None or made.unread < first[2].unread:
            first = at, change, made
    return first


def _suggested(
    state: State, without: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[tuple[Finding, Tried, Change]]:
    """What findings not in `without` suggest, as edits."""
    analysis = state.analysis
    editor = Editor(analysis.network.source)
    pairs: Pairs | None = None
    for finding in analysis.findings:
        span = finding.span
        if span is None or finding.severity is not Severity.ERROR or _fault(finding) in without:
            continue
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        before = editor.text[start:end]
        lines = is_of_lines(finding)
        if not lines and (not before.strip() or "\n" in before):
            continue
        word, edits = suggestion(finding) or value_meant(finding, before), tuple[Edit, ...]()
        cut = cut_by_comma(finding, editor.text[start : start + _CUT])
        more: list[Told] = []
        if lines:
            pairs = pairs or Pairs(analysis.network, editor)
            word, more = None, of_lines(finding, editor, pairs)
        elif cut is not None:
            end, word = start + cut[0], None
            more = [(editor.text[start:end], one, (Edit(start, end, one),)) for one in cut[1]]
        elif word is not None and "(" in before and " " in word:
            pairs = pairs or Pairs(analysis.network, editor)
            edits = () if pairs.passes_by(word) else (_in_place(editor, Edit(start, end, word)),)
        elif word is not None:
            edits = (_in_place(editor, Edit(start, end, word)),)
        elif is_of_pair(finding):
            pairs = pairs or Pairs(analysis.network, editor)
            word, edits = pairs.edits(finding.help[0], span)
            before = "no input" if before_layers(finding) else pairs.written(span) or before
        if word is not None:
            more.append((before, word, edits))
        for old, new, all_edits in more:
            if all_edits and _possible(all_edits) and not state.keeps(all_edits):
                line = bisect_right(state.first.starts, back(state.edits, start))
                yield finding, (start, end, new), Change("", "", old, new, line, "", all_edits, ())


def _in_place(editor: Editor, edit: Edit) -> Edit:
    """An edit of a word that is a key without options, its colon too where options come with it."""
    if ": {" not in edit.text or editor.text[edit.end : edit.end + 1] != ":":
        return edit
    try:
        return with_options(editor, edit)
    except CannotEditError:
        return edit


def _possible(edits: tuple[Edit, ...]) -> bool:
    """Whether no two edits want the same place."""
    ordered = sorted(edits, key=lambda edit: edit[:2])
    return all(one.end <= two.start for one, two in pairwise(ordered))
