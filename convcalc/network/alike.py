"""Which layers of two graphs are the same: one kind and options, reading the same things."""

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

from convcalc.layers.base import Layer
from convcalc.layers.computed import PASSES
from convcalc.layers.traits import Places
from convcalc.shapes import Shape


class Node(Protocol):
    """A layer of either graph."""

    @property
    def layer(self) -> Layer | None: ...
    @property
    def inputs(self) -> tuple[int, ...]: ...
    @property
    def output(self) -> Shape | None: ...
    @property
    def shares(self) -> int | None: ...
    @property
    def like(self) -> int | None: ...


def numbered(
    graph: Sequence[Node],
    known: dict[Hashable, int],
    does: Callable[[int], Hashable] | None = None,
) -> list[int]:
    """A number for each layer: equal for the same layer reading the same things, by whatever name.

    Args:
        graph: layers, each after what it reads.
        known: the numbers given so far; one mapping for all graphs that are compared.
        does: what a layer is, by its place; left out, its kind and its options as they are given,
            and the order of what it reads.
    """
    found: list[int] = []
    inputs = 0
    for step in graph:
        said = None if does is None or step.layer is None else does(len(found))
        if passes(step) or said == PASSES:
            found.append(found[step.inputs[0]])
            continue
        reads = tuple(found[i] for i in step.inputs)
        if does is not None and step.layer is not None and step.layer.commutes:
            reads = tuple(sorted(reads))
        if step.layer is None:
            key: Hashable = ("input", inputs, step.output, reads)
            inputs += 1
        else:
            owner = None if step.shares is None else found[step.shares]
            if said and len(reads) > 2 and step.layer.places is Places.JOINED:
                reads = _two_by_two(graph, step.inputs, reads, said, known)
            key = (said or (step.layer.kind, face(step.layer)), reads, step.output, owner)
            if step.like is not None and not said:
                key = (*key, found[step.like])  # few have it, and a net has many keys
        found.append(known.setdefault(key, len(known)))
    return found


def _two_by_two(
    graph: Sequence[Node],
    inputs: Sequence[int],
    reads: tuple[int, ...],
    said: Hashable,
    known: dict[Hashable, int],
) -> tuple[int, ...]:
    """What a concat of several reads, if all but the last were joined before, two at a time.

    So it has the number of one that joins the last one onto a concat of the others.
    """
    first = graph[inputs[0]].output
    made, *others = reads
    channels = first[-1] if first else 0
    for index, number in zip(inputs[1:-1], others, strict=False):
        shape = graph[index].output
        if not first or not shape:
            return reads
        channels += shape[-1]
        made = known.setdefault((said, (made, number), (*first[:-1], channels), None), len(known))
    return made, reads[-1]


def passes(step: Node) -> bool:
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


def in_order(steps: Sequence[Node], known: dict[Hashable, int]) -> list[int]:
    """The layers in the order in which they run, by what they are; names apart."""
    numbers = numbered(steps, known)
    return [number for number, step in zip(numbers, steps, strict=True) if not passes(step)]
