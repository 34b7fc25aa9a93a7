"""Where a layer comes from: a place in a file, a node of a model, or nowhere but Python."""

from typing import TYPE_CHECKING, Protocol

from convcalc.findings import Related, Span
from convcalc.network.stored import Stored
from convcalc.records import NamedTuple

if TYPE_CHECKING:

    class Mark(Protocol):
        """Something with a place in a text; its span is worked out when somebody asks for it."""

        @property
        def span(self) -> Span:
            """Where it is, counted from 1."""

        @property
        def line(self) -> int:
            """The line where it starts: a report asks for that of every layer."""

    class Marks(Protocol):
        """The marks of an entry's option values, by the names that the entry gives them."""

        def get(self, key: str) -> Mark | None:
            """The mark of an option's value; None where the entry does not give it."""

else:  # types alone: two protocols cost start-up
    Mark = Marks = object


class Place(NamedTuple):
    """Where a layer comes from, as far as a finding needs it. The file is the network's."""

    kind: Mark | None = None
    """The word or key that names the kind; None where there is no text."""
    options: Marks | None = None
    """Its options, where they are written out; None for a short form or a bare kind."""
    calls: tuple[Mark, ...] = ()
    """The block calls it is in, innermost first."""
    node: str = ""
    """What the model that it was read from calls it, where that is no text."""
    tensor: str = ""
    """What that model calls its output, where it has a name of its own."""
    arrays: tuple[Stored, ...] = ()
    """Its arrays as that model holds them."""
    linear: bool = False
    """Whether that model applies a fully connected layer at every position, here a 1x1 conv."""

    @property
    def prefix(self) -> str:
        """What a message about the layer begins with, where it comes from a model's node."""
        return f"node {self.node}: " if self.node else ""

    @property
    def span(self) -> Span | None:
        """Where the kind is named."""
        return None if self.kind is None else self.kind.span

    @property
    def line(self) -> int | None:
        """The line that names the kind, counted from 1."""
        return None if self.kind is None else self.kind.line

    def option(self, name: str) -> Span | None:
        """Where an option's value is; the kind, where it is not written out."""
        mark = self.options.get(name) if self.options is not None and name else None
        return self.span if mark is None else mark.span


#: The place of a layer that Python code adds.
NOWHERE = Place()


def called(path: str, calls: tuple[Mark, ...]) -> tuple[Related, ...]:
    """Related places for the calls that lead to a layer."""
    return tuple(Related("in the block called here", path, mark.span) for mark in calls)
