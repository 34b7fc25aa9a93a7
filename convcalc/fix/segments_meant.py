"""Layers that a budget's `checkpoint` misspells, in a net that has nothing else wrong.

Which layers there are is known once all of them can be read: no other repair waits for this one.
"""

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Severity
from convcalc.fix.record import Change, Offer
from convcalc.fix.suggested import suggestion
from convcalc.fix.work import Work
from convcalc.memory.budget_settings import settings_faults
from convcalc.spec.edit import Edit, Editor

_MOST = 20  #: names in one setting


def segments_meant(now: Analysis, work: Work) -> Offer | None:
    """The segments with the layers that were meant; None where that is not known of all."""
    source, found = now.network.source, now
    if _has_errors(now):
        return None
    change: Change | None = None
    for _ in range(_MOST):
        fault = _fault(found)
        word, span = (suggestion(fault), fault.span) if fault else (None, None)
        if word is None or span is None or work.is_over:
            break
        editor = Editor(found.network.source)
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        before = change.before if change else editor.text[start:end]
        edit = Edit(start, end, word)
        change = Change("", "", before, word, span.line, "", (edit,), ())
        found = work.read(source.path, editor.apply(change.edits))
        work.took(found)
    if change is None or _fault(found) or _has_errors(found):
        return None
    return Offer((change,), found.network.source.text, (), 0)


def _fault(analysis: Analysis) -> Finding | None:
    """What is wrong with the budget's settings, its segments included."""
    return next(iter(settings_faults(analysis, named=True)), None)


def _has_errors(analysis: Analysis) -> bool:
    return any(finding.severity is Severity.ERROR for finding in analysis.findings)
