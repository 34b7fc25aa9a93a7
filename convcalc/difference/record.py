"""What differs between two nets: layers and totals, and by how much a total may grow."""

from fractions import Fraction
from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.network.record import Step


class LayerChange(NamedTuple):
    """One layer before and after."""

    before: Row
    after: Row
    own: tuple[str, ...] = ()
    """What became of it that neither its description nor a number says: what it reads, options."""
    ripple: bool = False
    """Whether the layer itself is the same, and only what reaches it has changed."""


class Total(NamedTuple):
    """A number of the whole net before and after; None where the net is broken."""

    name: str
    before: int | None
    after: int | None
    bytes: bool = False

    @property
    def increase(self) -> int:
        """By how much it grew; negative where it shrank, 0 where it is unknown."""
        return self.after - self.before if self.before is not None and self.after is not None else 0

    @property
    def percent(self) -> str:
        """The growth in per cent, with its sign; '' where there is none to be had."""
        if not self.before or not self.increase:
            return ""
        share = 100 * self.increase / self.before
        if abs(share) < 0.05:  # rounded it would be -0.0 %
            return "under 0.1 %"
        return f"{share:+.1f} %" if abs(share) < 99.95 else f"{share:+,.0f} %"


class Difference(NamedTuple):
    """All that differs between two nets."""

    before: Analysis
    after: Analysis
    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[LayerChange, ...]
    totals: tuple[Total, ...]
    real: int = 0
    """How many of those that were added and removed do anything."""
    joins: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Joins of several volumes by their names before and after, where these are grouped otherwise:
    one `add` of three volumes, or one of two and another of that sum and the third."""
    compared: tuple[Total, ...] = ()
    """The totals with those joins written alike."""

    @property
    def none(self) -> bool:
        """Whether there is none: the same layers, wired alike, and the same totals.

        A layer that came or went and passes its input on as it is makes none.
        """
        alike = all(t.before == t.after for t in self.compared if t.name != "layers")
        return alike and not (self.changed or self.real)


class Allowance(NamedTuple):
    """By how much a total may grow: a number, or a share of what it was."""

    name: str
    most: Fraction
    share: bool

    def passed_by(self, total: Total) -> bool:
        """Whether a total has grown by more, or may have: what is unknown keeps no limit."""
        if total.before is None or total.after is None:
            return True
        base = Fraction(total.before or 0) / 100 if self.share else Fraction(1)
        return total.increase > self.most * base


class Descriptions:
    """What layers are, apart from what reaches them.

    Equal layers of a net are one object, so that each is described once; those who ask hold them.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], str] = {}

    def __call__(self, row: Row) -> str:
        """What the layer of a row is."""
        return self.of(row.step)

    def of(self, step: Step) -> str:
        """What the layer of a step is, the kind of one without words."""
        if step.layer is None:
            return step.kind
        key = id(step.layer), len(step.size.windows), len(step.output or ())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = step.words() or step.kind
        return found
