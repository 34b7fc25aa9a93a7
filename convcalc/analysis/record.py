"""The frozen results of an analysis, the one thing every report is made of."""

from collections.abc import Iterable, Sequence

from convcalc.analysis.settings import Settings
from convcalc.findings import ON_TOTALS, Finding, Severity
from convcalc.layers.base import Parameters
from convcalc.layers.field_step import Rational, in_period
from convcalc.network.record import Network, Step
from convcalc.records import NamedTuple
from convcalc.shapes import Shape


class ReceptiveField(NamedTuple):
    """The receptive field on one axis of the input."""

    size: int
    """Input positions that one output position depends on."""
    stride: Rational
    """Input positions between neighbouring outputs (effective stride)."""
    padding: Rational
    """Input positions by which the first field starts before the input."""
    fields: tuple[tuple[int, int], ...] = ()
    """First and last input position of each output of one period, where not all outputs see as
    much (after layers that enlarge); `size` is then the largest, `padding` an average. An output
    that sees nothing has its last before its first."""
    is_estimate: bool = False
    """Outputs differ in what they see, here or before, with a period too long to be followed."""

    def ends(self, output: int) -> tuple[int, int]:
        """First and last input position of one output; they may lie outside of the input."""
        if self.fields:
            return in_period(self.fields, self.stride, output)
        first = int(output * self.stride - self.padding)
        return first, first + self.size - 1

    @property
    def centre(self) -> Rational:
        """Twice the input position at the centre of the first field."""
        return self.size - 1 - 2 * self.padding


class Row(NamedTuple):
    """One layer of an analysis. Numbers are for one image; None is unknown, never zero."""

    step: Step
    inputs: tuple[Shape, ...]
    """The shapes it reads; empty where one of them is unknown."""
    activations: int | None
    """Numbers in its output."""
    in_place: bool
    """Its output overwrites its input's storage, or is that storage."""
    new_volume: bool
    """Its output counts in the total of activations."""
    parameters: Parameters | None
    """Its own; zero where they are shared with another layer."""
    macs: int | None
    receptive_field: tuple[ReceptiveField, ...]
    macs_backward: int | None = None
    """Of the backward pass: once for the gradients of the weights, once more for those of the
    input where a layer before it learns."""

    @property
    def params(self) -> int | None:
        """Learned parameters: weights + biases + norm."""
        return None if self.parameters is None else self.parameters.learned


class Totals(NamedTuple):
    """Sums over the layers; None where a layer is unknown."""

    layers: int
    activations: int | None
    """The input and every layer that makes a new volume."""
    weights: int | None
    biases: int | None
    norm: int | None
    params: int | None
    buffers: int | None
    trainable: int | None
    macs: int | None
    macs_backward: int | None
    """Of the backward pass; a step of training takes `macs` + `macs_backward`."""


class Analysis(NamedTuple):
    """A network with all its numbers and everything there is to say about it."""

    network: Network
    settings: Settings
    rows: Sequence[Row]
    """The inputs first, then every layer in order."""
    totals: Totals
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> bool:
        """Whether some layer could not be sized."""
        return self.totals.activations is None

    @property
    def uncertain(self) -> bool:
        """Whether errors leave open what the net is: of a key that is there twice one counts.

        Those that say of totals that they are not as expected do not.
        """
        errors = (f.code for f in self.findings if f.severity is Severity.ERROR)
        return self.broken or any(code not in ON_TOTALS for code in errors)

    @property
    def shared_storage(self) -> tuple[bool, ...]:
        """For each step whether a network in use has its output in its (first) input's storage."""
        return tuple(
            row.in_place or (row.step.layer is not None and row.step.layer.identity_in_inference)
            for row in self.rows
        )

    @property
    def receptive_fields(self) -> Iterable[tuple[ReceptiveField, ...]]:
        """The receptive field of each row; of a very long net no row is made for it."""
        columns: Iterable[tuple[ReceptiveField, ...]] | None = getattr(self.rows, "fields", None)
        return (row.receptive_field for row in self.rows) if columns is None else columns

    @property
    def output(self) -> Shape | None:
        """The shape that the last entry makes."""
        outputs = self.network.outputs
        return self.network.steps[outputs[-1]].output if outputs else None
