"""What a file expects of a net that is right, stated anew: a promise, changed only if chosen."""

import re

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Severity
from convcalc.fix.record import RESTATED, Change, Offer
from convcalc.fix.work import Work
from convcalc.spec.edit import CannotEditError, Edit, Editor

_STATED = re.compile(r"`(\w+): ([0-9x]+)` if that is ")


def restated(now: Analysis, work: Work | None = None) -> Offer | None:
    """Every `expect` that does not hold, as the net makes it; None where anything else is wrong.

    A net with another error, or that loses input, may not be the one that was promised.
    """
    errors = [f for f in now.findings if f.severity is Severity.ERROR]
    lost = any(f.code == "CC103" for f in now.findings)
    work = work or Work()
    if lost or not errors or any(f.code != "CC130" for f in errors) or work.is_over:
        return None
    editor = Editor(now.network.source)
    changes = [change for finding in errors if (change := _changed(editor, finding)) is not None]
    try:
        text = editor.apply([edit for change in changes for edit in change.edits])
    except CannotEditError:  # two calls of a block make two sizes of one entry
        return None
    trial = work.read(now.network.source.path, text)
    if any(f.severity is Severity.ERROR for f in trial.findings):
        return None
    return Offer(tuple(changes), text, (), 0)


def _changed(editor: Editor, finding: Finding) -> Change | None:
    """One number or shape as it is; None where a formula states it."""
    stated = next(filter(None, map(_STATED.match, finding.help)), None)
    span = finding.span
    if stated is None or span is None:
        return None
    start = editor.offset(span.line, span.column)
    end = editor.offset(span.end_line, span.end_column)
    before, after = editor.text[start:end], stated[2]
    if not before or before[:1] == "=" or "\n" in before:
        return None
    option = RESTATED if stated[1] == RESTATED else f"{RESTATED} {stated[1]}"
    edit = Edit(start, end, after)
    layer = finding.layer or ""
    return Change(layer, option, before, after, span.line, "what the net makes now", (edit,), ())
