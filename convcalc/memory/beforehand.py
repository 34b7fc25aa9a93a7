"""What is asked of every layer before a run: whether a gradient comes through, its parts."""

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer


def parts_of(row: Row) -> tuple[Layer, ...]:
    """The layers that PyTorch computes a merge of many volumes by; none where it is one."""
    layer = row.step.layer
    return layer.in_pairs(len(row.step.inputs)) if layer is not None and layer.merges else ()


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
