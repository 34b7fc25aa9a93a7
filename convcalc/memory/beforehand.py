"""What is asked of every layer before a run: whether a gradient comes through, its parts."""

from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis, Row
from convcalc.analysis.settings import INFERENCE_ONLY, Settings
from convcalc.layers.base import Part
from convcalc.memory.columns import LONG
from convcalc.memory.precisions import mode_of

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


class TakenApart:
    """The same for several runs of a network, which differ in settings alone: made once."""

    def __init__(self) -> None:
        self._last: tuple[object, object, bool] | None = None
        self._found: Apart | None = None

    def __call__(self, analysis: Analysis) -> "Apart | None":
        """The network as PyTorch computes it, with the settings of this run."""
        settings = analysis.settings
        key = analysis.network, analysis.rows, settings.dtype in INFERENCE_ONLY
        last = self._last
        if last is None or any(own is not other for own, other in zip(key, last, strict=True)):
            self._found = None  # before the next is made: of a very long net it is large
            self._found, self._last = taken_apart(analysis), key
        found = self._found
        if found is None:
            return None
        return found._replace(analysis=found.analysis._replace(settings=settings))


def as_recorded(settings: Settings) -> bool:
    """Whether a program runs as its file says: not under autocast, and not with whole numbers."""
    return not mode_of(settings).autocast and settings.dtype not in INFERENCE_ONLY


def may_hold(analysis: Analysis) -> bool:
    """Whether blocks of a network in use may be modules that hold what they are given.

    No modules run whole numbers; nets of more than 20,000 layers are not asked.
    """
    steps = analysis.network.steps
    if analysis.settings.dtype in INFERENCE_ONLY or len(steps) > LONG:
        return False
    return any("." in step.name for step in steps)


def tracked(analysis: Analysis, training: bool) -> bytearray:
    """For every layer whether it is between learned parameters and the loss."""
    steps = analysis.network.steps
    found = bytearray(len(steps))
    if not training:
        return found
    owners = analysis.network.owners()
    for number, row in enumerate(analysis.rows):
        step = row.step
        if row.params or (step.shares is not None and analysis.rows[owners[number]].params):
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
