"""One variant after another, reusing of each what the next has in common with it.

The spec is read once. Variants that differ in settings alone share the sized network; those that
differ in the batch alone share the record of a run too, which holds for every batch above 1.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY, Settings
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.layers.traits import Family
from convcalc.memory.budgets import with_budgets
from convcalc.memory.devices import Device
from convcalc.memory.fit import Simulation, fit
from convcalc.memory.settings import SettingError, settings_from
from convcalc.network.record import Network
from convcalc.spec.document import Overrides
from convcalc.study.errors import LoadError
from convcalc.study.load import Text
from convcalc.study.outcome import Case
from convcalc.sweep.axes import Axis, AxisValue, applied
from convcalc.sweep.model_file import UNREADABLE, ModelFile
from convcalc.zoo import convention_labels

if TYPE_CHECKING:
    from convcalc.counting.tally import Counter

TOTALS = ("layers", "params", "weights", "macs", "activations")
MEMORY = ("inference_memory", "training_memory")
LARGEST = ("inference_batch", "training_batch")
"""The largest batch that a device surely takes."""

STAGES = "stages"
"""How many resolutions blocks work at: those of merged volumes, or of convolutions without any."""

NUMBERS = (*TOTALS, STAGES, *MEMORY, *LARGEST)

Cell = AxisValue | None


class VariantRow(NamedTuple):
    """What came of one variant."""

    number: int
    values: tuple[AxisValue, ...]
    """Its place on every axis."""
    numbers: dict[str, int | None]
    """By the names of the JSON report; None where it is unknown."""
    findings: tuple[str, ...] = ()
    """The codes of what is wrong with it."""
    fault: str = ""
    """The first error: its code and where it is."""
    message: str = ""
    """What is wrong there, where that does not say it."""
    sized: bool = True
    """Whether its numbers are known: no error, or of totals alone."""


class SweepPlan(NamedTuple):
    """What every worker has to know."""

    case: Case
    axes: tuple[Axis, ...]
    wanted: tuple[str, ...]
    """The numbers that are worked out."""
    device: Device | None = None
    file: ModelFile | None = None
    """What is read anew at every input, in place of the case's subject."""

    def overrides(self, values: tuple[AxisValue, ...]) -> Overrides:
        """What is set over the net in one variant."""
        return applied(self.axes, values, self.case.overrides)[0]


class Variants:
    """The variants of a plan, in one process."""

    def __init__(self, plan: SweepPlan) -> None:
        self.plan = plan
        self.network_key: object = None
        self.asked: dict[str, AxisValue] | None = None
        self.settings = Settings()
        self.refused = ""
        self.analysis: Analysis | None = None
        self.findings: tuple[Finding, ...] = ()
        self.runs: dict[object, Simulation] = {}
        self.fits: dict[object, int] = {}
        self.counts: dict[str, int | None] = {}
        self.counter: Counter | None = None
        self.network = _reader(plan.case) if plan.file is None else plan.file.network

    def rows(self, numbered: Iterator[tuple[int, tuple[AxisValue, ...]]]) -> Iterator[VariantRow]:
        """The rows of some variants, in their order."""
        for number, values in numbered:
            yield self.row(number, values)

    def row(self, number: int, values: tuple[AxisValue, ...]) -> VariantRow:
        """The row of one variant."""
        overrides, asked = applied(self.plan.axes, values, self.plan.case.overrides)
        if asked != self.asked:
            self.asked = asked
            try:
                self.settings, self.refused = settings_from(asked), ""
            except SettingError as error:
                self.refused = f"settings: {error}"
        if self.refused:
            none = dict.fromkeys(self.plan.wanted)
            return VariantRow(number, values, none, (), self.refused, sized=False)
        settings = self.settings
        if overrides != self.network_key or self.analysis is None:
            self.network_key, self.analysis = overrides, None
            try:
                network = self.network(overrides)
            except LoadError as error:
                if self.plan.file is None:
                    raise
                none = dict.fromkeys(self.plan.wanted)
                return VariantRow(number, values, none, (), UNREADABLE, str(error), sized=False)
            self.analysis = analyze(network, settings)
            self.runs.clear()
            self.fits.clear()
            self.counts.clear()
            self.counter = None
        analysis = self.analysis._replace(settings=settings)
        found = with_budgets(analysis) if analysis.network.budget else analysis
        if settings.checkpoint and not analysis.broken:
            from convcalc.memory.segments_named import fault as segment_fault  # for few sweeps

            wrong = segment_fault(analysis.network, settings.checkpoint)
            if wrong:
                none = dict.fromkeys(self.plan.wanted)
                return VariantRow(number, values, none, (), f"settings: {wrong}", sized=False)
        codes = tuple(
            dict.fromkeys(f.code for f in found.findings if f.severity is not Severity.NOTE)
        )
        first = next((f for f in found.findings if f.severity is Severity.ERROR), None)
        fault = "" if first is None else f"{first.code}{_place(first)}"
        message = "" if first is None else first.message
        numbers = self._numbers(analysis, settings)
        sized = not found.uncertain
        return VariantRow(number, values, numbers, codes, fault, message, sized)

    def _numbers(self, analysis: Analysis, settings: Settings) -> dict[str, int | None]:
        if analysis.totals.activations is None:
            return dict.fromkeys(self.plan.wanted)
        return {name: self._number(analysis, name, settings) for name in self.plan.wanted}

    def _number(self, analysis: Analysis, name: str, settings: Settings) -> int | None:
        """One number of a variant; None where there is none.

        Raises:
            LookupError: `NUMBERS` has a name that this method does not work out.
        """
        if name in TOTALS:
            return getattr(analysis.totals, name)  # type: ignore[no-any-return]
        if name == STAGES:
            return _stages(analysis)
        if name in MEMORY or name in LARGEST:
            learning = name.startswith("training")
            if learning and settings.dtype in INFERENCE_ONLY:
                return None
            work_out = self._peak if name in MEMORY else self._largest
            return work_out(analysis, learning, settings)
        if name in NUMBERS:
            raise LookupError(f"nothing works out the column {name!r}: Variants._number does it")
        return self._operations(analysis, name)

    def _operations(self, analysis: Analysis, name: str) -> int | None:
        """Operations as a convention counts them; the settings do not matter to it."""
        from convcalc.counting.known import find  # for those who ask
        from convcalc.counting.tally import Counter

        if self.counter is None:
            self.counter = Counter(analysis)
        if name not in self.counts:
            self.counts[name] = self.counter.count(find(name)).operations
        return self.counts[name]

    def _peak(self, analysis: Analysis, learning: bool, settings: Settings) -> int:
        batch = settings.micro_batch if learning else settings.batch
        run, again = self._run(analysis, learning, settings)
        return run.peak(batch) if again else max(run.trace(batch).live(batch))

    def _run(
        self, analysis: Analysis, learning: bool, settings: Settings
    ) -> tuple[Simulation, bool]:
        """A run, whatever its batch, and whether it has been asked for before."""
        key = (learning, settings._replace(batch=1))
        run = self.runs.get(key)
        if run is not None:
            return run, True
        run = self.runs[key] = Simulation(analysis, learning)
        return run, False

    def _largest(self, analysis: Analysis, learning: bool, settings: Settings) -> int | None:
        device = self.plan.device
        if device is None:
            return None
        key = (learning, settings._replace(batch=1))
        if key not in self.fits:
            run, _ = self._run(analysis, learning, settings)
            found = fit(run, device.memory, device.context)
            self.fits[key] = found.times(settings.accumulate if learning else 1).batch_sure
        return self.fits[key]


def _place(finding: Finding) -> str:
    if finding.layer:
        return f" at {finding.layer}"
    return f" in line {finding.line}" if finding.line else ""


def _stages(analysis: Analysis) -> int:
    """See `STAGES`; sizes of vectors are no resolutions."""
    merged, convolved = set[tuple[int, ...]](), set[tuple[int, ...]]()
    for row in analysis.rows:
        output = row.step.output
        if output is not None and len(output) > 1 and row.step.layer is not None:
            if row.step.layer.merges:
                merged.add(output[:-1])
            elif row.step.layer.family is Family.CONVOLUTION:
                convolved.add(output[:-1])
    return len(merged or convolved)


def needs(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some names that are numbers to work out, in the order of a row."""
    counted = [name for name in convention_labels() if name in names]
    return (*(name for name in NUMBERS if name in names), *counted)


def _reader(case: Case) -> Callable[[Overrides], Network]:
    """What reads the network of a case with other overrides; a text is read once."""
    from convcalc.study.load import load

    subject = case.subject
    if isinstance(subject, Text):
        from convcalc.spec.load import Prepared
        from convcalc.tree.decode import TRUSTED, Limits

        data = subject.data.encode() if isinstance(subject.data, str) else subject.data
        return Prepared(subject.path, data, TRUSTED if case.trusted else Limits()).network
    return lambda overrides: load(subject, overrides, case.trusted).network
