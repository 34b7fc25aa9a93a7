"""Code actions: every repair that the engine has tried, words that were meant, and ignoring."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from convcalc.editor.reading import Reading
from convcalc.findings import Finding, Severity, Span
from convcalc.fix.admissible import is_admissible
from convcalc.fix.classes import is_class
from convcalc.fix.judged import REPAIRABLE
from convcalc.fix.mistaken import MISTAKEN, mistaken
from convcalc.fix.record import Change, Offer
from convcalc.fix.search import offers
from convcalc.fix.single import one_replaced
from convcalc.fix.suggested import NO_INPUT, names_edit, suggestion
from convcalc.fix.words import all_replaced
from convcalc.fix.work import FINDING
from convcalc.network.aligned import equal_ends
from convcalc.network.record import INPUT, Step
from convcalc.quantity import counted
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.tree.nodes import Mapping, Node

_MOST = 12  #: repairs that are offered at one place
_WORDS = 100  #: words that are offered on some lines, the first of them; "fix all" changes the rest
_PAIRS = 4_000_000  #: pairs of lines that are held against each other; a second or so
_BEFORE = " before it"  #: how a change says that it puts a layer before another
_LAYERS = 60_000  #: layers that are read again to see whether `ignore` does away with a finding


class Action(NamedTuple):
    """A change of the text with its title."""

    title: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...] = ()
    """What it mends."""
    preferred: bool = False


def actions(reading: Reading, first: int, last: int) -> list[Action]:
    """What can be done about the findings on some lines."""
    here = [f for f in reading.findings if _on(f.span, first, last)]
    found = [*_meant(reading, here), *_repairs(reading, here)]
    meant = [f for f in reading.findings if names_edit(f)]
    if len(meant) > 1 and any(f.severity is Severity.ERROR for f in here):
        everything = fix_all(reading)
        found += [everything] if everything else []
    return [*found, *_ignoring(reading, here)]


def _on(span: Span | None, first: int, last: int) -> bool:
    return span is not None and span.line <= last and span.end_line >= first


def _meant(reading: Reading, here: list[Finding]) -> list[Action]:
    """What a finding names in the place of what is written.

    A class of another tool has a rounding that its kind has not, and a finding of a key and its
    value names both: these are repaired as `check --fix` does it. A word alone is replaced.
    """
    if reading.outcome is None:
        return []
    network = reading.outcome.network
    editor, tried = Editor(network.source), 0
    size = len(network.steps) + FINDING * len(reading.findings)
    most = max(1, min(_MOST, _LAYERS // size))
    found: list[Action] = []
    for finding in here:
        action = _word(editor, finding)
        if action is None and tried < most and finding.code < "CC1":
            tried += 1
            action = _entry(reading, finding)
        found += [] if action is None else [action]
        if len(found) == _WORDS:
            break
    return found


def _word(editor: Editor, finding: Finding) -> Action | None:
    """The word that a finding names in the place of what is there; None where it names none."""
    word, span = suggestion(finding), finding.span
    if word is None or span is None:
        return None
    start = editor.offset(span.line, span.column)
    end = editor.offset(span.end_line, span.end_column)
    before = editor.text[start:end]
    if not before.strip() or "\n" in before or is_class(before):
        return None
    return Action(f"Change {before.strip()} to {word}", (Edit(start, end, word),), (finding,), True)


def _entry(reading: Reading, finding: Finding) -> Action | None:
    """The entry of a finding as it is meant, with what follows of that; None where unknown."""
    assert reading.outcome is not None, "it has findings"
    network, key = reading.outcome.network, f"entry {reading.findings.index(finding)}"
    now = reading.tried("now", lambda work: work.heard(network))
    offer = reading.tried(key, lambda work: one_replaced(now, finding, work))
    if offer is None:
        return None
    edits = edits_between(network.source.text, offer.text)
    return Action(_title(offer._replace(errors=())), edits, (finding,), True)


def _repairs(reading: Reading, here: list[Finding]) -> Iterable[Action]:
    """The repairs of the first fault or of likely mistakes, beside the findings they are for.

    Of numbers that layers cannot have, too, `offers` mends the first.
    """
    outcome = reading.outcome
    number = next(filter(is_admissible, reading.findings), None)
    faults = tuple(f for f in here if (f.code in REPAIRABLE and f.layer) or f is number)
    mistakes = tuple(f for f in here if f.code in MISTAKEN)
    if outcome is None or not (faults or mistakes):
        return
    network, source = outcome.network, outcome.network.source
    if faults:
        found = reading.tried("repairs", lambda work: offers(network, work, True))
    else:
        offer = reading.tried("mistakes", lambda work: mistaken(work.heard(network), work))
        faults, found = mistakes, [offer] if offer else []
    for place, offer in enumerate(found[:_MOST]):
        edits = edits_between(source.text, offer.text)
        if edits:
            yield Action(_title(offer), edits, faults, not place and not offer.only_floors)


def _title(offer: Offer) -> str:
    """What a repair changes in plain words, and what its layer makes then."""
    *_, last = parts = [*map(_words, offer.changes)]
    effect = offer.changes[-1].effect
    told = offer.changes[-1].layer == INPUT or last.startswith("put ")
    stay = "stays" if len(offer.errors) == 1 else "stay"
    left = f"; {counted(len(offer.errors), 'error')} {stay}" if offer.errors else ""
    title = ", ".join(parts).replace(", change ", ", ")
    return f"{title[:1].upper()}{title[1:]}{f': {effect}' if effect and not told else ''}{left}"


def _words(change: Change) -> str:
    """One change: what is written anew, or the layer that is put before another."""
    if change.option == "from" and change.effect.endswith(_BEFORE):
        return f"put {change.effect.removesuffix(_BEFORE)} before {change.layer}"
    if change.layer == INPUT:
        return f"change the input {change.before} to {change.after}"
    where = f"{change.layer} " if change.layer and change.option else ""
    what = f"{change.option} " if change.option and change.option != change.layer else ""
    if not change.after:
        return f"leave out {where}{what}{change.before}"
    if change.before in {"", NO_INPUT}:
        return f"give {where}{what.strip()}: {change.written}"
    return f"change {where}{what}{change.before} to {change.written}"


def fix_all(reading: Reading) -> Action | None:
    """Every word whose correction is unambiguous, in one change."""
    outcome = reading.outcome
    if outcome is None or not any(map(names_edit, reading.findings)):
        return None
    offer = reading.tried("words", lambda work: all_replaced(outcome.network, work))
    if offer is None:
        return None
    edits = edits_between(outcome.network.source.text, offer.text)
    number = len(offer.changes)
    words = "word" if number == 1 else "words"
    return Action(f"Fix all that is unambiguous ({number} {words})", edits)


def _ignoring(reading: Reading, here: list[Finding]) -> Iterable[Action]:
    """`ignore: [CODE]` beside the layer of a finding, where the engine heeds it there."""
    outcome = reading.outcome
    if outcome is None:
        return
    steps = {step.name: step for step in outcome.network.steps}
    edits: dict[Edit, list[Finding]] = {}
    editor = Editor(outcome.network.source)
    entries: dict[int, Mapping] | None = None
    for finding in here:
        step = steps.get(finding.layer or "")
        if finding.severity is not Severity.ERROR and step is not None:
            entries = entry_of(reading.root) if entries is None else entries
            edit = _ignore(reading, editor, entries, step, finding.code)
            if edit is not None:
                edits.setdefault(edit, []).append(finding)
    most = max(1, min(_MOST, _LAYERS // len(steps)))
    for edit, findings in [*edits.items()][:most]:
        first = findings[0]
        if reading.outdated:
            return
        if _quiets(reading, edit, first):
            title = f"Ignore {first.code} ({first.name}) here"
            yield Action(title, (edit,), tuple(findings))


def _quiets(reading: Reading, edit: Edit, finding: Finding) -> bool:
    """Whether an edit does away with a finding and leads to no error."""
    assert reading.outcome is not None, "it has findings"
    text = Editor(reading.outcome.network.source).apply((edit,))
    after = Reading(finding.path, text, reading.wishes).findings
    errors = sum(f.severity is Severity.ERROR for f in after)
    before = sum(f.severity is Severity.ERROR for f in reading.findings)
    same = any((f.code, f.layer) == (finding.code, finding.layer) for f in after)
    return not same and errors <= before


def _ignore(
    reading: Reading, editor: Editor, entries: dict[int, Mapping], step: Step, code: str
) -> Edit | None:
    """The edit that adds a code to the `ignore` of an entry; None where there is no room."""
    kind = step.place.kind
    if not isinstance(kind, Node):
        return None
    entry = entries.get(kind.start)
    if entry is None:  # a bare word or short form in a list
        start = editor.start(kind)
        line = reading.lines.line(kind.span.line)
        before = line[: kind.span.column - 1]
        if not re.fullmatch(r"\s*-\s+", before):
            return None
        word = editor.written(kind)
        if not re.fullmatch(r"[\w.-]+", word):
            return None
        return Edit(start, start + len(word), f"{{{word}: , ignore: [{code}]}}")
    already = entry.get("ignore")
    if already is not None:
        written = editor.written(already)
        inner = written.strip("[]").strip()
        text = f"[{inner}, {code}]" if inner else f"[{code}]"
        return Edit(editor.inside(already), editor.end(already), text)
    return editor.added(entry, "ignore", f"[{code}]")


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Edits, line by line and no wider than they must be, that make one text of another."""
    from difflib import SequenceMatcher

    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in a:
        starts.append(starts[-1] + len(line))
    edits = []
    if len(a) == len(b):  # words replaced: what lines have in common need not be searched for
        for start, before, after in zip(starts, a, b, strict=False):
            if before != after:
                edits.append(_narrowed(old, start, start + len(before), after))
        return tuple(edits)
    head, tail = equal_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(a) * len(b) > _PAIRS:  # lines that are all alike take that many steps
        return (_narrowed(old, starts[head], starts[head + len(a)], "".join(b)),)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            start, end = starts[head + i1], starts[head + i2]
            edits.append(_narrowed(old, start, end, "".join(b[j1:j2])))
    return tuple(edits)


def _narrowed(text: str, start: int, end: int, wanted: str) -> Edit:
    """An edit without what it leaves as it is at both ends."""
    before = text[start:end]
    head, tail = equal_ends(before, wanted)
    return Edit(start + head, end - tail, wanted[head : len(wanted) - tail])
