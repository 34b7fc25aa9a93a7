"""Where a run is, in words."""

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Moment
from convcalc.memory.trace import NO_STEP, STEP


def layer_name(analysis: Analysis, moment: Moment) -> str | None:
    """The layer of a moment; None where it is all layers at once."""
    if moment.step != NO_STEP:
        return analysis.rows[moment.step].step.name
    return None if moment.phase == STEP else "loss"


def moment_words(analysis: Analysis, moment: Moment) -> str:
    """Where a run is: ``in the backward pass of fc1``."""
    layer = layer_name(analysis, moment)
    if layer is None:
        return "in the optimizer's step"
    if moment.phase == STEP:
        return f"in the optimizer's step for {layer}"
    return f"in the {moment.phase} pass of {layer}"
