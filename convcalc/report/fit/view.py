"""What `fit` shows."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, errors_and_warnings
from convcalc.memory.account import Account
from convcalc.memory.least_batch import LeastBatch, least_batch
from convcalc.memory.placement import Placement, weights
from convcalc.memory.remedies import holders

if TYPE_CHECKING:
    from convcalc.memory.plans import Advice


class FitView(NamedTuple):
    """A net and how it is placed on a device."""

    analysis: Analysis
    placement: Placement
    advice: "Advice | None" = None
    """Which layers to checkpoint, where that was asked for."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Warnings: a net with errors is not placed."""
        return tuple(errors_and_warnings(self.analysis.findings))

    @property
    def parameters(self) -> int:
        """Bytes of the weights."""
        return weights(self.analysis, self.placement.device)

    @property
    def estimate(self) -> str:
        """That training is counted by the layers; '' of no training, or where that is exact."""
        if self.placement.training is None or self.analysis.network.run is None:
            return ""
        from convcalc.memory.by_layers import training_by_layers  # of programs alone

        return training_by_layers(self.analysis)

    @property
    def least(self) -> LeastBatch:
        """The least micro-batch of training; 1 where there is none."""
        return LeastBatch(1, "") if self.placement.training is None else least_batch(self.analysis)

    @property
    def notes(self) -> list[str]:
        """What there is to say of training, whatever the format."""
        few = self.least.because if self.least.layer else ""
        return [text for text in (self.estimate, few) if text]

    @property
    def smallest(self) -> Account:
        """The peak of a single image."""
        return self.placement.smallest

    @property
    def holders(self) -> list[tuple[str, int]]:
        """The layers that hold most of that peak, with their bytes."""
        rows = self.analysis.rows
        return [(rows[holder.step].step.name, holder.bytes) for holder in holders(self.smallest)]
