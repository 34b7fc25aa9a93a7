"""The repair of a single finding of reading, as an editor offers it where the finding is.

What is left of the file may be as wrong as it was; the entry itself is the one that `check --fix`
makes of it.
"""

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding
from convcalc.fix.classes import waiting
from convcalc.fix.contradicted import contradicted
from convcalc.fix.record import Change, Offer
from convcalc.fix.replaced import State, applied, wrong
from convcalc.fix.suggested import suggested
from convcalc.fix.words import followed, with_rounding
from convcalc.fix.work import Work
from convcalc.network.record import Network
from convcalc.spec.edit import Editor, entry_of
from convcalc.tree.decode import TRUSTED
from convcalc.tree.reader import read


def one_replaced(now: Analysis, finding: Finding, work: Work) -> Offer | None:
    """The file with one finding mended, and what the edit leads to in its entry.

    None where no edit is certain, where the file is no better read with it, or where the `work` is
    over; and for a class whose windows round down behind a layer that is not read yet.
    """
    state = State(now, Editor(now.network.source))
    best: tuple[Change, State] | None = None
    for _, _, change in suggested(state._replace(analysis=now._replace(findings=(finding,)))):
        if work.is_over:
            return None
        made = applied(state, [change], work)
        if best is None or made.unread < best[1].unread:
            best = change, made
    if best is None or contradicted([best[0]], best[1].analysis):
        return None
    own = _entry(state.first, finding, now.network)
    changes, better = followed(state, *best, work, own)
    if better.unread >= state.unread or better.spoils:
        return None
    if not waiting(better.analysis, better.edits, now.network).isdisjoint(own):
        return None
    changes.sort(key=lambda change: change.line)
    text = better.analysis.network.source.text
    offer = Offer(tuple(changes), text, *wrong(better.analysis), better.edits)
    return with_rounding(offer, better.analysis, now.network, work)


def _entry(editor: Editor, finding: Finding, network: Network) -> range:
    """The places of the entry that a finding is in, or of the finding alone."""
    span = finding.span
    assert span is not None, "it suggests an edit of its place"
    start = editor.offset(span.line, span.column)
    end = editor.offset(span.end_line, span.end_column)
    root, _ = read(network.source, TRUSTED)
    mapping = entry_of(root).get((span.line - 1 << 32) | (span.column - 1))
    if mapping is not None:
        start = min(start, editor.start(mapping))
        end = max(end, editor.end(mapping))
    return range(start, end + 1)
