"""A flat graph as the network that every question is put to."""

from bisect import bisect_right

from convcalc.findings import Severity
from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.returned import lists_outputs, named
from convcalc.layers.base import Roundings
from convcalc.network.graph import Graph
from convcalc.network.place import Place
from convcalc.network.record import INPUT, Network, Step
from convcalc.network.remarks import Remarks
from convcalc.network.run import Run
from convcalc.source import Source


def network_of(flat: Flat) -> Network:
    """The network of a flat graph; findings of its sizes name the nodes of the source."""
    flat = named(flat)
    remarks = Remarks(flat.path)
    graph = Graph(remarks, flat.roundings)
    for item in flat.items:
        tensors = item.tensors
        place = Place(
            node=item.node, tensor=tensors.made, arrays=tensors.stored, linear=item.linear
        )
        if item.layer is None:
            graph.add_input(item.name, item.output or None, place)
            continue
        units = tuple(scope.path for scope in item.scopes)
        graph.add(
            Step(
                item.name,
                item.kind,
                item.layer,
                item.inputs,
                item.size,
                place,
                units,
                item.like,
                item.shares,
            )
        )
        graph.names[item.name] = len(graph.steps) - 1
    graph.report_unread(flat.outputs)
    for text in filter(None, (flat.difference, flat.uncounted)):
        remarks.error("CC123", text, None, severity=Severity.WARNING)
    return Network(
        Source(flat.path, ""),
        flat.name,
        "; ".join(flat.notes),
        flat.source,
        flat.roundings,
        tuple(graph.steps),
        tuple(sorted(flat.outputs)),
        (),
        (),
        (),
        (),
        tuple(remarks.findings),
        listed=flat.outputs if lists_outputs(flat) else (),
        spare=flat.spare,
        tells_overwriting=flat.tells_overwriting,
        vectors_first=flat.vectors_first,
        run=None if flat.run is None else _placed(flat.run, flat),
        beyond=flat.beyond,
    )


def _placed(run: Run, flat: Flat) -> Run:
    """A run whose calls belong to layers: each to the one that it ends, or else to the next one.

    Of several layers of a call (an output may be flattened after all others) it is the last that
    does not come behind those of later calls.
    """
    ends: dict[str, list[int]] = {}
    for at, item in enumerate(flat.items):
        if item.layer is not None:
            ends.setdefault(item.node, []).append(at)
    steps, at = [], len(flat.items) - 1
    for call in reversed(run.calls):
        own = ends.get(call.node, [])
        if place := bisect_right(own, at):
            at = own[place - 1]
        steps.append(at)
    of = {name: at for at, item in enumerate(flat.items) for name in item.tensors.learned}
    holders = tuple(of.get(array.name, len(flat.items) - 1) for array in run.arrays)
    return run._replace(steps=tuple(reversed(steps)), holders=holders)


def unsupported(path: str, error: UnsupportedError) -> Network:
    """A network that could not be made: its inputs alone, with a finding for each reason."""
    remarks = Remarks(path)
    for line in error.lines:
        take = f"`convcalc import {error.advice}` takes the part before it"
        help = tuple(filter(None, (error.instead, take if error.advice else "")))
        remarks.error("CC011", f"no layer kind for {line}", None, "", help)
    steps = _inputs(error.part, remarks).steps
    source, inputs = Source(path, ""), tuple(steps)
    return Network(
        source, "", "", "", Roundings(), inputs, (), (), (), (), (), tuple(remarks.findings)
    )


def _inputs(part: Flat, remarks: Remarks) -> Graph:
    """The inputs of what could be read; one of unknown size where not even that could be."""
    graph = Graph(remarks, part.roundings)
    for item in part.items:
        if item.layer is None:
            place = Place(node=item.node, tensor=item.tensors.made)
            graph.add_input(item.name, item.output or None, place)
    if not graph.steps:
        graph.add_input(INPUT, None, Place())
    return graph
