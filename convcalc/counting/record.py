"""A counting convention: what a tool counts for each layer kind, as its file declares it."""

from collections.abc import Mapping
from typing import NamedTuple

#: The value of a rule for a kind that was not measured: null in JSON, never zero.
UNKNOWN = "unknown"

#: The word under which a table answers for every kind that it does not name.
REST = "rest"


class Condition(NamedTuple):
    """One option that a rule asks for: ``affine: false``, ``groups: >1``, ``scale: none``."""

    option: str
    relation: str
    """One of == != < <= > >=."""
    value: int | bool | str | None

    def __str__(self) -> str:
        sign = "" if self.relation == "==" else self.relation
        value = self.value
        word = str(value).lower() if value is None or isinstance(value, bool) else str(value)
        return f"{self.option}: {sign}{word}"


class Rule(NamedTuple):
    """What one layer of a kind costs; the first rule whose conditions hold decides."""

    formula: str
    """Over the names of `convcalc.counting.quantities`, or `UNKNOWN`."""
    conditions: tuple[Condition, ...] = ()


class Table(NamedTuple):
    """The rules of one figure, kind by kind, in the order of the file."""

    rules: Mapping[str, tuple[Rule, ...]]
    rest: tuple[Rule, ...] = ()

    def of(self, kind: str) -> tuple[Rule, ...]:
        """The rules for a kind, those for the rest last; none where the table forgets it."""
        return (*self.rules.get(kind, ()), *self.rest)


class Printed(NamedTuple):
    """How the tool prints its number of operations."""

    digits: int = 2
    unit: str = "G"
    """As it is written for 10^9; its first G gives way to T, M and K for other numbers."""
    scale: str = ""
    """The units that the tool uses, as ``G`` or ``GM``; '' for all, and none below a thousand."""
    largest: str = "G"
    """``T`` where the tool has a unit from 10^12 on."""
    style: str = "fixed"
    """How it writes digits, one of `convcalc.counting.printed.STYLES`."""


class Memory(NamedTuple):
    """What the tool calls memory, in bytes."""

    says: str
    """The tool's own words for it."""
    rule: str
    """The rule in a few words."""
    table: Table
    unit: str
    """``MB`` for 10^6 bytes, ``MiB`` for 2^20 (which Keras writes MB too)."""


class Remark(NamedTuple):
    """A note about layers that the tool counts in silence, or wrongly."""

    kind: str
    conditions: tuple[Condition, ...]
    text: str


class Convention(NamedTuple):
    """How one version of one tool counts."""

    name: str
    version: str
    measured: bool
    """Whether the tool was run; else its rule was read from its source."""
    tool: str
    about: str
    factor: int
    """What a multiply-accumulate counts: 1 or 2."""
    times: int
    """By which the operations are multiplied as a whole."""
    printed: Printed
    operations: Table | None
    """None for a tool that has no count of operations."""
    parameters: Table | None
    activations: Table | None
    memory: Memory | None
    also: Mapping[str, Table]
    """Further columns that the tool prints."""
    folds: bool
    """Batch norms are folded into the convolutions before them."""
    remarks: tuple[Remark, ...]
    label: str = ""
    """What reports call it: its name, with the version where it is not the default one."""
    path: str = ""
    """The file that a user's own convention was read from."""

    @property
    def unit(self) -> str:
        """What one is: ``mac``, or ``flop`` where a multiply-accumulate counts two."""
        return "mac" if self.factor == 1 else "flop"


def short(version: str) -> str:
    """A version without the date of its release.

    >>> short("0.1.5.post20221221"), short("1.8.0")
    ('0.1.5', '1.8.0')
    """
    return version.partition(".post")[0]
