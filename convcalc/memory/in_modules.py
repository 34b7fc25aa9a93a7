"""Inference of code whose blocks are modules, as `export` writes it.

``x = self.block(x)`` holds what the block reads until the block returns: the caller's name and the
arguments of the call do, whatever the block itself lets go. A slice is a view in such code, which
holds all of what it is cut from.
"""

from collections.abc import Mapping

from convcalc.analysis.record import Analysis, Row
from convcalc.memory.beforehand import taken_apart
from convcalc.memory.forward import Forward, run_inference
from convcalc.memory.trace import Trace
from convcalc.network.groups import Edges, Group, grouped
from convcalc.network.record import Network

#: Kinds whose output is a view of their input in PyTorch, and counts as a copy elsewhere.
_VIEWS = frozenset(("slice", "crop"))

Held = Mapping[int, tuple[int, ...]]  #: by step the volumes that are held until it is done


def in_modules(analysis: Analysis) -> Trace | None:
    """The trace of a forward pass in use of such code.

    None where no call holds what it is given.
    """
    held = _frames(analysis.network)
    if not held:
        return None
    analysis = _with_views(analysis)
    apart = taken_apart(analysis)
    if apart is None:
        return run_inference(Forward(analysis, training=False, held=held))
    both = {step: list(sources) for step, sources in apart.held.items()}
    for step, sources in held.items():
        both.setdefault(apart.ends[step], []).extend(apart.ends[source] for source in sources)
    together = {step: tuple(sources) for step, sources in both.items()}
    trace = run_inference(Forward(apart.analysis, training=False, held=together))
    trace.renumber(apart.origin)
    return trace


def _frames(network: Network) -> Held:
    """What the calls of modules hold, by the last layer of each."""
    edges, found = Edges(network), dict[int, list[int]]()
    waiting = [grouped(network)]
    while waiting:
        for child in waiting.pop().children.values():
            if isinstance(child, Group):
                waiting.append(child)
                entry = edges.entry(child)
                if entry is not None and edges.closed(child):
                    found.setdefault(child.steps[-1], []).append(entry)
    return {step: tuple(sources) for step, sources in found.items()}


def _with_views(analysis: Analysis) -> Analysis:
    """The net with slices as views, but for those that are overwritten: these stay copies."""
    steps = analysis.network.steps
    if not any(step.kind in _VIEWS for step in steps):
        return analysis
    overwritten = {row.step.inputs[0] for row in analysis.rows if _overwrites(row)}
    rows = [
        row._replace(in_place=True) if row.step.kind in _VIEWS and at not in overwritten else row
        for at, row in enumerate(analysis.rows)
    ]
    return analysis._replace(rows=rows)


def _overwrites(row: Row) -> bool:
    return row.in_place and row.step.layer is not None and not row.step.layer.is_view
