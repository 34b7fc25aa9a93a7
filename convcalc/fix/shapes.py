"""The shape that a `reshape` gives, as many numbers as arrive: in the words of its block."""

from collections.abc import Iterator
from math import prod

from convcalc.fix.record import Change
from convcalc.fix.scopes import numbers_as_arguments
from convcalc.layers.reshape import Reshape
from convcalc.network.record import Network
from convcalc.shapes import written
from convcalc.spec.edit import CannotEditError, Editor, options_at


def shape_changes(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For a `reshape` that gets another number of channels than it states, those that it gets.

    Of a vector, all numbers that arrive.

    A gate in a block is called with many widths: an argument, or `in_channels`, is right in all.
    """
    step = network.steps[index]
    if not isinstance(step.layer, Reshape):
        return
    given = network.steps[step.inputs[0]].output
    options = options_at(step)
    node = options.get("shape") if options is not None else None
    shape = step.layer.shape
    if given is None or node is None:
        return
    channels, rest = divmod(prod(given), prod(shape[:-1]))
    if rest or not channels or channels == shape[-1]:
        return
    words = [str(channels)]
    if step.place.calls:
        passed = ["=in_channels"] if given[-1] == channels else []
        words = [*numbers_as_arguments(network, step, channels), *passed, *words]
    for number, word in enumerate(words):
        text = written((*shape[:-1], channels))
        if word[:1] == "=":
            text = f"[{', '.join([*map(str, shape[:-1]), word])}]"
        try:
            edit = editor.replaced(node, text)
        except CannotEditError:
            return
        line = network.source.line_of(edit.start)
        before = editor.written(node)
        yield Change(step.name, "shape", before, text, line, "", (edit,), (0, number))
