"""What the model that a layer was read from calls its arrays, and how those become the layer's."""

from convcalc.records import NamedTuple
from convcalc.shapes import Shape


class Stored(NamedTuple):
    """One array of a layer, as the layer's model holds it."""

    word: str
    """What the layer calls it: ``weight``, ``bias``, ``running_mean``."""
    name: str = ""
    """What the model calls it; '' where it holds no array of these numbers."""
    shape: Shape = ()
    """Its shape there."""
    turn: tuple[Shape, Shape] | None = None
    """The axes of more than one number, and the order in which the layer has them; None: as is."""
    made_from: tuple[str, ...] = ()
    """The arrays that it is worked out of, where the model holds none of these numbers."""
