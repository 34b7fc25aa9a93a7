"""A flat graph as the text of a spec: folded where that is proved equal, else layer by layer."""

from typing import NamedTuple

from convcalc.interop.flat import Flat
from convcalc.interop.fold.blocks import fold
from convcalc.interop.fold.branches import reduced
from convcalc.interop.fold.clean import cleaned
from convcalc.interop.fold.prove import proved
from convcalc.interop.fold.text import footer, header, text_of
from convcalc.interop.network import network_of
from convcalc.spec.plain import written_out

_MOST_TRIED = 1200  #: layers of nets that are folded both ways, the shorter text taken


class Written(NamedTuple):
    """A spec's text, and what to say about it."""

    text: str
    folded: bool
    remark: str = ""
    """Why it is not folded, where it was to be."""


def counted(flat: Flat) -> tuple[int, int]:
    """Parameters and MACs of all layers."""
    params = macs = 0
    for item in flat.items:
        if item.layer is None:
            continue
        inputs = tuple(flat.items[i].output for i in item.inputs)
        if item.shares is None:
            params += item.layer.parameters(inputs, item.output).learned
        macs += item.layer.macs(inputs, item.output)
    return params, macs


def flat_text(flat: Flat) -> str:
    """One entry a layer, with the source's own names."""
    body = written_out(network_of(flat), {}).splitlines()
    start = body.index("layers:")
    own = [line for line in body[start:] if not line.startswith("expect:")]
    params, macs = counted(flat)
    known = flat.counts.params if flat.counts.params is not None else params
    return "\n".join([*header(flat), *own, *footer(flat.items[-1].output, [], known, macs)]) + "\n"


def write(flat: Flat, folded: bool = True) -> Written:
    """The spec of a flat graph."""
    if not folded:
        return Written(flat_text(flat), False)
    clean, rewritten = cleaned(flat)
    if rewritten:
        text = "joins of many are written as joins onto joins: sizes and MACs are equal"
        clean = clean._replace(notes=(*clean.notes, text))
    params, macs = counted(clean)
    known = clean.counts.params if clean.counts.params is not None else params
    orders = (False, True) if len(clean.items) <= _MOST_TRIED else (False,)
    found = []
    for small_first in orders:
        net = reduced(clean)
        blocks = fold(net, clean, small_first)
        found.append(text_of(clean, net, blocks, known, macs))
    fault = ""
    for text in sorted(found, key=lambda text: text.count("\n")):
        fault = proved(text, clean)
        if not fault:
            return Written(text, True)
    return Written(flat_text(flat), False, f"not folded: {fault}")
