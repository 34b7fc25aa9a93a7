"""The flat graph at the end of a lowering, with what there is to say of it."""

from typing import TYPE_CHECKING

from convcalc.interop.called import called
from convcalc.interop.flat import Flat, SourceCounts
from convcalc.interop.lower.beyond import beyond
from convcalc.interop.lower.estimated import estimated
from convcalc.interop.lower.layout import TO_A_VOLUME
from convcalc.interop.lower.merged import merged
from convcalc.interop.lower.met import met_by_number
from convcalc.interop.lower.taken import frozen, taken
from convcalc.interop.lower.weights import own_params
from convcalc.interop.names import few

if TYPE_CHECKING:
    from convcalc.interop.lower.lowering import Lowering

#: what exporters call every graph
_NO_NAMES = frozenset({"main_graph", "torch_jit", "torch-jit-export", "graph", "main", "tf2onnx"})


def finished(low: "Lowering", outputs: tuple[int, ...]) -> Flat:
    """The flat graph, with what there is to say of it."""
    trace = low.trace
    notes = [*trace.notes, *trace.inexact]
    notes += merged(low.folded, low.unfold)
    counted = {
        text: f"{text} ({count} times)" if count > 1 else text for text, count in low.noted.items()
    }
    notes += counted.values()
    inexact = [*trace.inexact]
    inexact += [noted for text, noted in counted.items() if text not in low.exact]
    params: int | None = low.weights.learned
    if low.unfold and low.folded:
        params = None
    own = own_params(low.builder.items)
    difference, uncounted = "", ""
    if params is not None and own is not None:
        difference = low.weights.difference(own)
    if difference:
        params = None
        notes.append(difference)
        inexact.append(difference)
    elif low.weights.worked_out:
        uncounted = low.weights.worked_out
        notes.append(uncounted)
        inexact.append(uncounted)
    if trace.taken_sizes:
        stated = f"sizes are as the file states them, not worked out: {few(trace.taken_sizes)}"
        notes.append(stated)
        inexact.append(stated)
        uncounted = "; ".join(filter(None, (stated, uncounted)))
    sizes = taken(low.taken, trace), frozen(met_by_number(trace, low.volumes), trace)
    notes += filter(None, [*sizes, estimated(trace, low.otherwise)])
    uncounted = "; ".join(filter(None, (trace.unknown, uncounted)))
    builder = low.builder
    return Flat(
        trace.path,
        "" if trace.name in _NO_NAMES else trace.name,
        trace.source,
        called(builder.items),
        outputs,
        builder.roundings,
        SourceCounts(params),
        tuple(notes),
        tuple(builder.faults),
        difference,
        tuple(inexact),
        uncounted,
        low.weights.spare(builder.items),
        trace.run,
        trace.running is not None,
        TO_A_VOLUME in low.noted,
        beyond(low, own),
    )
