"""What a written file does to memory: its branches run one by one, and it has layers alone."""

from collections.abc import Hashable

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.interop.flat import Flat
from convcalc.interop.network import network_of
from convcalc.memory.summary import memory_of
from convcalc.network.alike import in_order
from convcalc.network.record import Network


def reordered(network: Network, flat: Flat) -> str:
    """'' where a network runs in the order of the flat graph, or has the same peaks all the same.

    Else both peaks: sizes, parameters and MACs know no order, bytes that are alive at once do.
    """
    known: dict[Hashable, int] = {}
    own, other = in_order(network.steps, known), in_order(flat.items, known)
    if own == other:
        return ""
    peaks = zip(_peaks(network), _peaks(network_of(flat._replace(run=None))), strict=True)
    differing = [
        f"{run} peaks at {here:,} bytes, the model's at {there:,}"
        for (run, here), (_, there) in peaks
        if here != there
    ]
    if not differing:
        return ""
    same = sorted(own) == sorted(other)  # else a join of many is written as joins onto joins
    why = "layers run in another order" if same else "joins of many are made one after another"
    return f"folded, {why}: with batch 1 {', '.join(differing)} (--flat keeps the order)"


def said(flat: Flat) -> Flat:
    """A flat graph with a note where a program in use holds other bytes than its layers.

    A file says of each call whether it copies, gives a view or overwrites; a spec does not.
    """
    if flat.run is None or any(fault.severity is Severity.ERROR for _, fault in flat.faults):
        return flat
    program, layers = _peaks(network_of(flat))[:1], _peaks(network_of(flat._replace(run=None)))[:1]
    if program == layers or not layers:
        return flat
    note = (
        f"with batch 1 inference peaks at {layers[0][1]:,} bytes here, the program's at "
        f"{program[0][1]:,}: its file says of every call what it copies or overwrites, a spec of "
        "layers alone (`convcalc analyze` of the file has the program's)"
    )
    return flat._replace(notes=(*flat.notes, note))


def _peaks(network: Network) -> list[tuple[str, int]]:
    """The most bytes alive at once in each run, for one image; nothing of a net without sizes."""
    memory = memory_of(analyze(network))
    if memory is None:
        return []
    training = memory.training
    found = [("inference", memory.inference.peak)]
    return found if training is None else [*found, ("training", training.peak)]
