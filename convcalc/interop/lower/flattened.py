"""Which volume a vector was flattened from, its numbers still in their places."""

from convcalc.interop.lower.lowering import Lowering
from convcalc.layers.traits import Places
from convcalc.shapes import Shape, elements

_MOST = 64  #: layers that are looked at


def flattened_from(low: Lowering, item: int) -> Shape | None:
    """The shape, channels last, of the one volume whose numbers an item has in a row, or is.

    None where it was not flattened, numbers have moved since, or several volumes differ.
    """
    items = low.builder.items
    vector = (elements(items[item].output),)
    shapes, waiting, seen = set[Shape](), [item], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        layer, output = items[at].layer, items[at].output
        if len(output) > 1:
            shapes.add(output)
        elif layer is None or layer.places not in _STAY or output != vector or len(seen) > _MOST:
            return None
        else:
            waiting += (i for i in items[at].inputs if elements(items[i].output) == vector[0])
    return shapes.pop() if len(shapes) == 1 else None


_STAY = frozenset({Places.KEPT, Places.FLATTENED})
