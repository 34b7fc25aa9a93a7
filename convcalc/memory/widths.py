"""How wide the numbers of every layer's output are, in bytes: half or full under autocast."""

from collections.abc import Iterable, Sequence

from convcalc.analysis.record import Analysis, Row
from convcalc.layers.base import Layer
from convcalc.layers.precision import Cast, OutputWidth
from convcalc.memory.precisions import FULL, HALF, PrecisionMode, mode_of
from convcalc.records import NamedTuple


class Widths(NamedTuple):
    """Bytes of one number of what a layer makes."""

    output: int
    computed: int
    """In what it computes."""
    cast: int = 0
    """Of the copy of its input in another width; 0 where it makes none."""


def widths_of(mode: PrecisionMode, layer: Layer, in_place: bool, inputs: tuple[int, ...]) -> Widths:
    """The widths of a layer under autocast, by those of its inputs."""
    output, casts = layer.precision
    first = inputs[0]
    if output is OutputWidth.HALF:
        return Widths(HALF, HALF, HALF if first != HALF else 0)
    if output is OutputWidth.AS_INPUT:
        return Widths(first, first)
    if output is OutputWidth.WIDEST:
        return Widths(first if in_place else max(inputs), max(inputs))
    narrow = first != FULL and (
        casts is Cast.INPUT_TO_FULL
        or (casts is Cast.INPUT_TO_FULL_IN_BFLOAT16 and mode.autocast == "bfloat16")
    )
    return Widths(FULL, FULL, FULL if narrow else 0)


def output_widths(analysis: Analysis) -> Sequence[int]:
    """Bytes of a number of every layer's output, also of a net that could not be sized whole."""
    number, mode = analysis.settings.number_bytes, mode_of(analysis.settings)
    if not mode.autocast:
        return bytes([number]) * len(analysis.rows)
    found: list[int] = []
    for row in analysis.rows:
        layer, sources = row.step.layer, row.step.inputs
        if layer is None or not sources:
            found.append(number)
        else:
            inputs = tuple(found[source] for source in sources)
            found.append(widths_of(mode, layer, row.in_place, inputs).output)
    return found


def volume_bytes(rows: Iterable[Row], widths: Iterable[int]) -> int:
    """Bytes of the new volumes of some layers, for one image."""
    sized = zip(rows, widths, strict=True)
    return sum((row.activations or 0) * width for row, width in sized if row.new_volume)


def activation_bytes(analysis: Analysis) -> int:
    """Bytes of the input and every new volume of one image."""
    if not mode_of(analysis.settings).autocast:  # all have one width
        return (analysis.totals.activations or 0) * analysis.settings.number_bytes
    return volume_bytes(analysis.rows, output_widths(analysis))
