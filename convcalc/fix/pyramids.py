"""The stride or the pool that the encoder of a pyramid or a U-Net lacks below an upsampling."""

from collections.abc import Iterator

from convcalc.fix.branches import free_name, is_numbered, keyed
from convcalc.fix.exchanged import calls_ends
from convcalc.fix.in_branches import forked
from convcalc.fix.inserts import lines_before
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.pyramids import pool_of, unstepped
from convcalc.network.record import Network, Step
from convcalc.shapes import written
from convcalc.spec.edit import CannotEditError, Editor, entry_of, kind_of, options_at
from convcalc.tree.nodes import Mapping, Node

_MOST = 2  #: convs that are offered


def unstepped_below(
    network: Network, editor: Editor, root: Mapping, index: int
) -> Iterator[Change]:
    """For a branch that is enlarged and had not gone down, the step that leads to its level.

    Within a block all convs of a call that take their stride from one formula have it together.
    """
    steps, parted = network.steps, forked(network, index)
    if parted is None or len(parted.own) != 2:
        return
    within = set[int]().union(*parted.own.values())

    def together(at: int) -> list[int]:
        return [one for one in within if _stride(steps[one]) == _stride(steps[at])] or [at]

    own = [*parted.own.values()]
    found = unstepped(steps, [*parted.own], own, network.roundings, together)
    if found is None:
        return
    if found.pooled is not None:
        yield from _pooled(network, editor, root, steps[found.pooled], found.stride)
    for number, at in enumerate(found.convs[:_MOST], 1):
        step, stride = steps[at], str(found.stride)
        layer = step.layer
        assert isinstance(layer, Windowed), "it was found as a conv"
        try:
            edits = options_edits(editor, step, {"stride": stride}, layer)
        except CannotEditError:
            continue
        before, line = option_text(layer.steps), network.source.line_of(edits[0].start)
        rank = (0, 0, number)
        yield Change(
            step.name, "stride", before, stride, line, "", edits, rank, completes=True
        )  # fmt: skip


def _pooled(
    network: Network, editor: Editor, root: Mapping, step: Step, stride: int
) -> Iterator[Change]:
    """A pool as the others of the file, before the conv or the call with which a level begins."""
    pool = pool_of(network.steps, stride)
    at = step.place.calls[-1] if step.place.calls else kind_of(step)
    entry = entry_of(root).get(at.start) if isinstance(at, Node) else None
    if pool is None or not isinstance(at, Node) or (entry is not None and "from" in entry.entries):
        return
    word = getattr(kind_of(pool), "text", "")
    layer = word if options_at(pool) is None else f"{pool.kind}: {{kernel: {stride}}}"
    named = is_numbered(editor.text, pool.kind)
    try:
        name = [f"name: {free_name(network, 'pooled', [])}"] if named else []
        edit = lines_before(editor, entry or at, [(keyed(layer) if named else layer, *name)])
    except CannotEditError:
        return
    source = network.steps[step.inputs[0]]
    ends = {end: call for call, end in calls_ends(network).items()}
    reads, made = ends.get(step.inputs[0], source.name), step.units[0] if step.units else step.name
    *sizes, depth = source.output or (0,)
    yield Change(
        layer=made,
        option="reads",
        before=reads,
        after=f"`{layer}` of {reads}",
        line=network.source.line_of(edit.start),
        effect=f"{made} reads {written((*(size // stride for size in sizes), depth))}",
        edits=(edit,),
        rank=(0, 0, 0),
        inserts=True,
        completes=True,
    )


def _stride(step: Step) -> tuple[object, ...]:
    """Where the stride of a layer is given: in its entry, or by a formula that others have too."""
    options, calls = options_at(step), step.place.calls
    node = (options.get("stride") or options.get("S")) if options is not None else None
    text = getattr(node, "text", "")
    given = text if text[:1] == "=" and calls else id(step.place.kind)
    return (given, *map(id, calls))
