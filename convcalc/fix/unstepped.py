"""A pool in a branch of a concat that steps where no other branch does: single steps were meant."""

from collections.abc import Iterator

from convcalc.fix.frameworks import half_padded
from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.option import Value
from convcalc.layers.pool import Pool
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.merge_repairs import is_unpadded
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Editor

_NAMED = 3  #: layers that a change names
_SMALL = 3  #: windows of modules; larger ones without padding are pyramids, enlarged again


def unstepped(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For a concat whose branches stay as large but for its pools, single steps of the pools.

    Inception modules pool so (Szegedy et al. 2015, section 5). Convs that have no padding are
    padded with them. A pool before a larger conv was meant to step: it sees more.
    """
    step = network.steps[index]
    if step.kind != "concat" or (parted := forked(network, index)) is None:
        return
    size = (network.steps[parted.fork].output or ())[:-1]
    if all((network.steps[end].output or ())[:-1] != size for end in parted.own):
        return
    pools: list[Step] = []
    unpadded: list[int] = []
    for own in map(sorted, parted.own.values()):
        found = _stepping(network, own, few=len(parted.own) < 3)
        if found is None:
            return
        pools += found
        unpadded += [at for at in own if network.steps[at] not in found]
    if pools:
        padded = [at for at in dict.fromkeys(unpadded) if is_unpadded(network.steps[at])]
        change = _change(
            network, editor, pools, [half_padded(network, editor, at) for at in padded], size
        )
        if change is not None:
            yield change


def _stepping(network: Network, own: list[int], few: bool) -> list[Step] | None:
    """The pools that step in a branch; None where it is not plain that they should not."""
    pools: list[Step] = []
    for at in own:
        step = network.steps[at]
        layer = step.layer
        if len(step.inputs) != 1:
            return None
        if not isinstance(layer, Windowed):
            before = network.steps[step.inputs[0]].output or ()
            if before[:-1] != (step.output or ())[:-1]:
                return None
        elif max(layer.steps) > 1:
            if not isinstance(layer, Pool):
                return None
            overlaps = max(layer.steps) < min(layer.kernel)
            small = max(layer.kernel) <= _SMALL and (overlaps or not few)
            if not small and not _padded_to_keep(network, step, layer):
                return None
            pools.append(step)
        elif pools and set(layer.kernel) != {1}:
            return None
    return pools


def _padded_to_keep(network: Network, step: Step, layer: Pool) -> bool:
    """Whether the padding of a pool is half of its window: YOLO's pyramids of them step by one."""
    shape = network.steps[step.inputs[0]].output or ()
    single = layer.replace(stride=(1,))
    return layer.pad != (0,) and single.sizing((shape,), network.roundings).output == shape


def _change(
    network: Network,
    editor: Editor,
    pools: list[Step],
    convs: list[Change | None],
    size: Shape,
) -> Change | None:
    """Single steps of some pools and the padding of some layers, as one change."""
    padded = [change for change in convs if change is not None]
    edits = [edit for change in padded for edit in change.edits]
    names = [change.layer for change in padded]
    befores, afters = [change.before for change in padded], {change.after for change in padded}
    try:
        for step in pools:
            layer = step.layer
            assert isinstance(layer, Pool), "they were found as pools"
            shape = (*size, (network.steps[step.inputs[0]].output or (1,))[-1])
            pad = _keeping(network, layer, shape)
            if pad is None:
                return None
            values = {"stride": "1"}
            if pad != layer.pad:
                values["pad"] = option_text(pad)
                befores.append(option_text(layer.pad))
                afters.add(option_text(pad))
            edits += options_edits(editor, step, values, layer)
            names.append(step.name)
    except CannotEditError:
        return None
    names = [*dict.fromkeys(names)]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    strides = (option_text(getattr(step.layer, "steps", (1,))) for step in pools)
    stride = ", ".join(dict.fromkeys(strides))
    pads = afters.pop() if len(afters) == 1 else "half of the window"
    start = min(edit.start for edit in edits)
    return Change(
        layer=", ".join([*names[:_NAMED], *more]),
        option="stride, pad" if befores else "stride",
        before=f"{stride}, {befores[0]}" if befores else stride,
        after=f"1, {pads}" if befores else "1",
        line=network.source.line_of(start),
        effect="",
        edits=tuple(dict.fromkeys(edits)),
        rank=(0, 0, len(names)),
        completes=True,
    )


def _keeping(network: Network, layer: Pool, shape: Shape) -> Value | None:
    """The padding with which a pool in single steps makes as much as it reads."""
    single = layer.replace(stride=(1,))
    for pad in (layer.pad, half_padding(single.replace(pad=(0,)), shape[:-1]), "same"):
        if pad is None:
            continue
        made = single.replace(pad=pad).sizing((shape,), network.roundings).accepted
        if made is not None and made[:-1] == shape[:-1]:
            return pad
    return None
