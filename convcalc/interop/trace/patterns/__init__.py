"""Layers that the file writes out as several operations: found, and made one again.

A pattern looks at one operation and at what it was made from. Where it matches, the operation
becomes the whole layer; what it was made of falls away if nothing else reads it.
"""

from collections.abc import Callable

from convcalc.interop.trace.patterns import activations, gathered, linear, moves, norms, stacked
from convcalc.interop.trace.tensors import Op, Trace

Pattern = Callable[[Op, dict[int, list[Op]]], bool]

#: in this order, each over all operations
PATTERNS: tuple[Pattern, ...] = (
    moves.drop_identity,
    stacked.joined,
    stacked.mean_written_out,
    gathered.locally_connected,
    gathered.nearest,
    moves.drop_expand,
    activations.clip,
    activations.hard_sigmoid,
    activations.product,
    activations.prelu,
    moves.l2_pool,
    moves.channel_shuffle,
    moves.depth_written_out,
    moves.depth_in_order,
    moves.focus,
    norms.written_out,
    norms.local_response,
    norms.unfolded_response,
    norms.group_norm,
    norms.affine,
    moves.join_reshapes,
    moves.join_means,
    moves.drop_identity,
    linear.bias,
    moves.padding,
)


def recognise(trace: Trace) -> None:
    """Let every pattern look at every operation."""
    trace.alive()
    readers, known = trace.readers(), _known(trace)
    for pattern in PATTERNS:
        changed = False
        for op in known:
            changed = pattern(op, readers) or changed
        if changed:
            trace.alive()
            readers, known = trace.readers(), _known(trace)


def _known(trace: Trace) -> list[Op]:
    """The operations whose sizes are known: what follows from something without a kind has none."""
    return [
        op
        for op in trace.ops
        if op.inputs
        and op.output.shape is not None
        and all(tensor is None or tensor.shape is not None for tensor in op.inputs)
    ]
