"""Keras's Dense, which is an fc of a vector and works on each place of a volume by itself.

Imported only where something is wrong.
"""

import re
from collections.abc import Sequence

from convcalc.layers import BY_NAME
from convcalc.layers.fc import FullyConnected
from convcalc.layers.pool_to_size import GlobalPool
from convcalc.layers.reshape import Flatten
from convcalc.layers.traits import Family
from convcalc.network.record import Step
from convcalc.shapes import elements
from convcalc.spec.foreign.asked import class_in

_KEPT = frozenset({Family.NORM, Family.SCALE, Family.ACTIVATION, Family.DROPOUT})
_DENSE = re.compile(r"(?:\w+\.)*Dense(?![A-Za-z])|(?:\w+\.)+dense\s*\(")
_ENTRY = re.compile(r"`(?:- )?(fc[^`]*)`")


def depends(word: str) -> bool:
    """Whether a layer is another one behind a vector than behind a volume.

    >>> depends("layers.Dense(10)"), depends("tf.layers.dense(x, 10)"), depends("nn.Linear")
    (True, True, False)
    """
    return _DENSE.match(class_in(word)) is not None


def is_one_place(step: Step, steps: Sequence[Step] = ()) -> bool:
    """Whether a layer certainly makes a vector or one place, though its size may not be known.

    `steps` are the layers up to there; without them the layer alone is asked.
    """
    while (shape := step.output) is None:
        kind = BY_NAME.get(step.kind)
        if kind is None or not step.inputs:
            return False
        unread = step.layer is None and kind.family is Family.FULLY_CONNECTED  # Dense itself
        if kind.family not in _KEPT and not unread:
            return issubclass(kind, Flatten | FullyConnected | GlobalPool)
        if not steps:
            return False
        step = steps[step.inputs[0]]
    return elements(shape) == shape[-1]


def waits(word: str, step: Step | None, steps: Sequence[Step] = ()) -> bool:
    """Whether what a layer means is not known before the layers above it are mended."""
    unknown = step is not None and step.output is None and depends(word)
    return step is not None and unknown and not is_one_place(step, steps)


def help(
    word: str, said: tuple[str, ...], steps: Sequence[Step], step: Step | None
) -> tuple[str, ...]:
    """The help for a layer, without an edit where it is not known whether a vector arrives."""
    entry = next((match[1] for line in said if (match := _ENTRY.search(line))), "")
    return (either(entry),) if entry and waits(word, step, steps) else said


def either(entry: str) -> str:
    """What Keras's Dense is, where it is not known what arrives."""
    each = "on each place of a volume a conv with kernel 1"
    return f"Keras's Dense is `{entry}` behind a vector, {each}: mend what is above first"
