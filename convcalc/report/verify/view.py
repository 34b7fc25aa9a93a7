"""What every format of `verify` says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding
from convcalc.layers.field_step import Rational
from convcalc.shapes import axis_names

if TYPE_CHECKING:  # they load NumPy
    from convcalc.verify.average import Average
    from convcalc.verify.equivalence import Equivalence
    from convcalc.verify.observed_fields import Field, Fields
    from convcalc.verify.record import Verification


class Refused(NamedTuple):
    """A net that could not be run, and why."""

    analysis: Analysis
    findings: list[Finding]


class ComparedLayer(Protocol):
    """One layer of a net and of an ONNX file."""

    @property
    def name(self) -> str: ...
    @property
    def difference(self) -> float: ...
    @property
    def why(self) -> str:
        """Why there are no numbers to compare, where there are none."""

    @property
    def agrees(self) -> bool: ...


class AgainstView(Protocol):
    """What `verify --against` shows."""

    @property
    def net(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def layers(self) -> Sequence[ComparedLayer]: ...
    @property
    def seed(self) -> int: ...
    @property
    def notes(self) -> Sequence[str]:
        """Where layers differ: what import notes of numbers of the file that are others here."""


def form(found: "Verification | Average | Equivalence | Fields | Refused") -> str:
    """Which of its reports `verify` gives."""
    forms = {
        "Average": "verify --average",
        "Equivalence": "verify --equivalence",
        "Fields": "verify --receptive-field",
    }
    return forms.get(type(found).__name__, "verify")


def axis_of(found: "Fields", one: "Field") -> str:
    """The name of the axis that a field is about."""
    return axis_names(len(found.analysis.network.steps[0].output or ()) - 1)[one.axis]


def number(value: Rational) -> int | float:
    """A stride or padding of a receptive field, whole where it is."""
    return int(value) if value.denominator == 1 else float(value)
