"""Checkpointed segments: stretches of layers that are run again in the backward pass.

``torch.utils.checkpoint`` with ``use_reentrant=False`` and early stop, its defaults. Inside a
segment nothing is saved; its inputs are held; what its layers need is made again when the first
of them, from the end, needs it (Chen et al. 2016, arXiv:1604.06174).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convcalc.analysis.record import Row

#: First and last step of a segment.
Span = tuple[int, int]


class Segment(NamedTuple):
    """A stretch of consecutive layers, and what it reads from outside."""

    first: int
    last: int
    inputs: tuple[int, ...]
    """The layers outside whose volumes are read inside."""
    out_of_place: tuple[int, ...]
    """Layers inside that would overwrite an input of the segment, and therefore do not."""
    savers: tuple[int, ...] = ()
    """The layers inside that save anything when they are run again."""


def segments_of(rows: Sequence[Row], spans: Iterable[Span]) -> tuple[Segment, ...]:
    """The segments at some spans, in order."""
    return tuple(_segment(rows, first, last) for first, last in sorted(spans))


def _segment(rows: Sequence[Row], first: int, last: int) -> Segment:
    inputs: dict[int, None] = {}
    out_of_place: list[int] = []
    overwrites: set[int] = set()
    """Layers inside whose output is an input of the segment: views of it."""
    for step in range(first, last + 1):
        row = rows[step]
        for source in row.step.inputs:
            if source < first:
                inputs[source] = None
        if not row.in_place or row.step.layer is None:
            continue
        source = row.step.inputs[0]
        if source >= first and source not in overwrites:
            continue
        if row.step.layer.is_view:
            overwrites.add(step)
        else:
            out_of_place.append(step)
    return Segment(first, last, tuple(inputs), tuple(out_of_place))
