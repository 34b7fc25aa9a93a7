"""Whole-number inference on small devices: what SRAM holds.

Volumes are int8; batch norms that are folded (`convcalc.memory.folding`, which also says what flash
holds) make none. Scales and zero points, code and the runtime's own buffers come on top of it.
"""

from collections import defaultdict
from itertools import accumulate, pairwise
from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.traits import Family
from convcalc.memory.arena import Arena, live_bytes, plan
from convcalc.memory.folding import folded
from convcalc.network.record import INPUT

_GRIDS = (2, 3, 4, 5, 6, 8)  #: patches a side that are tried
_FIRST = 100  #: layers at most that are run patch by patch: each more is tried with all before it


class Patches(NamedTuple):
    """Patch-based inference of the first layers (MCUNetV2, arXiv:2110.15352): an estimate."""

    grid: int
    """Patches a side."""
    last: int
    """The last layer that is run patch by patch."""
    peak: int
    """Bytes of SRAM then."""
    extra_macs: int
    """Multiply-accumulates that overlapping patches compute again."""


def quantized(analysis: Analysis) -> Analysis:
    """The analysis with batch norms folded into the layers before them: they write in place."""
    inside = folded(analysis)
    if not inside:
        return analysis
    rows = tuple(
        row._replace(in_place=True) if step in inside else row
        for step, row in enumerate(analysis.rows)
    )
    return analysis._replace(rows=rows)


def in_place_depthwise(analysis: Analysis, arena: Arena) -> Arena:
    """The arena where depthwise convolutions write over their input, channel by channel.

    As MCUNet's engine does (arXiv:2007.10319): of stride 1, and where nothing else reads the input.
    `arena` is the one without that, of the same analysis with its batch norms folded.
    """
    analysis = quantized(analysis)
    network, rows = analysis.network, list(analysis.rows)
    storages, readers = network.storages(analysis.shared_storage), network.readers()
    outside = defaultdict[int, list[int]](list)  # of each storage the readers that leave it
    for step, storage in enumerate(storages):
        outside[storage] += [r for r in readers[step] if r < 0 or storages[r] != storage]
    found = False
    for step, row in enumerate(analysis.rows):
        layer, inputs = row.step.layer, row.step.inputs
        if layer is None or layer.family is not Family.CONVOLUTION or row.in_place:
            continue
        storage = storages[inputs[0]]
        alone = outside[storage] == [step] and rows[storage].step.kind != INPUT
        if alone and _is_depthwise(row) and row.inputs[0] == row.step.output:
            rows[step], found = row._replace(in_place=True), True
    return plan(analysis._replace(rows=tuple(rows))) if found else arena


def widest(analysis: Analysis, arena: Arena) -> tuple[int, int]:
    """The layer whose volumes need most SRAM, and how much; `arena` is their plan."""
    live = live_bytes(arena.places, len(analysis.rows))
    step = max(range(len(live)), key=live.__getitem__)
    return step, live[step]


def patches(analysis: Analysis, arena: Arena) -> Patches | None:
    """What running the first layers patch by patch would need, where that is less.

    `arena` is the plan of the analysis with its batch norms folded.
    """
    analysis = quantized(analysis)
    live = live_bytes(arena.places, len(analysis.rows))
    rests = [*accumulate(reversed(live), max)][::-1]
    most: int = rests[0]
    best: Patches | None = None
    # rows of the input come as they are needed, but where something reads all of it later
    stays = len(analysis.network.readers()[0]) > 1
    for last in _chain(analysis):
        rest = rests[last + 1] if last + 1 < len(rests) else 0
        output = (analysis.rows[last].activations or 0) * analysis.settings.number_bytes
        for grid in _GRIDS:
            inside, extra = _patch(analysis, last, grid, stays)
            peak = max(rest, output + inside)
            if peak < most and (best is None or (peak, extra) < (best.peak, best.extra_macs)):
                best = Patches(grid, last, peak, extra)
    return best


def _is_depthwise(row: Row) -> bool:
    """Every output channel reads one input channel: weights are positions times channels."""
    layer, output = row.step.layer, row.step.output
    groups = getattr(layer, "groups", 1)
    return output is not None and (row.step.kind == "depthwise_conv" or groups == output[-1])


def _chain(analysis: Analysis) -> list[int]:
    """Layers from the input on that each read the one before alone, and need a part of it."""
    found: list[int] = []
    readers = analysis.network.readers()
    for before, step in pairwise(range(min(len(analysis.rows), 1 + _FIRST))):
        row = analysis.rows[step]
        layer, output = row.step.layer, row.step.output
        if layer is None or row.step.inputs != (before,) or output is None or len(output) < 2:
            break
        if layer.needs_whole_input:
            break
        found.append(step)
        if len(readers[step]) > 1:
            break
    return found


def _patch(analysis: Analysis, last: int, grid: int, stays: bool) -> tuple[int, int]:
    """Most bytes while one patch goes through the layers up to one, and the MACs that it adds.

    Args:
        analysis: the net.
        last: the layer that the patch is of.
        grid: patches a side.
        stays: whether the whole input is held meanwhile, of which no patch is copied then.
    """
    width = analysis.settings.number_bytes
    whole_input = analysis.rows[0].activations or 0 if stays else 0
    output = analysis.rows[last].step.output or ()
    sides = tuple(-(-side // grid) for side in output[:-1])
    peak = extra = 0
    for step in range(last, 0, -1):
        row = analysis.rows[step]
        layer, whole = row.step.layer, row.step.output or ()
        assert layer is not None, "inputs are in no chain"
        made = whole[-1] * _area(sides)
        extra += (row.macs or 0) * (made * grid ** len(sides)) // max(row.activations or 1, 1)
        extra -= row.macs or 0
        fields = layer.receptive_field_step(row.inputs, row.step.size)
        before = row.inputs[0]
        sides = tuple(
            min(int((side - 1) * field.stride) + field.extent, limit)
            for side, field, limit in zip(sides, fields, before[:-1], strict=True)
        )
        copied = not row.in_place and not (stays and step == 1)
        read = before[-1] * _area(sides) if copied else 0
        peak = max(peak, (made + read + whole_input) * width)
    return peak, max(extra, 0)


def _area(sides: tuple[int, ...]) -> int:
    found = 1
    for side in sides:
        found *= side
    return found
