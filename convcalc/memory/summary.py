"""The memory of an analysis: the answers to the three questions side by side.

What the notes' rule of thumb says, what an eager framework holds, what a device will show.
"""

from functools import cached_property

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.account import Account
from convcalc.memory.beforehand import may_hold
from convcalc.memory.columns import LONG
from convcalc.memory.forward import inference
from convcalc.memory.notes_rule import NaiveBytes, naive_bytes
from convcalc.memory.training import training


class Memory:
    """What a network holds; each run is simulated when it is first asked for."""

    def __init__(self, analysis: Analysis, notes: NaiveBytes) -> None:
        self._analysis = analysis
        self.notes = notes

    @cached_property
    def inference(self) -> Account:
        """The forward pass of a network in use."""
        return Account(inference(self._analysis), self._analysis.settings.batch)

    @cached_property
    def training(self) -> Account | None:
        """One step of training; None where the numbers are for inference only."""
        settings = self._analysis.settings
        if settings.dtype in INFERENCE_ONLY:
            return None
        return Account(training(self._analysis, settings.micro_batch), settings.micro_batch)

    @cached_property
    def peak_in_modules(self) -> int | None:
        """The peak of a network in use whose blocks are modules, which hold what they are given.

        None of whole numbers, which no modules run, and of nets of more than 20,000 layers.
        """
        settings = self._analysis.settings
        if settings.dtype in INFERENCE_ONLY or len(self._analysis.rows) > LONG:
            return None
        if not may_hold(self._analysis):
            return self.inference.peak
        from convcalc.memory.in_modules import in_modules  # where a report shows it

        trace = in_modules(self._analysis)
        held = 0 if trace is None else Account(trace, settings.batch).peak
        return max(held, self.inference.peak)

    def forget_training(self) -> None:
        """Let its record go: of a very long net it is tens of megabytes.

        It is the larger one, so what asks for both asks for it first: the columns of a run that
        went before leave holes between which its own do not fit.
        """
        self.__dict__.pop("training", None)


def memory_of(analysis: Analysis) -> Memory | None:
    """The memory of a network that could be sized; None of any other."""
    notes = naive_bytes(analysis)
    return None if notes is None else Memory(analysis, notes)
