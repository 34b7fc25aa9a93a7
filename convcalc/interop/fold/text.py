"""The whole text of a folded net."""

import json

from convcalc.interop.flat import Flat
from convcalc.interop.fold.entries import Writer
from convcalc.interop.fold.leaf import POOLS
from convcalc.interop.fold.lines import block, flow, listed
from convcalc.interop.fold.regions import Region
from convcalc.interop.fold.tree import FoldedBlock
from convcalc.layers.base import Roundings
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, written
from convcalc.window import Rounding


def text_of(
    flat: Flat, net: Region, blocks: list[FoldedBlock], params: int, macs: int | None
) -> str:
    """The whole file.

    Args:
        flat: what it says of itself: name, source, inputs, notes.
        net: its layers.
        blocks: the blocks that they call.
        params: learned parameters.
        macs: multiply-accumulates; None where a layer has no size.
    """
    outputs = ((i, flat.items[i]) for i in flat.outputs)
    writer = Writer({i: item.name for i, item in outputs if item.returned and item.layer})
    lines = header(flat)
    if blocks:
        lines.append("blocks:")
        for found in blocks:
            lines += _definition(writer, found)
    lines.append("layers:")
    lines += block(writer.region(net, None, flat.outputs), 2)
    last = net.runs[-1].elements[-1].nodes[-1]
    # an input that goes out as it is, in no sequence of layers
    given = {i: flat.items[i].name for i in flat.outputs if flat.items[i].layer is None}
    names = writer.outputs | given
    returned = [names[i] for i in dict.fromkeys(flat.outputs) if i in names]
    lines += footer(flat.items[last].output, returned, params, macs)
    return "\n".join(lines) + "\n"


def header(flat: Flat) -> list[str]:
    """Name, source, notes, inputs and rounding."""
    lines = []
    if flat.name:
        lines.append(f"name: {json.dumps(flat.name, ensure_ascii=False)}")
    lines.append(f"source: {json.dumps(flat.source, ensure_ascii=False)}")
    if flat.notes:
        lines.append(f"notes: {json.dumps('; '.join(flat.notes), ensure_ascii=False)}")
    inputs = flat.inputs
    if len(inputs) == 1 and inputs[0].name == "input":
        lines.append(f"input: {written(inputs[0].output)}")
    else:
        pairs = ", ".join(f"{flow(item.name)}: {written(item.output)}" for item in inputs)
        lines.append(f"inputs: {{{pairs}}}")
    rounding = needed_rounding(flat)
    if rounding:
        lines.append(f"rounding: {rounding}")
    return lines


def needed_rounding(flat: Flat) -> str:
    """`rounding:` as far as some window needs it."""
    conv = pool = False
    for item in flat.items:
        if isinstance(item.layer, Windowed) and any(w.remainder for w in item.size.windows):
            own = item.layer.__dict__.get("rounding")
            if item.layer.kind in POOLS:
                pool = pool or own is None
            else:
                conv = True
    wanted = flat.roundings
    if wanted == Roundings() or not (conv or pool):
        return ""
    if wanted.conv == wanted.pool or (pool and not conv and wanted.pool is Rounding.FLOOR):
        return wanted.pool.value
    if not pool:
        return wanted.conv.value
    return f"{{conv: {wanted.conv.value}, pool: {wanted.pool.value}}}"


def _definition(writer: Writer, found: FoldedBlock) -> list[str]:
    lines = [f"  {found.name}:"]
    if found.params:
        args = ", ".join(
            f"{name}: {'' if default is None else flow(writer.value(default))}"
            for name, default in found.params
        )
        lines.append(f"    args: {{{args}}}")
    (first, *_) = found.body
    if found.reads or found.ends:
        assert isinstance(first, Region), "a block with several ends is a region"
        known: dict[int | str, str] = dict(found.reads)
        known.update(found.ends)
        nodes = tuple(node for node, _ in found.ends)
        entries = writer.region(first, iter(found.exprs), nodes, known)
    else:
        entries = writer.sequence(found.body, iter(found.exprs))
    return [*lines, *listed("layers", entries, 4)]


def footer(output: Shape, names: list[str], params: int, macs: int | None) -> list[str]:
    """Outputs, and what the file is expected to come to."""
    lines = [f"outputs: {flow([*names])}"] if names else []
    if macs is None:  # a layer has no size: nothing is to be expected of the net
        return lines
    expected = [f"macs: {macs}", f"output: {written(output)}"]
    if params:
        expected.insert(0, f"params: {params}")
    lines.append(f"expect: {{{', '.join(expected)}}}")
    return lines
