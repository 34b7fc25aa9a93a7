"""The sizes of a range, sorted out: exact, accepted, forbidden, and by which layer."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.sizes.resize import Resizer, SizeCheck, resizable

MOST = 100_000  #: sizes that one question looks at
_SEARCH = 4096  #: how far the smallest size is looked for
_MOST_SEARCHED, _LEAST_SEARCHED = 100_000, 256  #: sizes that are, whatever the net's own
_LAYERS_SEARCHED = 1_000_000  #: layers of all of them together


class Judge(Protocol):
    """What says of a network whether it takes a size."""

    network: Network
    own: Shape
    """The network's own spatial size."""

    def judge(self, spatial: Shape) -> SizeCheck:
        """What the network makes of this size."""


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
    own: SizeCheck | None = None
    """What the net makes of its own size, in the range or not."""


def square_sizes(network: Network, first: int, last: int) -> LegalSizes:
    """All inputs of `first` to `last` positions, the same on every axis, sorted out.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    resizer = Resizer(network, resizable(network))
    axes = len(resizer.own)
    found = sorted_out(resizer, squares(first, last, axes))
    most = max(_LEAST_SEARCHED, _LAYERS_SEARCHED // len(network.steps))
    searched = min(max(last, _SEARCH), _MOST_SEARCHED, most)
    minimum, step = _whole_range(resizer, axes, searched)
    if minimum is None and first <= searched:  # none is below the range
        minimum = min(found.accepted, default=None)
    return found._replace(minimum=minimum, step=step, mixed=may_differ(resizer, found.exact))


def sizes_of(network: Network, sizes: Iterable[Shape]) -> LegalSizes:
    """The given spatial sizes, sorted out.

    Raises:
        UnfinishedNetError: the net has layers that could not be read.
    """
    found = sorted_out(Resizer(network, resizable(network)), sizes)
    return found._replace(minimum=min(found.accepted, default=None))


def distance(one: Shape, other: Shape) -> int:
    """Positions between two sizes, all axes together."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=False))


def squares(first: int, last: int, axes: int) -> Iterator[Shape]:
    """Inputs of `first` to `last` positions on every axis."""
    return ((size,) * axes for size in range(first, last + 1))


def may_differ(judge: Judge, exact: tuple[Shape, ...]) -> bool:
    """Whether the smallest and the largest exact size go together, either way round."""
    if len(exact) < 2 or len(judge.own) < 2:
        return False
    small, large = exact[0][0], exact[-1][0]
    rest = exact[0][2:]
    return all(judge.judge((*pair, *rest)).exact for pair in ((small, large), (large, small)))


def _whole_range(resizer: Resizer, axes: int, last: int) -> tuple[Shape | None, int | None]:
    """The smallest accepted size of all, and the distance between the first exact ones."""
    minimum: Shape | None = None
    exact: list[int] = []
    for spatial in squares(1, last, axes):
        verdict = resizer.judge(spatial)
        if verdict.accepted and minimum is None:
            minimum = spatial
        if verdict.exact:
            exact.append(spatial[0])
            if len(exact) == 3:
                break
    return minimum, step_of(exact)


def step_of(sizes: Iterable[int]) -> int | None:
    """The distance between sizes; None where it is not the same throughout."""
    gaps = {b - a for a, b in pairwise(sizes)}
    return gaps.pop() if len(gaps) == 1 else None


def sorted_out(judge: Judge, sizes: Iterable[Shape]) -> LegalSizes:
    """Some sizes, and what the network makes of its own."""
    exact: list[Shape] = []
    accepted: list[Shape] = []
    forbidden: dict[tuple[int, str], list[SizeCheck]] = {}
    rounded: dict[tuple[int, str], list[SizeCheck]] = {}
    for verdict in map(judge.judge, sizes):
        if verdict.accepted:
            accepted.append(verdict.spatial)
        if verdict.exact:
            exact.append(verdict.spatial)
        elif verdict.layer is not None:
            where = rounded if verdict.accepted else forbidden
            where.setdefault((verdict.layer, verdict.name), []).append(verdict)
    return LegalSizes(
        tuple(exact),
        tuple(accepted),
        None,
        None,
        _objectors(judge, forbidden),
        _objectors(judge, rounded),
        own=judge.judge(judge.own),
    )


def _objectors(
    judge: Judge, groups: dict[tuple[int, str], list[SizeCheck]]
) -> tuple[Objector, ...]:
    found = []
    for (index, name), verdicts in sorted(groups.items()):
        near = min(verdicts, key=lambda verdict: distance(verdict.spatial, judge.own))
        sizes = tuple(verdict.spatial for verdict in verdicts)
        known = name or judge.network.steps[index].name
        found.append(Objector(known, sizes, near.spatial, near.reason))
    return tuple(found)
