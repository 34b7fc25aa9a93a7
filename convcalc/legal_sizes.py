"""Which input sizes a net takes: exactly, under its rounding, or not at all, and who says no.

Channels do not depend on the spatial size, so the layers of a network are sized again for another
input as they are; nothing is read or built a second time.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from convcalc.findings import Severity
from convcalc.layers.base import Elementwise, Layer, Size
from convcalc.shapes import Shape
from convcalc.spec.network import INPUT, Network
from convcalc.window import Grade

_SEARCH = 4096  #: how far the smallest size is looked for


class Verdict(NamedTuple):
    """What a net makes of one input size."""

    spatial: Shape
    accepted: bool
    exact: bool
    layer: int | None
    """The first layer that refuses it, or that comes out only by rounding."""
    reason: str
    """That layer's arithmetic."""


class Objector(NamedTuple):
    """A layer and the sizes that fail, or are rounded, at it first."""

    layer: str
    sizes: tuple[Shape, ...]
    example: Shape
    """The one of these sizes that is nearest to the net's own."""
    reason: str
    """What this layer makes of it."""


class LegalSizes(NamedTuple):
    """The sizes of a range, sorted out. `accepted` holds the exact ones too."""

    exact: tuple[Shape, ...]
    accepted: tuple[Shape, ...]
    minimum: Shape | None
    """The smallest accepted one of all; of the range, where the axes vary by themselves."""
    step: int | None
    """The distance between exact sizes; None where it is not the same throughout."""
    forbidden: tuple[Objector, ...]
    rounded: tuple[Objector, ...]
    mixed: bool = False
    """Whether the axes may have different sizes of the exact ones."""


class UnfinishedNetError(Exception):
    """A layer of the net could not be read; the message names it."""


class Resizer:
    """A network whose input can be any size. All inputs of the first one's size go with it.

    Options worked out from ``in_channels`` behind a flatten keep the value they have.
    """

    def __init__(self, network: Network) -> None:
        """Prepare a network.

        Raises:
            UnfinishedNetError: one of its layers or its input's size is not known.
        """
        steps = network.steps
        for step in steps:
            if step.layer is None and (step.kind != INPUT or step.output is None):
                raise UnfinishedNetError(step.name)
        self.network = network
        self.own = (steps[0].output or ())[:-1]
        self.layers = [step.layer for step in steps]
        self.reads = [
            step.inputs if step.like is None else (*step.inputs, step.like) for step in steps
        ]
        self.sizes: dict[tuple[int, tuple[Shape, ...]], Size] = {}

    def judge(self, spatial: Shape) -> Verdict:
        """Size every layer for an input of this spatial size, up to the first that refuses it."""
        shapes: list[Shape] = []
        rounded: tuple[int, str] | None = None
        for index, (layer, reads) in enumerate(zip(self.layers, self.reads, strict=True)):
            if layer is None:
                shapes.append(self._input(index, spatial))
                continue
            if type(layer).sizing is Elementwise.sizing:
                shapes.append(shapes[reads[0]])
                continue
            size = self._sized(layer, tuple(shapes[i] for i in reads))
            if size.output is None:
                faults = [f.message for f in size.faults if f.severity is Severity.ERROR]
                return Verdict(spatial, False, False, index, faults[0] if faults else "")
            if rounded is None and not _comes_out(layer, size):
                first = next(w for w in size.windows if w.grade is not Grade.EXACT)
                rounded = index, f"{first.formula} ({first.grade.value})"
            shapes.append(size.output)
        return Verdict(spatial, True, rounded is None, *(rounded or (None, "")))

    def _input(self, index: int, spatial: Shape) -> Shape:
        shape = self.network.steps[index].output or ()
        return (*spatial, shape[-1]) if shape[:-1] == self.own else shape

    def _sized(self, layer: Layer, shapes: tuple[Shape, ...]) -> Size:
        key = (id(layer), shapes)
        size = self.sizes.get(key)
        if size is None:
            size = self.sizes[key] = layer.sizing(shapes, self.network.roundings)
        return size


def _comes_out(layer: Layer, size: Size) -> bool:
    """Whether nothing was rounded; `same` is ceil(W/S) by definition."""
    if layer.__dict__.get("pad") == "same":
        return True
    return all(window.grade is Grade.EXACT for window in size.windows)


def square_sizes(network: Network, first: int, last: int) -> LegalSizes:
    """All inputs of `first` to `last` positions, the same on every axis, sorted out.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    resizer = Resizer(network)
    axes = len(resizer.own)
    found = _sorted_out(network, map(resizer.judge, _squares(first, last, axes)))
    minimum, step = _whole_range(resizer, axes, max(last, _SEARCH))
    return found._replace(minimum=minimum, step=step, mixed=_may_differ(resizer, found.exact))


def sizes_of(network: Network, sizes: Iterable[Shape]) -> LegalSizes:
    """The given spatial sizes, sorted out.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    resizer = Resizer(network)
    found = _sorted_out(network, map(resizer.judge, sizes))
    return found._replace(minimum=min(found.accepted, default=None))


def nearest_sizes(network: Network, reach: int = 256) -> list[Shape]:
    """The sizes next to the net's own that come out: all axes moved alike, at most one each way.

    Exact ones where the net rounds nothing or there are such; else accepted ones; nearest first.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    resizer = Resizer(network)
    exact: list[Shape] = []
    accepted: list[Shape] = []
    for direction in (-1, 1):
        verdicts = list(_away(resizer, direction, reach))
        exact += [verdict.spatial for verdict in verdicts if verdict.exact][:1]
        accepted += [verdict.spatial for verdict in verdicts if verdict.accepted][:1]
    return sorted(exact or accepted, key=lambda spatial: abs(spatial[0] - resizer.own[0]))


def _away(resizer: Resizer, direction: int, reach: int) -> Iterator[Verdict]:
    """Verdicts on ever smaller or larger sizes, up to the first exact one."""
    for distance in range(1, reach + 1):
        spatial = tuple(size + direction * distance for size in resizer.own)
        if min(spatial, default=0) < 1:
            return
        verdict = resizer.judge(spatial)
        yield verdict
        if verdict.exact:
            return


def _squares(first: int, last: int, axes: int) -> Iterator[Shape]:
    return ((size,) * axes for size in range(first, last + 1))


def _may_differ(resizer: Resizer, exact: tuple[Shape, ...]) -> bool:
    """Whether the smallest and the largest exact size go together, either way round."""
    if len(exact) < 2 or len(resizer.own) < 2:
        return False
    small, large = exact[0][0], exact[-1][0]
    rest = exact[0][2:]
    return all(resizer.judge((*pair, *rest)).exact for pair in ((small, large), (large, small)))


def _whole_range(resizer: Resizer, axes: int, last: int) -> tuple[Shape | None, int | None]:
    """The smallest accepted size of all, and the distance between the first exact ones."""
    minimum: Shape | None = None
    exact: list[int] = []
    for spatial in _squares(1, last, axes):
        verdict = resizer.judge(spatial)
        if verdict.accepted and minimum is None:
            minimum = spatial
        if verdict.exact:
            exact.append(spatial[0])
            if len(exact) == 3:
                break
    gaps = {b - a for a, b in pairwise(exact)}
    return minimum, gaps.pop() if len(gaps) == 1 else None


def _sorted_out(network: Network, verdicts: Iterable[Verdict]) -> LegalSizes:
    exact: list[Shape] = []
    accepted: list[Shape] = []
    forbidden: dict[int, list[Verdict]] = {}
    rounded: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.accepted:
            accepted.append(verdict.spatial)
        if verdict.exact:
            exact.append(verdict.spatial)
        elif verdict.layer is not None:
            where = rounded if verdict.accepted else forbidden
            where.setdefault(verdict.layer, []).append(verdict)
    return LegalSizes(
        tuple(exact),
        tuple(accepted),
        None,
        None,
        _objectors(network, forbidden),
        _objectors(network, rounded),
    )


def _objectors(network: Network, groups: dict[int, list[Verdict]]) -> tuple[Objector, ...]:
    own = network.steps[0].output or ()
    found = []
    for index in sorted(groups):
        verdicts = groups[index]
        near = min(
            verdicts, key=lambda v: sum(abs(a - b) for a, b in zip(v.spatial, own, strict=False))
        )
        sizes = tuple(verdict.spatial for verdict in verdicts)
        found.append(Objector(network.steps[index].name, sizes, near.spatial, near.reason))
    return tuple(found)
