"""A flat graph as the text of a spec: folded where that is proved equal, else layer by layer."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.findings import Severity
from convcalc.interop.flat import Flat, UnreadableError
from convcalc.interop.fold.blocks import Scopes, fold, forget
from convcalc.interop.fold.branches import reduced
from convcalc.interop.fold.clean import cleaned
from convcalc.interop.fold.order import reordered
from convcalc.interop.fold.prove import fault, proved, read_back
from convcalc.interop.fold.regions import Region, lists, regions
from convcalc.interop.fold.text import footer, header, text_of
from convcalc.interop.fold.tree import FoldedBlock
from convcalc.interop.fold.wide import widen
from convcalc.interop.network import network_of
from convcalc.interop.returned import named
from convcalc.spec.plain import written_out
from convcalc.tree.decode import TRUSTED

#: the longest runs of layers that are taken first, round by round: ways of folding a net
_WAYS = ((), (4,), (2, 2), (3,), (3, 3), (2,), (4, 4), (2, 2, 2))
_MOST = 10**18  #: what the numbers of `expect:` stay below
_MOST_TRIED = 4000  #: layers that are folded, all ways together


class Written(NamedTuple):
    """A spec's text, and what to say about it."""

    text: str
    folded: bool
    remark: str = ""
    """Why it is not folded, where it was to be; or what folding does to its memory."""
    notes: tuple[str, ...] = ()
    """Those of its text."""


def counted(flat: Flat) -> tuple[int, int | None]:
    """Parameters and MACs of all layers; 0 and None where one of them has no size."""
    params = macs = 0
    for item in flat.items:
        if not item.output:
            return 0, None
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


def _folded(flat: Flat) -> Iterator[tuple[Region, list[FoldedBlock]]]:
    """The net folded in several ways: which gives the shortest text is seen when it is written."""
    ways = _WAYS[: max(1, _MOST_TRIED // max(len(flat.items), 1))]
    scopes = Scopes(flat)
    for joins in (False, True):
        net = reduced(flat, joins)
        if joins and not any(regions(net)):
            return
        before = [(found, list(found)) for found in lists(net)]
        for small in ways:
            blocks = fold(net, scopes, small)
            blocks += widen(net, scopes, flat.outputs, {block.name for block in blocks})
            yield net, blocks
            for found, elements in before:
                found[:] = elements
            forget(net)


def write(flat: Flat, folded: bool = True) -> Written:
    """The spec of a flat graph.

    Raises:
        UnreadableError: a layer does not fit, or is beyond what a spec can hold.
    """
    refuse_unsound(flat)
    own = named(flat)
    if not folded:
        return Written(_proved_flat(own), False, notes=own.notes)
    shown = named(flat, folded=True)
    clean, rewritten = cleaned(shown)
    if rewritten:
        text = "joins of many are written as joins onto joins: sizes and MACs are equal"
        clean = clean._replace(notes=(*clean.notes, text))
    params, macs = counted(clean)
    known = clean.counts.params if clean.counts.params is not None else params
    found = [text_of(clean, net, blocks, known, macs) for net, blocks in _folded(clean)]
    for text in sorted(found, key=lambda text: text.count("\n")):
        network = read_back(text)
        if not fault(network, clean):
            return Written(text, True, reordered(network, flat), shown.notes)
    why = "not folded: read back from blocks and branches it is not the same net"
    return Written(_proved_flat(own), False, why, own.notes)


def _proved_flat(flat: Flat) -> str:
    """One entry a layer, read back."""
    text = flat_text(flat)
    wrong = proved(text, flat, TRUSTED)
    if wrong:
        raise UnreadableError(wrong)
    return text


def refuse_unsound(flat: Flat) -> None:
    """Refuse layers that do not fit, and more parameters or MACs than a spec can state.

    Raises:
        UnreadableError: names the layer.
    """
    for index, found in flat.faults:
        if found.severity is Severity.ERROR:
            raise UnreadableError(f"layer {flat.items[index].node}: {found.message}")
    params = macs = 0
    for item in flat.items:
        if item.layer is None or not item.output:
            continue
        inputs = tuple(flat.items[i].output for i in item.inputs)
        params += item.layer.parameters(inputs, item.output).learned
        macs += item.layer.macs(inputs, item.output)
        for count, what in ((params, "parameters"), (macs, "MACs")):
            if count >= _MOST:
                text = f"layer {item.node}: with it the net has {count:,} {what}"
                raise UnreadableError(f"{text}: a spec states less than 10**18")
