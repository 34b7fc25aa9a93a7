"""What of a net no output needs, and what to say of it: operations that run for nothing."""

from convcalc.interop.names import listed
from convcalc.interop.trace.tensors import Op, Trace, learned_by, needed_by


def unneeded(trace: Trace) -> tuple[str, ...]:
    """What to say of the parameters and operations that no output is made from.

    An operation of a module that is named as a whole is not named again, nor is one that moves
    nothing, nor a node of which another part is needed (a split, the places of a maximum). Where
    the net ends early, only the parameters are named: the rest is `Trace.cut`'s.
    """
    lost = [] if trace.ends_early else _lost(trace)
    named = [*trace.unread, *(op.name for op in lost if not _inside(op, trace.unread))]
    if not named:
        return ()
    params = trace.unread_params
    if params is None:
        gone = {id(op) for op in lost}
        kept = (op for op in trace.ops if id(op) not in gone)
        params = trace.params(learned_by(lost) - learned_by(kept))
    return (f"left out, since no output needs them: {listed(named, params)}",)


def _lost(trace: Trace) -> list[Op]:
    """The operations of nodes of which no output needs any part."""
    needed = needed_by(trace.outputs)
    nodes = {op.name for op in trace.ops if id(op) in needed}
    return [op for op in trace.ops if op.name not in nodes and _runs(op)]


def _runs(op: Op) -> bool:
    """Whether an operation works on volumes, and does more than hand one on or rename its axes."""
    return op.kind not in {"identity", "reshape"} and not all(
        tensor.constant for tensor in op.outputs
    )


def _inside(op: Op, modules: tuple[str, ...]) -> bool:
    return any(scope.path in modules for scope in op.scopes)
