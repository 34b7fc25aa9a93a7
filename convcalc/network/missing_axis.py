"""An input without its channels, which layers have numbers for: the last axis is read as them.

Imported only where an option has other numbers than the input has axes.
"""

from collections.abc import Sequence
from itertools import islice, takewhile

from convcalc.layers.axes import IMAGE
from convcalc.layers.base import SizeFinding
from convcalc.layers.option import PerAxis
from convcalc.network.record import INPUT, Step
from convcalc.shapes import written

_COLOURS = 4  #: as many channels are those of an image, and no depth
_AXES = {1: "an image has a height, a width", 2: "a volume has a depth, a height, a width"}
_MOST = 200  #: layers that are looked through


def help(finding: SizeFinding, step: Step, steps: Sequence[Step], in_line: bool) -> tuple[str, ...]:
    """The input with a channel more, where the numbers of an option are one for each of its sizes.

    () where a layer above has a number for each axis that there is, or the last size is that of
    colours.
    """
    shape = steps[step.inputs[0]].output if step.inputs else None
    inputs = [*takewhile(lambda one: one.kind == INPUT, islice(steps, _MOST))]
    if shape is None or len(shape) - 1 not in _AXES or step.layer is None:
        return ()
    given = getattr(step.layer, finding.option, ())
    meant = [one for one in inputs if one.output is not None and len(one.output) == len(shape)]
    if not isinstance(given, tuple) or len(given) != len(shape) or len(meant) != 1:
        return ()
    size, axes = meant[0].output or (), len(shape) - 1
    if size[-1] <= _COLOURS or any(_says(one, axes) for one in islice(steps, _MOST)):
        return ()
    name = "--input " if in_line else f"{meant[0].name if len(inputs) > 1 else INPUT}: "
    said = f"{_AXES[axes]} and channels: `{name}{written(size)}x1`"
    others = [line for line in finding.help if line != IMAGE and "did you mean" not in line]
    return (*others, said) if axes == 1 else (said, *others)


def _says(step: Step, axes: int) -> bool:
    """Whether an option of a layer has a number for each of several axes."""
    if step.layer is None or axes < 2:
        return False
    options = (option for option in step.layer.options() if isinstance(option, PerAxis))
    given = (getattr(step.layer, option.key) for option in options)
    return any(isinstance(numbers, tuple) and len(numbers) == axes for numbers in given)
