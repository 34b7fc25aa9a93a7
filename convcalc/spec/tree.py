"""The located tree: what a YAML file says, every key and value with its place.

Kept flat and small, since a generated net has hundreds of thousands of nodes: a place is one
integer, and becomes a `Span` only when somebody is told about it.
"""

from convcalc.findings import Span

_COLUMN_BITS = 32


def place(line: int, column: int) -> int:
    """A place (both from 0) as one integer."""
    return line << _COLUMN_BITS | column


class Node:
    """Any node; `start` and `end` are places."""

    __slots__ = ("end", "start")

    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands, counted from 1; block collections end with their first line."""
        mask = (1 << _COLUMN_BITS) - 1
        return Span(
            (self.start >> _COLUMN_BITS) + 1,
            (self.start & mask) + 1,
            (self.end >> _COLUMN_BITS) + 1,
            (self.end & mask) + 1,
        )


class Scalar(Node):
    """A scalar: its text as YAML decodes it, and whether it stood there without quotes."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, plain: bool, start: int, end: int) -> None:
        self.text = text
        self.plain = plain
        self.start = start
        self.end = end


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("items",)

    def __init__(self, start: int) -> None:
        self.items: list[Node] = []
        self.start = self.end = start


class Mapping(Node):
    """Keys in the order of the file, each with its own node and its value."""

    __slots__ = ("entries",)

    def __init__(self, start: int) -> None:
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.start = self.end = start

    def get(self, key: str) -> Node | None:
        """The value of a key; None where it is absent."""
        entry = self.entries.get(key)
        return entry[1] if entry else None
