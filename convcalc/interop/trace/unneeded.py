"""What of a net no output needs, and what to say of it: operations that run for nothing."""

from convcalc.interop.names import listed
from convcalc.interop.trace.tensors import Op, Trace, learned_by, needed_by

_NO_OUTPUT = "no output needs them"
_UPDATES = "only updates of the module's own arrays need them"


def unneeded(trace: Trace) -> tuple[str, ...]:
    """What to say of the parameters and operations that no output is made from.

    An operation of a module that is named as a whole is not named again, nor is one that moves
    nothing, nor a node of which another part is needed (a split, the places of a maximum). Where
    the net ends early, only the parameters are named: the rest is `Trace.cut`'s.
    """
    lost = [] if trace.ends_early else _lost(trace)
    updating = needed_by(trace.updates)
    updated = [op for op in lost if id(op) in updating]
    others = [op for op in lost if id(op) not in updating]
    gone = {id(op) for op in lost}
    read = learned_by(op for op in trace.ops if id(op) not in gone)
    own = trace.params(learned_by(updated) - read)
    paths = {scope.path for op in updated for scope in op.scopes}
    params = trace.unread_params
    params = trace.params(learned_by(lost) - read) if params is None else params
    found = []
    for why, ops, held, updates in (
        (_NO_OUTPUT, others, params - own, False),
        (_UPDATES, updated, own, True),
    ):
        modules = tuple(path for path in trace.unread if (path in paths) is updates)
        named = [*modules, *(op.name for op in ops if not _inside(op, modules))]
        if named:
            found.append(f"left out, since {why}: {listed(named, held)}")
    return tuple(found)


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
