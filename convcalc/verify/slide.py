"""The passes of an equivalence: scores by the place where a crop starts, and their comparison."""

from collections.abc import Collection, Sequence
from itertools import product
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.backend.arrays import Array, mean_of
from convcalc.backend.ops import NumPyOps
from convcalc.shapes import Shape, elements
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays, outputs

Place = Shape  #: where a crop starts in the image, one number an axis
Weights = dict[int, dict[str, Array]]


class Averaged(NamedTuple):
    """Scores averaged over all positions of a map, and over the crops (CS231n notes, Converting FC
    layers to CONV layers)."""

    best: int
    """The class whose average is largest."""
    score: float
    crops_best: int
    error: float
    """The largest difference of the two averages, relative to the largest average."""


class Comparison(NamedTuple):
    """Some passes of the conv form against as many crops as their maps have positions."""

    map: Shape
    """Positions an axis; of several passes interleaved."""
    stride: Shape
    """Input positions between neighbours."""
    passes: int
    same_best: int
    """Positions whose largest score is the same class's."""
    error: float
    """The largest difference, relative to the largest score."""
    mean_error: float
    pass_macs: int
    crop_macs: int
    pass_seconds: float
    crop_seconds: float
    average: Averaged

    @property
    def positions(self) -> int:
        """Positions of the map, each compared with its crop."""
        return elements(self.map)


class Pass(NamedTuple):
    """One run, of one crop or of many at once."""

    shift: Place
    macs: int
    seconds: float


class Scored:
    """What runs over one image made of its crops."""

    def __init__(self, image: Array, source: int, output: int) -> None:
        self.image = image
        self.source, self.output = source, output
        self.runs: list[Pass] = []
        self.scores: dict[Place, Array] = {}
        self.volumes: dict[Place, Array] = {}

    def run(
        self, analysis: Analysis, weights: Weights, shift: Place, places: Collection[Place] = ()
    ) -> None:
        """Run a net on its part of the image from `shift` on; it scores the crops at `places`.

        Without places it is one crop that it scores, its own.
        """
        shape = (analysis.network.steps[0].output or ())[:-1]
        ends = (slice(at, at + size) for at, size in zip(shift, shape, strict=True))
        part = self.image[(slice(None), *ends)].copy()
        ops = NumPyOps(analysis.network.roundings)
        keep = frozenset({self.source, self.output})
        kept, seconds = outputs(analysis, plan(analysis), Arrays(weights, {0: part}), ops, keep)
        self.runs.append(Pass(shift, analysis.totals.macs or 0, seconds))
        self.volumes[shift] = kept[self.source][0].copy()
        scores = kept[self.output][0]
        for index, place in indexed(places):
            self.scores[place] = scores[index]
        if not places:
            self.scores[shift] = scores.reshape(-1)

    def inner_error(
        self, crops: "Scored", inner: Sequence[Shape], places: Sequence[Place], stride: Shape
    ) -> float:
        """How far the first fc's volume is off the crops' at its `inner` positions."""
        whole = self.volumes[(0,) * len(stride)]
        errors, largest = [0.0], 0.0
        for place in places:
            offset = [start // step for start, step in zip(place, stride, strict=True)]
            volume = crops.volumes[place]
            largest = max(largest, float(abs(volume).max()))
            for at in inner:
                there = tuple(a + b for a, b in zip(at, offset, strict=True))
                errors.append(float(abs(whole[there] - volume[at]).max()))
        return max(errors) / (largest or 1.0)


def indexed(places: Collection[Place]) -> list[tuple[Shape, Place]]:
    """The positions of a map and the places of their crops, which form a grid."""
    if not places:
        return []
    axes = [sorted(set(axis)) for axis in zip(*places, strict=True)]
    counted = product(*(range(len(axis)) for axis in axes))
    return list(zip(counted, product(*axes), strict=True))


def compared(convs: Scored, crops: Scored, places: Collection[Place], stride: Shape) -> Comparison:
    """The scores of some places by all passes of `convs` so far, against those of the crops."""
    errors, same = [], 0
    largest = max(float(abs(crops.scores[place]).max()) for place in places) or 1.0
    mean = 0.0
    for place in places:
        ours, theirs = convs.scores[place], crops.scores[place]
        difference = abs(ours - theirs)
        errors.append(float(difference.max()))
        mean += float(difference.mean())
        same += int(ours.argmax() == theirs.argmax())
    runs = [one for one in crops.runs if one.shift in set(places)]
    return Comparison(
        tuple(len(set(axis)) for axis in zip(*places, strict=True)),
        stride,
        len(convs.runs),
        same,
        max(errors) / largest,
        mean / len(places) / largest,
        sum(one.macs for one in convs.runs),
        sum(one.macs for one in runs),
        sum(one.seconds for one in convs.runs),
        sum(one.seconds for one in runs),
        _averaged(convs, crops, places),
    )


def _averaged(convs: Scored, crops: Scored, places: Collection[Place]) -> Averaged:
    shape = next(iter(convs.scores.values())).shape
    ours, theirs = (
        mean_of([one.scores[place] for place in places], shape) for one in (convs, crops)
    )
    error = float(abs(ours - theirs).max()) / (float(abs(theirs).max()) or 1.0)
    return Averaged(int(ours.argmax()), float(ours.max()), int(theirs.argmax()), error)


def grid(own: Shape, image: Shape, stride: Shape, shift: Place) -> list[Place]:
    """The places of all crops of size `own`, a stride apart from `shift` on, inside an image."""
    axes = zip(own, image, stride, shift, strict=True)
    return list(
        product(*(range(begin, size - width + 1, step) for width, size, step, begin in axes))
    )


def shifts(own: Shape, image: Shape, stride: Shape) -> list[Place]:
    """Where passes start that together step by half the stride; an odd stride is not halved."""
    choices = [
        (0, step // 2) if step % 2 == 0 and width + step // 2 <= size else (0,)
        for width, size, step in zip(own, image, stride, strict=True)
    ]
    return list(product(*choices))
