"""What a block's class is made of, as one of its calls needs it: a part a layer or inner call."""

from typing import NamedTuple

from convcalc.network.groups import Group
from convcalc.network.record import Network


class Part(NamedTuple):
    """A layer of a block, or a call in it."""

    place: int
    """Where the spec names it."""
    turn: int
    """Which of the entry's repetitions it is, from 1."""
    name: str
    module: str
    """What makes its module; '' where it has none."""
    run: str
    """Its line in `forward`."""
    reads: tuple[int, ...]
    """The steps whose outputs it reads."""
    end: int
    """The step whose output is its own."""
    kind: str
    """The kind of a layer; '' for a call."""
    slot: int
    """Where the block has it: its place, or that of the argument that brings it."""


class Instance(NamedTuple):
    """The body of a class as one block call needs it."""

    init: list[str]
    forward: list[str]
    channels: int
    """Channels that arrive."""
    path: str
    block: str
    """'' for layers that only their names group."""
    call: int
    """Where the spec calls it."""
    entry: int
    """The step that it reads."""
    end: int
    """The step that it gives."""
    parts: tuple[Part, ...]
    """Nothing where it is no block, or holds more than layers and calls."""


def parts_of(
    network: Network,
    ends: dict[int, Group],
    modules: dict[int, tuple[str, str]],
    body: list[tuple[int, tuple[int, ...], str]],
) -> tuple[Part, ...]:
    """The parts of a block call.

    Args:
        network: the net.
        ends: the calls in it by the steps that they give.
        modules: by the step at its end, the name and the code of each module.
        body: of each line of `forward` the step, the steps that it reads, and the text.
    """
    turns: dict[int, int] = {}
    found = []
    for end, reads, text in body:
        step, child = network.steps[end], ends.get(end)
        mark = step.place.kind if child is None else child.mark
        place = getattr(mark, "start", None)
        if place is None or (child is not None and not child.block):
            return ()
        turns[place] = turns.get(place, 0) + 1
        name, module = modules.get(end, (step.name.rpartition(".")[2], ""))
        kind = step.kind if child is None else ""
        found.append(Part(place, turns[place], name, module, text, reads, end, kind, place))
    return tuple(found)
