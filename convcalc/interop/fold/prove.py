"""Holding a written file against the flat graph, layer by layer, names apart."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Protocol

from convcalc.findings import Severity
from convcalc.interop.flat import Flat
from convcalc.layers.base import Layer
from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.spec.load import load


class _Step(Protocol):
    """A layer of either graph."""

    @property
    def layer(self) -> Layer | None: ...
    @property
    def inputs(self) -> tuple[int, ...]: ...
    @property
    def output(self) -> Shape | None: ...
    @property
    def shares(self) -> int | None: ...


def proved(text: str, flat: Flat) -> str:
    """'' where a spec is the flat graph, layer by layer; else what differs."""
    network = load("written.yaml", text.encode())
    errors = [f for f in network.findings if f.severity is Severity.ERROR]
    if errors:
        return f"the written file has an error: {errors[0].message}"
    return difference(network, flat)


def difference(network: Network, flat: Flat) -> str:
    """'' where a network is the flat graph; else the first layer that it lacks or has too many."""
    known: dict[Hashable, int] = {}
    own, other = numbered(network.steps, known), numbered(flat.items, known)
    here = Counter(n for n, step in zip(own, network.steps, strict=True) if not _passes(step))
    there = Counter(n for n, item in zip(other, flat.items, strict=True) if not _passes(item))
    missing, extra = there - here, here - there
    if missing:
        at = other.index(next(iter(missing)))
        return f"{flat.items[at].name} is not there as it was"
    if extra:
        at = own.index(next(iter(extra)))
        return f"{network.steps[at].name} was not there"
    ends = {own[i] for i in network.outputs} ^ {other[i] for i in flat.outputs}
    return "the outputs differ" if ends else ""


def numbered(graph: Sequence[_Step], known: dict[Hashable, int]) -> list[int]:
    """A number for each layer: equal for the same layer reading the same things."""
    found: list[int] = []
    inputs = 0
    for step in graph:
        if step.layer is None:
            said: Hashable = ("input", inputs, step.output)
            inputs += 1
        elif _passes(step):
            found.append(found[step.inputs[0]])
            continue
        else:
            owner = None if step.shares is None else found[step.shares]
            reads = tuple(found[i] for i in step.inputs)
            said = (step.layer.kind, face(step.layer), reads, step.output, owner)
        found.append(known.setdefault(said, len(known)))
    return found


def _passes(step: _Step) -> bool:
    """Whether a layer is an identity, which only gives a name to what it reads."""
    return step.layer is not None and step.layer.kind == "identity"


def face(layer: Layer) -> tuple[Hashable, ...]:
    """The options of a layer, written one way."""
    values: list[Hashable] = []
    for option in layer.options():
        value = layer.__dict__[option.name]
        if option.name == "stride" and value is None:
            value = layer.__dict__["kernel"]
        if isinstance(value, tuple) and value and len(set(value)) == 1:
            value = value[:1]
        values.append(value)
    return tuple(values)
