"""What a block's class is made of, as one of its calls needs it: a part a layer or inner call.

Nothing of it says where in the net the call is, so that equal calls are equal here.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from convcalc.interop.write.pytorch.names import assigned
from convcalc.network.groups import Group
from convcalc.network.record import Network, Step, Values

T = TypeVar("T", bound=Hashable)

_MOST_KNOWN = 10_000  #: lines and parts that calls may have in common: what they share comes early
ENTRY = -1  #: the volume that a block reads, where its own are steps from 0


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
    """The steps whose outputs it reads, from the block's first; ENTRY for what arrives."""
    end: int
    """The step whose output is its own, from the block's first."""
    channels: int
    """Those of its output."""
    kind: str
    """The kind of a layer; '' for a call."""
    slot: int
    """Where the block has it: its place, or that of the argument that brings it."""


class Instance(NamedTuple):
    """The body of a class as one block call needs it."""

    written: tuple[str, ...] | None
    """The lines of `__init__`; None where they are those that its parts say."""
    forward: tuple[str, ...]
    channels: int
    """Channels that arrive."""
    arguments: Values | None
    """What it gives the block; None where no spec calls it."""
    block: str
    """'' for layers that only their names group."""
    call: int
    """Where the spec calls it."""
    end: int
    """The step that it gives, from its first; ENTRY where it gives what it reads."""
    parts: tuple[Part, ...]
    """Nothing where it is no block, or holds more than layers and calls."""

    @property
    def init(self) -> tuple[str, ...]:
        """The lines of `__init__`."""
        return made_by(self.parts) if self.written is None else self.written

    def shared(self, known: dict[Hashable, Any]) -> "Instance":
        """The same, with what it has in common with other calls there once.

        A net may have very many calls that differ in a number.
        """

        def kept(value: T) -> T:
            one: T = (known.setdefault if len(known) < _MOST_KNOWN else known.get)(value, value)
            return one

        own = self.parts and self.written == made_by(self.parts)
        return self._replace(
            written=None if own else self.written,
            forward=kept(self.forward),
            parts=tuple(
                kept(
                    part._replace(name=kept(part.name), run=kept(part.run), reads=kept(part.reads))
                )
                for part in self.parts
            ),
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What equal calls have in common: 1 and true are not equal."""
        # the text of values tells their types apart, which == does not
        return (*self._replace(arguments=None), repr(self.arguments))


def made_by(parts: Iterable[Part]) -> tuple[str, ...]:
    """The lines that make the modules of parts."""
    return tuple(
        line for part in parts if part.module for line in assigned(part.name, [part.module], "self")
    )


def parts_of(
    network: Network,
    group: Group,
    ends: dict[int, Group],
    modules: dict[int, tuple[str, str]],
    body: list[tuple[int, tuple[int, ...], str]],
) -> tuple[Part, ...]:
    """The parts of a block call.

    Args:
        network: the net.
        group: the call.
        ends: the calls in it by the steps that they give.
        modules: by the step at its end, the name and the code of each module.
        body: of each line of `forward` the step, the steps that it reads, and the text.
    """
    turns: dict[int, int] = {}
    found = []
    first, own = group.steps[0], {end for end, _, _ in body}
    for end, reads, text in body:
        step, child = network.steps[end], ends.get(end)
        mark = step.place.kind if child is None else child.mark
        place = getattr(mark, "start", None)
        if place is None or (child is not None and not child.block):
            return ()
        turns[place] = turns.get(place, 0) + 1
        name, module = modules.get(end, (step.name.rpartition(".")[2], ""))
        kind = step.kind if child is None else ""
        read = tuple(counted(network.steps, one, own, first) for one in reads)
        channels = (step.output or (0,))[-1]
        at = end - first
        found.append(Part(place, turns[place], name, module, text, read, at, channels, kind, place))
    return tuple(found)


def counted(steps: Sequence[Step], step: int, own: Collection[int], first: int) -> int:
    """A volume of a block by its step from the block's first; ENTRY for what arrives.

    Args:
        steps: those of the net.
        step: whose output it is: of an identity it is that of the step that this reads.
        own: the steps at the ends of the block's lines.
        first: the block's first step.
    """
    while step not in own and step >= first and steps[step].kind == "identity":
        step = steps[step].inputs[0]
    return ENTRY if step < first else step - first
