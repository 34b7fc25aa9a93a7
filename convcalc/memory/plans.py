"""What the advice on checkpointing is made of: plans, each with what training needs with it."""

from typing import NamedTuple

from convcalc.analysis.settings import Settings
from convcalc.memory.device import Range
from convcalc.memory.segments import Span


class Checkpoints(NamedTuple):
    """Segments to checkpoint, and what training needs with them."""

    segments: tuple[Span, ...]
    peak: int
    needs: Range
    """What a device will show."""
    recomputed_macs: int
    """Multiply-accumulates that are computed again for one image."""
    settings: Settings
    """What the plan trains with; the given ones, or another precision or accumulation."""

    def extra_compute(self, macs: int) -> float:
        """Compute that comes on top of a step's: forward, and twice that backward.

        `macs` are those of one image in the forward pass.
        """
        return self.recomputed_macs / (3 * macs) if macs else 0.0


class Advice(NamedTuple):
    """How to make a batch fit."""

    batch: int
    memory: int
    """Bytes of the device."""
    plain: Checkpoints
    """Without checkpointing."""
    plans: tuple[Checkpoints, ...]
    """With it, by compute: none has a higher peak and more compute than another.

    The chosen one is among them too where a lower peak leaves more lost between blocks.
    """
    chosen: Checkpoints | None
    """The one that computes least of those that surely fit, none at all where that does; None
    where none fits."""
    others: tuple[Checkpoints, ...]
    """Another precision, accumulation: alone, then with the segments that make them fit."""
    cuts: int = 0
    """Positions where segments were tried to begin and end; 0 where none were."""
    positions: int = 0
    """All positions between layers; those that were left out may have had better plans."""
    untried: tuple[str, ...] = ()
    """What was not tried, or not to the end: of a long net that would take too long."""


def undominated(plain: Checkpoints, plans: list[Checkpoints]) -> tuple[Checkpoints, ...]:
    """The plans that save memory, without those that another beats in memory and compute."""
    found: list[Checkpoints] = []
    for plan in sorted(plans, key=lambda p: (p.recomputed_macs, p.peak)):
        if plan.peak < min([plain.peak, *(p.peak for p in found)]):
            found.append(plan)
    return tuple(found)
