"""One call of a layer in a Keras model that is put in order."""

from typing import NamedTuple

from convcalc.interop.read.keras.calls import Call, Ref
from convcalc.interop.read.keras.models import KerasLayer


class Step(NamedTuple):
    """One call of a layer."""

    layer: KerasLayer
    number: int
    """Which call of it this is, from 0."""
    reads: tuple[Ref, ...]
    call: Call
    """What it is given, as the file says it."""
