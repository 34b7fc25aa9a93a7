"""What a repair leaves wrong, read again: by that the search follows or drops it."""

from convcalc.analysis.record import Analysis
from convcalc.findings import ON_TOTALS, Finding, Severity
from convcalc.fix.record import Change, Offer, errors_left
from convcalc.spec.edit import Editor

#: Findings that a changed option can repair: not exact, does not fit, input lost, depths differ.
REPAIRABLE = frozenset({"CC101", "CC102", "CC103", "CC107"})


def will_do(offer: Offer, known: int, unmet: int | None) -> bool:
    """Whether a repair needs no better one: nothing new is wrong, the input and strides stay.

    Of the totals that the file states so many may be `unmet`; any, if None.

    A stride of 1 also makes a body fit the shortcut around it, which was left out more likely.
    """
    stays = all(change.option != "stride" or change.completes for change in offer.changes)
    errors, totals, _ = offer.left
    return errors <= known and (unmet is None or totals <= unmet) and keeps_input(offer) and stays


def breaks(offer: Offer, before: frozenset[str]) -> bool:
    """Whether the file can be read less well than before: the edit met a layout it cannot do."""
    return any(code < "CC1" and code not in before for code in offer.errors)


def betters(offer: Offer, now: Analysis) -> bool:
    """Whether fewer errors are left, or at least no other error of sizes in place of the first."""
    codes = [f.code for f in now.findings if f.severity is Severity.ERROR]
    fewer = offer.left[0] < errors_left(codes)[0]
    return fewer or all(code < "CC1" or code in {*codes, *ON_TOTALS} for code in offer.errors)


def _sizes(analysis: Analysis, finding: Finding) -> int:
    """How many spatial sizes the inputs of a merge have; 0 where not all are known."""
    steps = analysis.network.steps
    step = next((step for step in steps if step.name == finding.layer), None)
    shapes = [steps[at].output or () for at in step.inputs] if step is not None else []
    return 0 if () in shapes else len({shape[:-1] for shape in shapes})


def is_wrong_itself(trial: Analysis, change: Change) -> bool:
    """Whether there is an error in what a change wrote: a crop that other calls cannot make."""
    errors = [f.span for f in trial.findings if f.severity is Severity.ERROR and f.span is not None]
    editor, shift = Editor(trial.network.source), 0
    places = [editor.offset(span.line, span.column) for span in errors]
    for edit in sorted(change.edits, key=lambda edit: edit[:2]) if places else ():
        start = edit.start + shift
        if any(start <= place < start + len(edit.text) for place in places):
            return True
        shift += len(edit.text) - (edit.end - edit.start)
    return False


def leaves_out(before: Analysis, trial: Analysis, change: Change) -> bool:
    """Whether the layer at fault is not built any more, as a number changed what `when:` says."""
    fault = first_fault(before, False)
    if fault is None or change.inserts or change.parts or not (change.called or change.variable):
        return False
    return all(step.name != fault.layer for step in trial.network.steps)


def keeps_input(offer: Offer) -> bool:
    """Whether the input stays as it is: often it is not the author's to change."""
    return all(change.option != "input" for change in offer.changes)


def first_fault(analysis: Analysis, errors_only: bool) -> Finding | None:
    """The first finding that an edit can repair: errors, then lost input."""
    able = [f for f in analysis.findings if f.code in REPAIRABLE and f.layer]
    errors = [f for f in able if f.severity is Severity.ERROR]
    if errors_only:
        able = errors
    order = _order(analysis, *(errors or able))
    return min(errors or able, key=lambda f: order.get(f.layer or "", 0), default=None)


def unrepaired(analysis: Analysis) -> int:
    """How many errors there are that an edit can repair."""
    return sum(f.code in REPAIRABLE and f.severity is Severity.ERROR for f in analysis.findings)


def _order(analysis: Analysis, *found: Finding) -> dict[str, int]:
    """Where the layers are that findings are of."""
    names, steps = {finding.layer for finding in found}, analysis.network.steps
    return {step.name: index for index, step in enumerate(steps) if step.name in names}


def moved_on(before: Analysis, trial: Analysis, joins: bool) -> bool:
    """Whether the first fault is now later in the file than it was, or less severe.

    A layer that `joins` an input of a merge may leave another fault of the merge. So may padding
    where the depths differ too: what is left is less, and of one layer.
    """
    old, new = first_fault(before, False), first_fault(trial, False)
    if old is None or new is None:
        return new is None
    if joins and new.layer == old.layer and new.message != old.message:
        return True
    if old.code == new.code == "CC107" and old.layer == new.layer:
        return 0 < _sizes(trial, new) < _sizes(before, old)
    order = _order(trial, old, new)
    return order.get(new.layer or "", -1) > order.get(old.layer or "", 0) or (
        old.severity is Severity.ERROR and new.severity is not Severity.ERROR
    )
