"""What every repair has to keep: each check gives a sentence for what it finds wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.record import Offer
from convcalc.fix.work import Work
from convcalc.network.record import Step
from convcalc.source import LINE_BREAK

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^'\"\r\n]*$", re.M)
#: the line and column of a layer's kind and of the calls around it, and which of them it is
Written = tuple[tuple[tuple[int, int], ...], int]


def wrongs(before: Analysis, offer: Offer) -> Iterator[str]:
    """What is wrong with a repair of a net."""
    after = Work().read(before.network.source.path, offer.text)
    yield from _errors(before, offer, after)
    yield from _text(before.network.source.text, offer)
    yield from _sizes(before, after, offer)


def codes(analysis: Analysis) -> Counter[str]:
    return Counter(f.code for f in analysis.findings if f.severity is Severity.ERROR)


def _errors(before: Analysis, offer: Offer, after: Analysis) -> Iterator[str]:
    old, new = codes(before), codes(after)
    if tuple(sorted(new.elements())) != tuple(sorted(offer.errors)):
        yield f"it says {offer.errors} are left, and {dict(new)} are"
    losses = [sum(f.code == "CC103" for f in one.findings) for one in (before, after)]
    if losses[1] != offer.warnings:
        yield f"it says {offer.warnings} lose input, and {losses[1]} do"
    losing = {f.layer for f in after.findings if f.code == "CC103"}
    if len(losing) != offer.losing:
        yield f"it says {offer.losing} layers lose input, and {len(losing)} do"
    unread, wrong = [_unread(one) for one in (old, new)], [one.total() for one in (old, new)]
    if unread[1] > unread[0]:
        yield f"it can be read less well: {dict(new - old)}"
    if unread[1] == unread[0] and (more := +(new - old)) and not (old - new):
        yield f"more errors: {dict(more)}"
    warned = [_warnings(one) for one in (before, after)]
    gone = (old - new) + (warned[0] - warned[1])
    if unread[1] == unread[0] and wrong[1] >= wrong[0] and losses[1] >= losses[0] and not gone:
        yield "nothing is better"


def _unread(found: Counter[str]) -> tuple[int, int]:
    """Errors of the YAML, which hide all others, and all of reading."""
    return (
        sum(n for code, n in found.items() if code < "CC010"),
        sum(n for code, n in found.items() if code < "CC1"),
    )


def _warnings(analysis: Analysis) -> Counter[str]:
    return Counter(f.code for f in analysis.findings if f.severity is Severity.WARNING)


def comments(text: str) -> Counter[str]:
    return Counter(comment.rstrip() for comment in _COMMENT.findall(text))


def _text(old: str, offer: Offer) -> Iterator[str]:
    if lost := comments(old) - comments(offer.text):
        yield f"comments are lost: {list(lost)}"
    if ("\r\n" in old) and re.search(r"(?<!\r)\n", offer.text) and not re.search(r"(?<!\r)\n", old):
        yield "a line ends otherwise than the file's"
    if not offer.text.endswith("\n") and old.endswith("\n"):
        yield "the last line has lost its end"
    if offer.text.endswith("\n") and old[-1:] not in {"", "\n", "\r"}:
        yield "the last line has an end that it had not"
    lines, others = re.split(LINE_BREAK, old), re.split(LINE_BREAK, offer.text)
    told = {change.line for change in offer.changes}
    for tag, a, b, _, _ in SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if tag in {"replace", "delete"} and not told & set(range(a - 1, b + 3)):
            yield f"lines {a + 1} to {b} change, and it tells of {sorted(told)}"


def _sizes(before: Analysis, after: Analysis, offer: Offer) -> Iterator[str]:
    """Layers on lines that stay: another size is that of a layer before, or it is said."""
    if before.network.steps[0].output != after.network.steps[0].output:
        return  # another input, and all sizes with it
    if before.network.roundings != after.network.roundings:
        return
    told = " ".join(f"{c.option} {c.layer} {c.effect}" for c in offer.changes)
    if "rounding" in told or "more sizes" in told:
        return
    kept = {at: (step, other) for step, at, other in _pairs(before, after)}
    behind: set[int] = set()
    for at, other in enumerate(after.network.steps):
        if at == 0:
            continue
        old = kept[at][0] if at in kept else None
        if behind.intersection(other.inputs) or other.like in behind or old is None:
            behind.add(at)
            continue
        if old.kind != other.kind:
            yield f"{old.name}, on a line that stays, is another layer: {other.layer}"
        if len(old.inputs) != len(other.inputs):
            behind.add(at)
        elif other.output != old.output:
            behind.add(at)
            if old.output is not None and old.name not in told:
                yield f"{old.name} made {old.output}, now {other.output}: this is not said"


def _pairs(before: Analysis, after: Analysis) -> Iterator[tuple[Step, int, Step]]:
    """The layers on lines that stay, before and after, and where they are then."""
    lines = [re.split(LINE_BREAK, one.network.source.text) for one in (before, after)]
    moved: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, *lines, autojunk=False).get_matching_blocks():
        moved |= {a + i + 1: b + i + 1 for i in range(size)}
    later = {place: (at, step) for at, (place, step) in enumerate(_places(after))}
    for (marks, number), step in _places(before):
        place = tuple((moved.get(line, 0), column) for line, column in marks), number
        if step.layer is not None and place in later:
            yield step, *later[place]


def _places(analysis: Analysis) -> Iterator[tuple[Written, Step]]:
    times = Counter[object]()
    for step in analysis.network.steps:
        marks = tuple(
            (mark.span.line, mark.span.column)
            for mark in (step.place.kind, *step.place.calls)
            if mark is not None
        )
        times[marks] += 1
        yield (marks, times[marks]), step
