"""One network and all that there is to know about it, each part worked out when first asked for."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.findings import ON_TOTALS, Finding, Severity
from convcalc.memory.budgets import with_budgets
from convcalc.network.expectations import MEMORIES, is_convention
from convcalc.network.record import INPUT, Network
from convcalc.records import NamedTuple
from convcalc.shapes import Shape
from convcalc.spec.document import Overrides
from convcalc.study.errors import NetError, RequestError
from convcalc.study.load import Loaded, Subject, load

if TYPE_CHECKING:
    from convcalc.memory.summary import Memory
    from convcalc.rules.advise import Selection


#: What sets a net as its file has it apart from the variants that a configuration states.
WRITTEN = "as written"


class Case(NamedTuple):
    """A network to study: which one, what is set over its file, what its bytes are for."""

    subject: Subject
    settings: Settings = Settings()
    overrides: Overrides = Overrides()
    selection: "Selection | None" = None
    """Which advice is wanted and which limits hold; None: neither."""
    trusted: bool = False
    """Whether a spec of any size is read."""
    asked: frozenset[str] = frozenset()
    """The settings that were asked for, where that matters: one may be as it is without."""
    variant: tuple[str, ...] = ()
    """What sets it apart from the other variants of its net: options as they are typed, `WRITTEN`
    in place of those that it leaves to its file."""
    stand_in: bool = False
    """Whether a file name that is no file may be the bundled net: whoever asks says which it is."""


class Outcome:
    """What came of a case. Nothing in it changes."""

    def __init__(self, case: Case, loaded: Loaded) -> None:
        self.case = case
        self.network: Network = loaded.network
        self.remark = loaded.remark
        """What to say about where the net came from, '' for nothing."""
        self._again = loaded.again

    @cached_property
    def analysis(self) -> Analysis:
        """The numbers, and every finding but advice: expectations and budgets are checked."""
        analysis = with_budgets(analyze(self.network, self.case.settings))
        expectations = (*self.network.expect, *self.network.budget)
        if any(is_convention(expectation.key) for expectation in expectations):
            from convcalc.counting.expectations import with_counts  # for few files

            analysis = with_counts(analysis)
        if self.case.settings.checkpoint or any(step.checkpoint for step in self.network.steps):
            from convcalc.memory.segment_findings import with_segments  # for few runs

            analysis = with_segments(analysis)
        if not self.network.rules:
            return analysis
        from convcalc.rules.advise import with_faults  # twenty modules, for few files

        return with_faults(analysis)

    @cached_property
    def memory(self) -> "Memory | None":
        """What the network holds; None where it could not be sized."""
        from convcalc.memory.summary import memory_of

        return memory_of(self.analysis)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by place; advice and limits where the case has a selection."""
        if self.case.selection is None:
            return self.analysis.findings
        from convcalc.rules.advise import (
            wanted_findings,  # all rules
        )

        return wanted_findings(self.analysis, self.case.selection)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which other commands refuse the net."""
        return tuple(f for f in self.analysis.findings if f.severity is Severity.ERROR)

    @property
    def limits_memory(self) -> bool:
        """Whether a limit of its file or its case depends on the settings."""
        selection = self.case.selection
        limits = {*selection.limits} if selection is not None else set()
        limits.update(entry.key for entry in self.network.budget)
        return not limits.isdisjoint(MEMORIES)

    @property
    def limits_training(self) -> bool:
        """Whether a limit of its file or its case is of training."""
        selection = self.case.selection
        limits = {*selection.limits} if selection is not None else set()
        limits.update(entry.key for entry in self.network.budget)
        return not limits.isdisjoint({"training_memory", "device_memory"})

    @property
    def training_estimate(self) -> str:
        """That its training is counted by the layers and not by its program; '' where it is not."""
        if self.network.run is None or self.memory is None:
            return ""
        from convcalc.memory.by_layers import training_by_layers  # of programs alone

        text = training_by_layers(self.analysis)
        return f"{self.network.source.path}: {text}" if text else ""

    @property
    def is_model_file(self) -> bool:
        """Whether it was read from a model file of another tool, which can be read again."""
        return self._again is None and not isinstance(self.case.subject, Network)

    @property
    def import_note(self) -> str:
        """What the reading of its model file says of it; '' for a spec."""
        return self.remark if self._again is None else ""

    @property
    def training_remark(self) -> str:
        """The same as stderr has it."""
        return f"Note: {self.training_estimate}" if self.training_estimate else ""

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @property
    def without_layers(self) -> bool:
        """Whether errors left no layer of the spec: there is nothing to ask about."""
        return not self.ok and all(step.kind == INPUT for step in self.network.steps)

    def sound(self) -> Analysis:
        """The analysis of a net without errors.

        Raises:
            NetError: it has some.
        """
        if not self.ok:
            raise NetError(self, self.analysis.findings)
        return self.analysis

    @property
    def on_totals_alone(self) -> bool:
        """Whether no error leaves a number open: its file expects others, or has a budget."""
        return all(error.code in ON_TOTALS for error in self.errors)

    def sized(self) -> Analysis:
        """The analysis of a net whose numbers are all known, though they may be others than its
        file expects, or over its budget.

        Raises:
            NetError: it has other errors.
        """
        if not self.on_totals_alone:
            raise NetError(self, self.analysis.findings)
        return self.analysis

    def as_asked(self) -> "Outcome":
        """The outcome itself, of a net at the input that was asked for.

        Raises:
            NetError: that input cannot be the file's; all numbers would be of the file's own.
        """
        wanted = self.case.overrides.input
        inputs = [step.output for step in self.network.steps if step.kind == INPUT]
        if wanted is not None and wanted not in inputs and not self.ok:
            raise NetError(self, self.analysis.findings)
        return self

    def refusal(self, message: str) -> ValueError:
        """Why a question about the net has no answer: a message, or errors that hide its layers."""
        if self.on_totals_alone:
            return RequestError(message)
        return NetError(self, self.analysis.findings)

    def under(self, settings: Settings) -> "Outcome":
        """The same network with other settings.

        Raises:
            RequestError: the settings name a segment that is not one.
        """
        case = _checkpointed(self.case._replace(settings=settings), self.network)
        return Outcome(case, Loaded(self.network, self._again, self.remark))

    def at(self, shape: Shape) -> "Outcome":
        """The same case at another input size; nothing is read again from outside."""
        overrides = self.case.overrides._replace(input=shape)
        subject = self._again
        if subject is None:
            from convcalc.sizes.resize import resized

            return Outcome(self.case, Loaded(resized(self.network, shape), None))
        return study(self.case._replace(subject=subject, overrides=overrides))

    def asked_at(self, shape: Shape) -> "Outcome | None":
        """What `--input` gives at another size: a model file is read anew; None where it cannot be.

        Its subject is one that can be read again.
        """
        if not self.is_model_file:
            return self.at(shape)
        try:
            return study(self.case._replace(overrides=self.case.overrides._replace(input=shape)))
        except RequestError:
            return None

    def with_inputs(self, shapes: Mapping[int, Shape]) -> "Outcome":
        """The same net with inputs of other sizes, its layers sized again as they are."""
        from convcalc.sizes.resize import with_inputs

        return Outcome(self.case, Loaded(with_inputs(self.network, shapes), None))


def study(case: Case) -> Outcome:
    """Load a network; the rest is worked out when it is asked for.

    Raises:
        LoadError: there is nothing to read, or an override is of something that it does not have.
        RequestError: the settings name a segment that is not one.
    """
    loaded = load(case.subject, case.overrides, case.trusted, case.stand_in)
    return Outcome(_checkpointed(case, loaded.network), loaded)


def _checkpointed(case: Case, network: Network) -> Case:
    """The case, of a net that has the segments its settings name; without them of a broken one.

    Raises:
        RequestError: the settings name a segment that is not one.
    """
    if not case.settings.checkpoint:
        return case
    from convcalc.memory.segments_named import fault  # for few runs

    wrong = fault(network, case.settings.checkpoint)
    if not wrong:
        return case
    if any(f.severity is Severity.ERROR for f in network.findings):
        return case._replace(settings=case.settings._replace(checkpoint=""))  # errors first
    raise RequestError(wrong)
