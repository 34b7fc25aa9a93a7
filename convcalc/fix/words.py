"""Words that were probably meant: a finding with one suggestion is an edit."""

import re
from itertools import pairwise

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.fix.pairs import PAIR_HELP, Pairs
from convcalc.fix.record import Change, Offer
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor
from convcalc.spec.load import load
from convcalc.tree.decode import TRUSTED

#: a value alone where options were expected: the help names the option that takes it
_ALONE = re.compile(r"write `(\w+): \{(\w+): (.+)\}`\Z")
_MEANT = re.compile(r"did you mean `([^`]+)`\?")
#: a word at a place and what was put there
Tried = tuple[int, int, str]
_LONGEST = 8  #: replacements that one leads to
_MOST = 20  #: words that are replaced in one file


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


def words_replaced(network: Network) -> Offer | None:
    """The file with every word replaced whose correction is unambiguous; None where none is.

    Each replacement is kept only if the engine finds fewer errors of reading with it, or with the
    replacements that it leads to: a kind of another tool mostly has that tool's options too.
    """
    changes: list[Change] = []
    analysis = analyze(network)
    tried: set[Tried] = set()
    while len(tried) < _MOST:
        step = _next(analysis, tried, frozenset())
        if step is None:
            break
        tried.add(step[0])
        made, better = [step[1]], _applied(analysis, step[1])
        old = frozenset(map(_fault, analysis.findings))
        also: set[Tried] = set()
        while _unread(better) >= _unread(analysis) and len(made) < _LONGEST:
            further = _next(better, also, old)
            if further is None:
                break
            also.add(further[0])
            made.append(further[1])
            better = _applied(better, further[1])
        if _unread(better) < _unread(analysis):
            analysis = better
            changes += made
            tried.clear()
    if not changes:
        return None
    changes.sort(key=lambda change: change.line)
    errors = tuple(f.code for f in analysis.findings if f.severity is Severity.ERROR)
    lost = sum(f.code == "CC103" for f in analysis.findings)
    return Offer(tuple(changes), analysis.network.source.text, errors, lost)


def _applied(analysis: Analysis, change: Change) -> Analysis:
    """The net with one change made."""
    source = analysis.network.source
    text = Editor(source).apply(change.edits)
    return analyze(load(source.path, text.encode(), limits=TRUSTED))


def _fault(finding: Finding) -> tuple[str, str]:
    """What tells a finding from those that a change uncovers."""
    return finding.code, finding.message


def _next(
    analysis: Analysis, tried: set[Tried], without: frozenset[tuple[str, str]]
) -> tuple[Tried, Change] | None:
    """The first suggestion that was not tried, as an edit; of findings not in `without`."""
    editor = Editor(analysis.network.source)
    pairs: Pairs | None = None
    for finding in analysis.findings:
        span = finding.span
        if span is None or finding.severity is not Severity.ERROR or _fault(finding) in without:
            continue
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        before = editor.text[start:end]
        if not before.strip() or "\n" in before:
            continue
        word, edits = suggestion(finding), tuple[Edit, ...]()
        if word is not None:
            edits = (Edit(start, end, word),)
        elif any(line.startswith(PAIR_HELP) for line in finding.help):
            pairs = pairs or Pairs(analysis.network, editor)
            word, edits = pairs.edits(finding.help[0], span)
            before = pairs.written(span) or before
        if not edits or word is None or (start, end, word) in tried or not _possible(edits):
            continue
        return (start, end, word), Change("", "", before, word, span.line, "", edits, ())
    return None


def _possible(edits: tuple[Edit, ...]) -> bool:
    """Whether no two edits want the same place."""
    ordered = sorted(edits, key=lambda edit: edit[:2])
    return all(one.end <= two.start for one, two in pairwise(ordered))


def _unread(analysis: Analysis) -> tuple[int, int]:
    """How many errors there are in the YAML, and in what the file says, before any arithmetic.

    Those in the YAML come first: they hide the others, so that breaking it would look better.
    """
    errors = [f.code for f in analysis.findings if f.severity is Severity.ERROR]
    return sum(code < "CC010" for code in errors), sum(code < "CC1" for code in errors)
