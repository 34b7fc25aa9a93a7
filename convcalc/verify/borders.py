"""What a crop's border does to the volume that the first fc reads.

A position whose field lies inside the crop has the same number in the crop and in a larger image.
One whose field reaches over the edge reads padding in the crop and real neighbours in the image.
"""

from itertools import product
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.network.record import Step
from convcalc.shapes import Shape, elements
from convcalc.verify.checks import RefusedError


class Borders(NamedTuple):
    """Where a net's crops and one pass over a larger image read the same numbers."""

    source: int
    """The step whose volume the first fc reads."""
    stride: Shape
    """Input positions between neighbouring crops, an axis."""
    volume: Shape
    """Positions of that volume, an axis."""
    inner: tuple[Shape, ...]
    """Those of its positions whose field lies inside the crop."""
    padded: tuple[str, ...]
    """The layers before the fc that pad."""
    elsewhere: tuple[str, ...]
    """The layers whose numbers depend on more than a window: on the image's size or all of it."""

    @property
    def identical(self) -> bool:
        """Whether every position of the map must be its crop's, to the rounding."""
        return not self.elsewhere and len(self.inner) == elements(self.volume)


def borders(analysis: Analysis) -> Borders:
    """The borders of a net whose output comes from an fc.

    Raises:
        RefusedError: the output comes from no fc, or its crops are no whole positions apart.
    """
    network = analysis.network
    steps = network.steps
    source = _read_first(analysis)
    before = sorted(network.ancestors(source))
    fields = analysis.rows[source].receptive_field
    stride = tuple(field.stride for field in fields)
    if any(one.denominator != 1 for one in stride):
        raise RefusedError(f"{steps[source].name} enlarges: its positions are not crops")
    padded = [
        steps[i].name
        for i in before
        if steps[i].kind == "pad"
        or any(w.begin or w.end or w.overhang for w in steps[i].size.windows)
    ]
    needed = network.ancestors(network.outputs[-1])
    skewed = {f.layer for f in analysis.findings if f.code == "CC121"}
    elsewhere = [
        steps[i].name for i in sorted(needed) if not _is_local(steps[i]) or steps[i].name in skewed
    ]
    volume = (steps[source].output or ())[:-1]
    size = (steps[0].output or ())[:-1]
    inner = [
        [
            place
            for place in range(length)
            if place * int(field.stride) - field.padding >= 0
            and place * int(field.stride) - field.padding + field.size <= width
        ]
        for length, width, field in zip(volume, size, fields, strict=True)
    ]
    return Borders(
        source,
        tuple(int(one) for one in stride),
        volume,
        tuple(product(*inner)),
        tuple(padded),
        tuple(elsewhere),
    )


def _is_local(step: Step) -> bool:
    return step.layer is None or step.layer.is_local


def _read_first(analysis: Analysis) -> int:
    """The volume from which the output's vector is made."""
    steps = analysis.network.steps
    at = analysis.network.outputs[-1]
    if len(steps[at].output or ()) > 1:
        raise RefusedError(f"{steps[at].name}, the net's output, is a volume and comes from no fc")
    while len(steps[at].output or ()) < 2:
        at = steps[at].inputs[0]
    return at
