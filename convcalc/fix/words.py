"""Words that were probably meant: a finding with one suggestion is an edit."""

import re

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.fix.record import Change, Offer
from convcalc.network.record import Network
from convcalc.spec.edit import Edit, Editor
from convcalc.spec.load import load
from convcalc.tree.decode import TRUSTED

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_MOST = 20  #: words that are replaced in one file


def suggestion(finding: Finding) -> str | None:
    """What a finding says was probably meant in the place of its span, where it names one thing."""
    found = [word for line in finding.help for word in _MEANT.findall(line)]
    one = len(found) == 1 and len(_MEANT.findall(" ".join(finding.help))) == 1
    return found[0] if one and finding.span is not None else None


def words_replaced(network: Network) -> Offer | None:
    """The file with every word replaced whose correction is unambiguous; None where none is.

    Each replacement is kept only if the engine finds fewer errors of reading with it.
    """
    text, changes = network.source.text, []
    analysis = analyze(network)
    tried: set[tuple[int, int, str]] = set()
    while len(tried) < _MOST:
        step = _next(analysis, tried)
        if step is None:
            break
        edit, change = step
        tried.add((edit.start, edit.end, edit.text))
        better_text = Editor(analysis.network.source).apply((edit,))
        better = analyze(load(network.source.path, better_text.encode(), limits=TRUSTED))
        if _unread(better) < _unread(analysis):
            text, analysis = better_text, better
            changes.append(change)
            tried.clear()
    if not changes:
        return None
    errors = tuple(f.code for f in analysis.findings if f.severity is Severity.ERROR)
    lost = sum(f.code == "CC103" for f in analysis.findings)
    return Offer(tuple(changes), text, errors, lost)


def _next(analysis: Analysis, tried: set[tuple[int, int, str]]) -> tuple[Edit, Change] | None:
    """The first suggestion that was not tried, as an edit."""
    editor = Editor(analysis.network.source)
    for finding in analysis.findings:
        word, span = suggestion(finding), finding.span
        if word is None or span is None or finding.severity is not Severity.ERROR:
            continue
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        before = editor.text[start:end]
        if not before.strip() or "\n" in before or (start, end, word) in tried:
            continue
        change = Change("", "", before, word, span.line, "", (Edit(start, end, word),), ())
        return change.edits[0], change
    return None


def _unread(analysis: Analysis) -> int:
    """How many errors there are in what the file says, before any arithmetic."""
    return sum(f.severity is Severity.ERROR and f.code < "CC1" for f in analysis.findings)
