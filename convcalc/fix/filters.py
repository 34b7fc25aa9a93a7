"""Changes that make the branches of an add or multiply equally deep."""

from collections import Counter
from collections.abc import Iterator

from convcalc.findings import Severity
from convcalc.fix.in_branches import forked
from convcalc.fix.record import Change
from convcalc.fix.scopes import numbers_as_arguments
from convcalc.fix.work import Work
from convcalc.network.merge_repairs import depth_option, gates, makers_of
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor, kind_of, options_at
from convcalc.tree.nodes import Scalar

_IMAGE = 4  #: channels of an image; as many filters are hardly meant
_MOST = 2_000  #: inputs that are looked at, over all depths


def filter_changes(network: Network, editor: Editor, index: int, work: Work) -> Iterator[Change]:
    """For each depth that an input of a merge has, the last convs of the others with as many.

    The depth that most inputs have comes first: fewest layers differ from it.
    """
    step = network.steps[index]
    shapes = [network.steps[i].output or () for i in step.inputs]
    if () in shapes:
        return
    spread = gates(step.kind, shapes)  # a gate follows the volume, whose depth others read too
    volumes = [shape for place, shape in enumerate(shapes) if place not in spread]
    if len({shape[:-1] for shape in volumes}) > 1:
        return
    looked = 0
    read = not any(f.severity is Severity.ERROR and f.code < "CC1" for f in network.findings)
    for depth, count in Counter(shape[-1] for shape in volumes).most_common():
        looked += len(shapes) - count
        if looked > _MOST:
            work.skipped(f"every depth of every branch of {step.name}")
            break
        others = [i for i, shape in zip(step.inputs, shapes, strict=True) if shape[-1] != depth]
        for made_by in makers_of(network.steps, dict.fromkeys(others)):
            if made_by is None:
                continue
            words = numbers_as_arguments(network, made_by, depth) if made_by.place.calls else []
            if read:  # a formula that fits the calls that can be read may not fit the others
                ahead = step.kind != "add" or len(step.inputs) > 2
                ahead = ahead or _is_shortcut(network, index, made_by)
                yield from _of_all_calls(network, editor, made_by, depth, words, ahead)
                yield from _passed(network, editor, made_by, depth, step, ahead)
            for word in (*words, str(depth)):  # in a block the calls' own widths come first
                yield from _change(network, editor, made_by, depth, word)


def _is_shortcut(network: Network, index: int, step: Step) -> bool:
    """Whether a conv is the projection of an add of two: it reads what both branches read."""
    found = forked(network, index)
    return found is not None and step.inputs == (found.fork,)


def _of_all_calls(
    network: Network,
    editor: Editor,
    step: Step,
    depth: int,
    words: list[str],
    ahead: bool,
) -> Iterator[Change]:
    """Another formula in a block, whose filters are wrong in all calls: `=c/16` for `=c`.

    A name alone comes last, as a call gives another number. Of the two branches of an add the
    shortcut comes `ahead`: it follows the body.
    """
    option, options = depth_option(step), options_at(step)
    node = (options.get(option) or options.get("K")) if options is not None else None
    if not isinstance(node, Scalar) or node.text[:1] != "=" or not step.place.calls:
        return
    before = editor.written(node)
    if node.text not in before:
        return  # it is written elsewhere
    alone = int(node.text[1:].strip().isidentifier())
    for number, word in enumerate(words):
        edit = Edit(editor.inside(node), editor.end(node), word)
        line, rank = network.source.line_of(edit.start), (alone, int(not ahead), depth, number)
        yield Change(step.name, option, before, word, line, "", (edit,), rank)


def _passed(
    network: Network, editor: Editor, step: Step, depth: int, merge: Step, ahead: bool
) -> Iterator[Change]:
    """Another formula that a call in a block gives the block it calls: `se: {c: =f/4}`.

    Where the merge is in that block too: else one of the calls around gives another number.
    """
    option, options = depth_option(step), options_at(step)
    node = (options.get(option) or options.get("K")) if options is not None else None
    passed = editor.calls.passed(node, step) if editor.calls is not None and node else None
    if passed is None or passed[1] >= len(step.units):
        return
    if step.units[-1 - passed[1]] not in merge.units:
        return
    given, level = passed
    words = numbers_as_arguments(network, step, depth, level)
    for number, word in enumerate(words if given.text in editor.written(given) else ()):
        edit = Edit(editor.inside(given), editor.end(given), word)
        line, rank = network.source.line_of(edit.start), (0, int(not ahead), depth, number)
        yield Change(step.name, option, given.text, word, line, "", (edit,), rank)


def _change(
    network: Network, editor: Editor, step: Step, depth: int, word: str
) -> Iterator[Change]:
    option = depth_option(step)
    try:
        ways = _ways(editor, step, option, word)
    except CannotEditError:
        return
    for number, (edit, before) in enumerate(ways):
        line = network.source.line_of(edit.start)
        distance = abs(depth - int(before)) if before.isdigit() else depth
        unlikely = int(depth <= _IMAGE)
        rank = (unlikely, distance, depth, number)
        yield Change(step.name, option, before, word, line, "", (edit,), rank)


def _ways(editor: Editor, step: Step, option: str, word: str) -> list[tuple[Edit, str]]:
    options = options_at(step)
    if options is not None and options.entries:
        node = options.get(option) or options.get("K")
        if node is None:
            raise CannotEditError(f"{step.name} does not give {option}")
        return editor.ways(node, step, word)
    short = getattr(kind_of(step), "text", "")
    head, dash, tail = short.partition("-")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    if not dash or not digits or not word.isdigit():
        raise CannotEditError(f"{short} gives no {option}")
    return [(editor.replaced(kind_of(step), f"{head}-{word}{tail[digits:]}"), tail[:digits])]
