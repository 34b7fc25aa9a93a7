"""The single changes that could repair one layer, written as edits of the file's text."""

from collections.abc import Iterator

from convcalc.fix.filters import filter_changes
from convcalc.fix.options import ORDER, option_change
from convcalc.fix.other_way_round import other_way_round
from convcalc.fix.record import Change
from convcalc.fix.resized import resized
from convcalc.fix.roundings import rounding_changes
from convcalc.fix.work import Work
from convcalc.layers.repair import changes as exact_values
from convcalc.layers.windowed import Windowed
from convcalc.network.record import INPUT, Network
from convcalc.shapes import Shape, written
from convcalc.sizes.nearest import nearest_sizes
from convcalc.sizes.resize import UnfinishedNetError
from convcalc.spec.edit import CannotEditError, Editor, kind_of
from convcalc.tree.nodes import Mapping

_AS_ONE = 2  #: layers that are sized alone as fast as one with all that is known of it


def changes_for(
    network: Network, whole: Editor, root: Mapping, index: int, work: Work
) -> Iterator[Change]:
    """Every change that makes a layer come out, as far as the file's layout allows the edit."""
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    editor, variables = Editor(network.source), root.get("vars")
    editor.variables = variables if isinstance(variables, Mapping) else None
    editor.find_calls, editor.in_calls = whole.find_calls, whole.in_calls
    yield from other_way_round(network, editor, index)
    if len(step.inputs) > 1:
        yield from filter_changes(network, editor, index, work)
    if not isinstance(layer, Windowed) or shape is None:
        return
    for option, values in exact_values(layer, shape):
        for value in values:
            try:
                yield option_change(network, editor, step, option, value, layer, shape)
            except CannotEditError:
                continue
    if not work.is_over:
        yield from _input(network, editor, work)
    yield from rounding_changes(network, editor, root, step, layer)


def _input(network: Network, editor: Editor, work: Work) -> Iterator[Change]:
    """Another input for which the whole net comes out."""
    step = network.steps[0]
    shape = step.output
    if shape is None or step.name != INPUT:
        return
    try:
        sizes = nearest_sizes(network, lambda sized: work.spent(sized // _AS_ONE))
    except UnfinishedNetError:
        return
    for spatial in sizes:
        if any(2 * new < old for new, old in zip(spatial, shape, strict=False)):
            continue  # hardly a repair: nothing of the image would be left
        wanted = (*spatial, shape[-1])
        try:
            edits = resized(editor, kind_of(step), wanted)
        except CannotEditError:
            return
        rank = (ORDER.index("input"), sum(map(abs, _less(spatial, shape))), *spatial)
        line = network.source.line_of(edits[0].start)
        before, after = written(shape), written(wanted)
        yield Change(INPUT, "input", before, after, line, f"the input is {after}", edits, rank)


def _less(spatial: Shape, shape: Shape) -> Shape:
    return tuple(a - b for a, b in zip(spatial, shape, strict=False))
