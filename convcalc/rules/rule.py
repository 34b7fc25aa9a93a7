"""What a rule of thumb is: one record, made by one module with its page as docstring."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from convcalc.findings import CODES, Severity
from convcalc.network.record import Step
from convcalc.rules.net import NetFacts

#: Threshold values by name, as configured.
Values = Mapping[str, int]


class Threshold(NamedTuple):
    """A number that a rule compares with; always a whole number, shares are per cent."""

    name: str
    default: int
    doc: str


class Remark(NamedTuple):
    """What a rule says about one layer; several of one rule are reported as one finding."""

    step: Step
    message: str
    option: str = ""
    """The option to point at; '' points at the kind."""
    label: str = ""
    help: tuple[str, ...] = ()
    offer: Callable[[], tuple[str, ...]] = tuple
    """More help, that sizes the whole net: asked for where it is shown, of one layer of many."""


class Rule(NamedTuple):
    """A rule of thumb that a net may break on purpose."""

    code: str
    severity: Severity
    check: Callable[[NetFacts, Values], Iterable[Remark]]
    page: str
    thresholds: tuple[Threshold, ...] = ()
    on: bool = True
    """Whether it speaks without being asked to."""

    @property
    def name(self) -> str:
        """The rule's readable name, e.g. ``large-kernel``."""
        return CODES[self.code]
