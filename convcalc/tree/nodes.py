"""The located tree: what a YAML file says, every key and value with its place.

Kept flat and small, since a generated net has hundreds of thousands of nodes: a place is one
integer, line << 32 | column (both from 0), and becomes a `Span` only when a finding needs it.
"""

from collections.abc import Mapping as Variables

from convcalc.findings import Span

_COLUMN_BITS = 32

#: Where a collection without brackets ends: with its last child. Parsers differ on that place.
BLOCK = -1

#: Keys beside a layer's kind, not inside its options.
BESIDE = ("name", "from", "times", "when", "weights", "expect", "ignore", "checkpoint")


class Node:
    """Any node; `start` and `end` are places."""

    __slots__ = ("start",)

    start: int

    @property
    def end(self) -> int:
        """The place after it."""
        raise NotImplementedError

    @property
    def line(self) -> int:
        """The line where it starts, counted from 1."""
        return (self.start >> _COLUMN_BITS) + 1

    @property
    def span(self) -> Span:
        """Its place, counted from 1."""
        mask = (1 << _COLUMN_BITS) - 1
        return Span(
            (self.start >> _COLUMN_BITS) + 1,
            (self.start & mask) + 1,
            (self.end >> _COLUMN_BITS) + 1,
            (self.end & mask) + 1,
        )


class Scalar(Node):
    """A scalar without quotes: its text and where it starts."""

    __slots__ = ("text",)

    #: whether it was written without quotes: only then is it more than a string
    plain = True

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start

    @property
    def end(self) -> int:
        """After its text."""
        return self.start + len(self.text)

    def place(self, offset: int) -> int:
        """The place in the file of a character of its text."""
        return self.start + offset


class Marked(Scalar):
    """A scalar whose place is longer or shorter than its text: in quotes, or cut from a pattern."""

    __slots__ = ("_end", "plain")

    def __init__(self, text: str, plain: bool, start: int, end: int) -> None:
        self.text = text
        self.plain = plain
        self.start = start
        self._end = end

    @property
    def end(self) -> int:
        """After its last character in the file."""
        return self._end

    def place(self, offset: int) -> int:
        """The place in the file of a character of its text, after the quote."""
        return self.start + offset + (0 if self.plain else 1)


class Passed(Marked):
    """A word that a name stands for: what is wrong with it is wrong where it is written."""

    __slots__ = ("bare", "calls", "scope", "used", "written")

    def __init__(
        self,
        text: str,
        use: Node,
        written: Node,
        used: str,
        calls: tuple[Node, ...],
        scope: Variables[str, object],
        bare: bool,
    ) -> None:
        super().__init__(text, True, use.start, use.end)
        self.written = written
        """In the call of a block, as an argument's default or as a variable's value."""
        self.used = used
        """What is said of the place where the name is used."""
        self.calls = calls
        """The block calls around where it is written, innermost first."""
        self.scope = scope
        """The variables and arguments that are known there, with their values."""
        self.bare = bare
        """Whether it is all of a call's value, where a mapping or list would be arguments."""


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("closed", "items")

    def __init__(self, start: int) -> None:
        self.items: list[Node] = []
        self.start = self.closed = start

    @property
    def end(self) -> int:
        """After its bracket, or where its last item ends."""
        if self.closed != BLOCK:
            return self.closed
        return max(self.start, self.items[-1].end) if self.items else self.start


class Mapping(Node):
    """Keys in the order of the file, each with its own node and its value."""

    __slots__ = ("closed", "entries")

    def __init__(self, start: int) -> None:
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.start = self.closed = start

    @property
    def end(self) -> int:
        """After its bracket, or where its last value ends."""
        if self.closed != BLOCK:
            return self.closed
        last = next(reversed(self.entries.values()), None)
        return max(self.start, last[1].end) if last else self.start

    def get(self, key: str) -> Node | None:
        """The value of a key; None where it is absent."""
        entry = self.entries.get(key)
        return entry[1] if entry else None
