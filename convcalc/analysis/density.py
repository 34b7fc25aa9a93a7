"""How many positions of its receptive field an output really reads.

Dilated windows leave holes. Stacks of layers whose dilations have a common factor never fill them
(gridding; Wang et al. 2017, arXiv:1702.08502, section 3.2).
"""

from collections.abc import Sequence

from convcalc.analysis.record import Row
from convcalc.findings import Finding, Severity
from convcalc.network.record import Network

#: A field wider than this is not counted out.
_WIDEST = 4096


def positions_read(rows: Sequence[Row], index: int, axis: int) -> int | None:
    """Input positions on one axis that an output of a layer reads.

    None where that is not one number: through branches, after layers that enlarge, or where the
    field is too wide to count.
    """
    path: list[Row] = []
    at = index
    while rows[at].step.layer is not None:
        row = rows[at]
        if len(row.step.inputs) != 1 or len(row.receptive_field) <= axis:
            return None
        path.append(row)
        at = row.step.inputs[0]
    if rows[index].receptive_field[axis].size > _WIDEST:
        return None
    read, stride = 1, 1  # a bit for each position
    for row in reversed(path):
        assert row.step.layer is not None
        steps = row.step.layer.receptive_field_step(row.inputs, row.step.size)
        if len(steps) <= axis:
            continue  # on a vector: the field stays
        step, windows = steps[axis], row.step.size.windows
        if step.fields or not isinstance(step.stride, int):
            return None
        apart = windows[axis].dilation if windows else 1
        taps = windows[axis].kernel if windows else step.extent
        before, read = read, 0
        for tap in range(taps):
            read |= before << (tap * apart * stride)
        stride *= step.stride
    return read.bit_count()


def gridding(network: Network, rows: Sequence[Row]) -> list[Finding]:
    """A note at the first of stacked dilated layers after which a field has holes."""
    found: list[Finding] = []
    holey: set[int] = set()
    for index, row in enumerate(rows):
        if any(source in holey for source in row.step.inputs):
            holey.add(index)
            continue
        widths = [w for w in row.step.size.windows if w.dilation > 1 and w.kernel > 1]
        if not widths or any(w.factor > 1 for w in widths):
            continue
        for axis, window in enumerate(row.step.size.windows):
            if len(row.receptive_field) <= axis:
                break  # a window that does not fit has none
            field = row.receptive_field[axis].size
            read = positions_read(rows, index, axis)
            if read is None or read == field or field == window.extent:
                continue
            holey.add(index)
            if "CC112" not in row.step.ignore:
                found.append(
                    network.finding(
                        row.step,
                        "CC112",
                        Severity.NOTE,
                        f"gridding: an output of {row.step.name} reads {read} of the {field} "
                        "positions of its receptive field",
                        f"{read} of {field}",
                        ("dilations without a common factor, such as 1, 2, 5, fill the holes",),
                        option="dilation",
                    )
                )
            break
    return found
