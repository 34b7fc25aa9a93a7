"""Edits of what is legal and hardly meant: a row as branches, a skip left out, a factor, a name.

Only where nothing else is likely: a residual block's row that keeps its shape, `size` where a
factor was meant, an `add` of the layer above and the one that its `from` names, Caffe's `relu6`.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from convcalc.analysis.record import Analysis
from convcalc.findings import ON_TOTALS, Finding, Severity
from convcalc.fix import conditional_names, left_out_bodies, towers
from convcalc.fix.record import Change, Offer, errors_left
from convcalc.fix.replaced import wrong
from convcalc.fix.settled import placed, settled
from convcalc.fix.work import Work
from convcalc.layers.upsample import Upsample
from convcalc.network.record import Network, Step
from convcalc.shapes import written
from convcalc.spec import numbered_relus
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, kind_of, options_at
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Node, Sequence
from convcalc.tree.reader import read

#: upsample shrinks, merge of one, channels first, flat branches, an add left out with its body,
#: a numbered relu, an input that nothing reads, a name that a condition leaves out
MISTAKEN = frozenset(
    {
        "CC114",
        "CC125",
        "CC126",
        "CC129",
        left_out_bodies.CODE,
        numbered_relus.CODE,
        towers.CODE,
        conditional_names.CODE,
    }
)
_GIVEN = re.compile(r"\bname: *(relu[1-9][0-9]*+)\b")
_COUNTED = re.compile(r"\brelu[1-9][0-9]*+\b")
_MOST = 20  #: of them in one file
_ROW = 2  #: layers that a forgotten skip goes around
_SKIP = "skip: []"


def mistaken(now: Analysis, work: Work) -> Offer | None:
    """Every such mistake put right whose edit is clear; None where none is.

    An edit is clear where the net that it makes has one of these warnings less, no error more (so
    that all that the file states holds) and loses input nowhere else.
    """
    network, best = now.network, now
    made: list[Change] = []
    tried = 0
    waiting = True
    while waiting and tried < _MOST and not work.is_over:
        waiting = False
        for change in _changes(best):
            tried += 1
            try:
                text = Editor(best.network.source).apply(change.edits)
            except CannotEditError:
                continue
            trial = work.read(network.source.path, text)
            work.took(trial)
            if _is_better(best, trial):
                made.append(change)
                best, waiting = trial, True
                break
            if not _errors(now):
                work.breaks(_errors(trial))
            if tried >= _MOST or work.is_over:
                break
    if not made:
        return None
    told = settled(network, made, best)
    return Offer(told, best.network.source.text, *wrong(best))


def _is_better(before: Analysis, after: Analysis) -> bool:
    """Whether a mistake is gone and nothing is worse: no error is new, no input is lost anew."""
    old, new = ([f.code for f in one.findings] for one in (before, after))
    fewer = sum(map(MISTAKEN.__contains__, new)) < sum(map(MISTAKEN.__contains__, old))
    worse = Counter(_errors(after)) - Counter(_errors(before))
    (was, _), (now, _) = errors_left(_errors(before)), errors_left(_errors(after))
    if now < was:  # before, the totals that the file states were not known
        worse = Counter({code: count for code, count in worse.items() if code not in ON_TOTALS})
    return fewer and not worse and _losses(after) <= _losses(before)


def _errors(analysis: Analysis) -> tuple[str, ...]:
    return tuple(f.code for f in analysis.findings if f.severity is Severity.ERROR)


def _losses(analysis: Analysis) -> int:
    return sum(finding.code == "CC103" for finding in analysis.findings)


def _changes(analysis: Analysis) -> Iterator[Change]:
    """An edit for each of the mistakes, where one is clear."""
    network = analysis.network
    found = [f for f in analysis.findings if f.code in MISTAKEN and f.span is not None]
    root, _ = read(network.source, TRUSTED) if found else (None, ())
    if not isinstance(root, Mapping):
        return
    entries, editor = entry_of(root), Editor(network.source)
    steps = {step.name: step for step in network.steps}
    for finding in found:
        if finding.code == left_out_bodies.CODE:
            whole = left_out_bodies.with_body(editor, root, finding)
            yield from (whole,) if whole else ()
            continue
        if finding.code == conditional_names.CODE:
            yield from conditional_names.kept(editor, root, finding)
            continue
        step = _at(network, finding)
        if step is None:
            continue
        if finding.code == towers.CODE:
            yield from towers.separate(network, editor, root, step)
            continue
        if finding.code == numbered_relus.CODE:
            yield from (placed(steps, editor, change) for change in _as_relu(network, editor, step))
            continue
        entry = entries.get(kind_of(step).start)
        if entry is None:
            continue
        try:
            change = _change(finding, network, editor, step, entry)
        except CannotEditError:
            continue
        if change is not None:
            yield placed(steps, editor, change)


def _at(network: Network, finding: Finding) -> Step | None:
    """The layer that a finding is at, by its name or by the place of its kind."""
    for step in network.steps:
        if isinstance(step.place.kind, Node) and (
            step.name == finding.layer if finding.layer else step.place.kind.span == finding.span
        ):
            return step
    return None


def _change(
    finding: Finding, network: Network, editor: Editor, step: Step, entry: Mapping
) -> Change | None:
    code = finding.code
    if code == "CC114":
        meant = bool(finding.help) and finding.help[0].startswith("`scale: ")
        return _as_factor(network, editor, step) if meant else None
    if code == "CC126":
        return _channels_last(network, editor, step)
    if step.kind != "add":  # a product or a concat has no skip as a rule
        return None
    options = entry.get(step.kind)
    within = options.entries.get("branches") if isinstance(options, Mapping) else None
    if within is None:
        return _both_named(network, editor, step, entry) if code == "CC125" else None
    key, value = within
    if editor.text[editor.start(value)] in "&*":
        return None
    if code == "CC125":
        return _with_skip(network, editor, step, value)
    if not isinstance(value, Sequence):
        return None
    return _as_row(network, editor, step, key, value)


def _as_relu(network: Network, editor: Editor, step: Step) -> Iterator[Change]:
    """A plain ReLU for `relu6`; none where layers are read by numbers that would count it too."""
    kind = kind_of(step)
    start, end = editor.start(kind), editor.end(kind)
    given = {numbered_relus.KIND, *_GIVEN.findall(editor.text)}
    counted = {*_COUNTED.findall(editor.text)} - given
    if editor.text[start:end] == numbered_relus.KIND and not counted and not step.place.calls:
        edit = Edit(start, end, "relu")
        yield _told(network, step, "kind", numbered_relus.KIND, "relu", (edit,))


def _as_factor(network: Network, editor: Editor, step: Step) -> Change | None:
    """``scale: 2`` for ``size: 2`` of an upsample, as Keras calls it."""
    options, layer = options_at(step), step.layer
    pair = options.entries.get("size") if options is not None else None
    if pair is None or not isinstance(layer, Upsample) or max(layer.size, default=1) == 1:
        return None
    key, value = pair
    size = editor.written(value)
    if "=" in size or "*" in size or key.line != value.line:
        return None
    edit = Edit(editor.start(key), editor.end(key), "scale")
    return _told(network, step, "size", size, f"scale: {size}", (edit,))


def _channels_last(network: Network, editor: Editor, step: Step) -> Change | None:
    """The shape of a reshape with its channels last; an input is a repair of its own."""
    options, shape = options_at(step), step.output or ()
    given = options.get("shape") if options is not None else None
    if given is None or "=" in editor.written(given):
        return None
    turned = (*shape[1:], shape[0])
    text = f"[{', '.join(map(str, turned))}]" if isinstance(given, Sequence) else written(turned)
    edit = editor.replaced(given, text)
    return _told(network, step, "shape", editor.written(given), text, (edit,))


def _as_row(
    network: Network, editor: Editor, step: Step, key: Node, value: Sequence
) -> Change | None:
    """Layers in a row as the one branch beside a skip."""
    if any(isinstance(item, Sequence) for item in value.items):  # a skip, or a branch, is listed
        return None
    edits = _body(editor, key, value)
    return _told(network, step, "branches", "side by side", "one body and skip: []", edits)


def _body(editor: Editor, key: Node, value: Sequence) -> tuple[Edit, ...]:
    """The edits that make a list the `body` of two branches.

    Raises:
        CannotEditError: the list is written in a way of its own.
    """
    start, end = editor.start(value), editor.end(value)
    if editor.is_flow(value):
        return Edit(start, start, "{body: "), Edit(end, end, f", {_SKIP}}}")
    first = bisect_right(editor.starts, editor.start(value.items[0])) - 1
    last = bisect_right(editor.starts, end) - 1
    begin = editor.starts[first]
    lead = editor.text[begin : editor.start(value.items[0])]
    dash = len(lead) - len(lead.lstrip(" "))
    if lead[dash:].rstrip(" ") != "-" or "\t" in lead:
        raise CannotEditError("its items do not begin their lines")
    outer = dash if dash > key.span.column - 1 else dash + 2
    newline, more = editor.newline(), " " * (outer - dash + 2)
    lines = [
        Edit(at, at, more)
        for at in editor.starts[first + 1 : last + 1]
        if editor.text[at : at + 1] not in {"", "\r", "\n"}
    ]
    stop = editor.starts[last + 1] if last + 1 < len(editor.starts) else len(editor.text)
    ended = stop > 0 and editor.text[:stop].endswith("\n")
    skip = f"{' ' * outer}{_SKIP}"
    return (
        Edit(begin, begin, f"{' ' * outer}body:{newline}{more}"),
        *lines,
        Edit(stop, stop, f"{skip}{newline}" if ended else f"{newline}{skip}"),
    )


def _with_skip(network: Network, editor: Editor, step: Step, value: Node) -> Change | None:
    """A skip beside the one branch of an add, which is several layers of the same shape."""
    if isinstance(value, Mapping) and len(value.entries) == 1:
        ((word, (_, body)),) = value.entries.items()
        if word != "body":
            return None
        edit = editor.added(value, "skip", "[]")
    elif isinstance(value, Sequence) and len(value.items) == 1 and editor.is_flow(value):
        body = value.items[0]
        end = editor.end(body)
        edit = Edit(end, end, ", []")
    else:
        return None
    if not isinstance(body, Sequence) or len(body.items) < _ROW:
        return None
    return _told(network, step, "branches", "one alone", f"that and {_SKIP}", (edit,))


def _both_named(network: Network, editor: Editor, step: Step, entry: Mapping) -> Change | None:
    """The layer above beside the one that `from` names, which is all that it reads."""
    given = entry.get("from")
    options = entry.get(step.kind)
    if given is None and isinstance(options, Mapping):
        given = options.get("from")
    at = network.steps.index(step)
    above = network.steps[at - 1]
    (one,) = step.inputs
    name = editor.written(given) if given is not None else ""
    if step.place.calls or one == at - 1 or name != network.steps[one].name or above.place.calls:
        return None
    if one not in network.ancestors(at - 1):  # beside each other they are not a block's two ends
        return None
    assert given is not None, "it has a name"
    both = f"[{above.name}, {name}]"
    return _told(network, step, "from", name, both, (editor.replaced(given, both),))


def _told(
    network: Network, step: Step, option: str, before: str, after: str, edits: tuple[Edit, ...]
) -> Change:
    line = network.source.line_of(edits[0].start)
    return Change(step.name, option, before, after, line, "", edits, ())
