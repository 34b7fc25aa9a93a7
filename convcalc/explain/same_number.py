"""Numbers that a flatten, a reshape or a concat put into another place: followed back one by one.

A field has positions of volumes alone, and that of a vector is the field of all its numbers. One of
them is mostly the very number of a volume above, which has a field of its own.
"""

from convcalc.analysis.numpy_lines.places import joined, ravelled, unravelled
from convcalc.analysis.numpy_lines.written import Position
from convcalc.analysis.record import Analysis, Row
from convcalc.layers.traits import Places


def followed(analysis: Analysis, index: int, position: Position) -> tuple[int, Position]:
    """The layer above and its output that this one is made from alone, as far up as there is one.

    It is the layer at `index` itself where that is no flatten, reshape, concat or function of each
    number.
    """
    while True:
        row = analysis.rows[index]
        layer = row.step.layer
        if layer is not None and layer.places is Places.JOINED:
            number, position = joined(row.inputs, position)
            index = row.step.inputs[number]
            continue
        if layer is None or len(row.inputs) != 1:
            return index, position
        if _moves(row):
            position = unravelled(ravelled(position, row.step.output or ()), row.inputs[0])
        elif not layer.is_elementwise:
            return index, position
        (index,) = row.step.inputs


def is_upper_bound(analysis: Analysis, index: int) -> bool:
    """Whether an output of the layer may depend on less than its field.

    So it is below a flatten or a reshape of several positions, until a layer reads all numbers.
    """
    wanted = {index}
    for at in range(index, -1, -1):
        row = analysis.rows[at]
        layer = row.step.layer
        if at not in wanted or layer is None or layer.places is Places.WEIGHED:
            continue
        if _moves(row) and any(size > 1 for size in row.inputs[0][:-1]):
            return True
        wanted.update(row.step.inputs)
    return False


def _moves(row: Row) -> bool:
    """Whether the layer has the numbers of its input, in a row, under another shape."""
    layer = row.step.layer
    return layer is not None and layer.places in {Places.FLATTENED, Places.RESHAPED}
