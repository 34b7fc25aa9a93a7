"""The volumes of inference planned into one block of memory, as all formats of `analyze` say it."""

from convcalc.analysis.record import Analysis
from convcalc.memory.arena import Arena, PlanError, plan
from convcalc.memory.edge import in_place_depthwise, quantized
from convcalc.study.errors import RequestError


def planned(analysis: Analysis) -> tuple[Arena, Arena]:
    """The plan that `fit` uses, and the one where depthwise convolutions overwrite their input.

    Raises:
        RequestError: planning takes too long.
    """
    try:
        arena = plan(quantized(analysis))
        return arena, in_place_depthwise(analysis, arena)
    except PlanError as error:
        raise RequestError(str(error)) from error
