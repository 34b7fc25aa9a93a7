"""What is asked of every layer before a run: whether a gradient comes through, its parts."""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.layers.base import Part

if TYPE_CHECKING:
    from convcalc.memory.apart import Apart


def parts_of(row: Row, pads_itself: bool = False) -> tuple[Part, ...]:
    """The layers that PyTorch computes a layer by; none where it is one.

    `pads_itself`: the kernels that run it take padding of any kind.
    """
    step = row.step
    layer = step.layer
    if layer is None or (pads_itself and not layer.merges):
        return ()
    return layer.parts(row.inputs[: len(step.inputs)], step.size)


def taken_apart(analysis: Analysis) -> "Apart | None":
    """The network layer by layer as PyTorch computes it; None where that is as it stands.

    Whole numbers are for devices whose kernels pad by themselves (TensorFlow Lite's, CMSIS-NN's).
    """
    pads_itself = analysis.settings.dtype in INFERENCE_ONLY
    if not any(parts_of(row, pads_itself) for row in analysis.rows):
        return None
    from convcalc.memory.apart import apart  # for few nets

    return apart(analysis, pads_itself)


def tracked(analysis: Analysis, training: bool) -> bytearray:
    """For every layer whether it is between learned parameters and the loss."""
    steps = analysis.network.steps
    found = bytearray(len(steps))
    if not training:
        return found
    for number, row in enumerate(analysis.rows):
        step = row.step
        if step.shares is not None or row.params:
            found[number] = True
            continue
        for source in step.inputs:
            if found[source]:
                found[number] = True
    leading = bytearray(len(steps))
    for output in analysis.network.outputs:
        leading[output] = True
    for number in range(len(steps) - 1, -1, -1):
        if leading[number]:
            for source in steps[number].inputs:
                leading[source] = True
        else:
            found[number] = False
    return found
