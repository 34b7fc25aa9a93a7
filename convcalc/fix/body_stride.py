"""The stride that the body of a residual block lacks, where its shortcut has it."""

from collections.abc import Iterator

from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.fix.scopes import stride_words
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.body_stride import unstepped
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Editor


def stepped(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For an add whose body stays as large as its input, the step that the shortcut makes.

    In a block it is written as the shortcut has it, or as an argument: other calls have others.
    """
    step = network.steps[index]
    ends = [*dict.fromkeys(step.inputs)]
    if step.kind != "add" or len(ends) != 2 or (parted := forked(network, index)) is None:
        return
    own = [*parted.own.values()]
    found = unstepped(network.steps, ends, own, parted.fork, network.roundings)
    if found is None:
        return
    beside = [network.steps[at] for at in sorted(own[1 - found.body])]
    words = stride_words(network, step, found.stride, beside, 0)
    for conv in found.convs:
        for word in dict.fromkeys((*words, str(found.stride))):
            yield from _change(network, editor, conv, word)


def _change(network: Network, editor: Editor, step: Step, word: str) -> Iterator[Change]:
    """A conv with a stride; nothing where the layout of the file does not allow it."""
    layer = step.layer
    assert isinstance(layer, Windowed), "it was found as a conv"
    try:
        edits = options_edits(editor, step, {"stride": word}, layer)
    except CannotEditError:
        return
    yield Change(
        layer=step.name,
        option="stride",
        before=option_text(layer.steps),
        after=word,
        line=network.source.line_of(edits[0].start),
        effect="",
        edits=edits,
        rank=(0, 0, 0),
        completes=True,
    )
