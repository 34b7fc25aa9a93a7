"""`verify --average`: several passes over one image, each with its own random grids.

A fractional pool draws the places of its regions anew in every pass, and the notes average the
scores of several passes at test time (Pooling Layer, Recent developments).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.backend.arrays import Array, mean_of
from convcalc.backend.ops import NumPyOps
from convcalc.backend.weights import finite
from convcalc.shapes import Shape, written
from convcalc.verify.checks import RefusedError
from convcalc.verify.origin import Origin, drawing_layers
from convcalc.verify.plan import Plan
from convcalc.verify.run import Arrays, outputs


class Draw(NamedTuple):
    """One pass: what its grids were drawn from, and its scores beside their average."""

    seed: int
    best: int
    """Where its largest score is, counted through the output."""
    score: float
    error: float
    """Its largest difference from the average, relative to the average's largest score."""
    seconds: float


class Average(NamedTuple):
    """Passes over the same image with the same weights, and the average of their scores."""

    analysis: Analysis
    layers: tuple[str, ...]
    """Those that draw at random."""
    draws: tuple[Draw, ...]
    best: int
    score: float
    scores: Array
    """The average, in the output's shape."""
    faults: tuple[str, ...]
    origin: Origin = Origin()

    @property
    def agrees(self) -> bool:
        """Whether every pass makes finite scores of the shape that is predicted."""
        return not self.faults

    @property
    def same_best(self) -> int:
        """Passes whose largest score is where the average's is."""
        return sum(draw.best == self.best for draw in self.draws)

    @property
    def mean_error(self) -> float:
        """How far a pass is from the average, in the middle of all."""
        return sum(draw.error for draw in self.draws) / max(len(self.draws), 1)


def random_layers(analysis: Analysis) -> tuple[str, ...]:
    """The layers whose passes differ.

    Raises:
        RefusedError: there are none, so that all passes are the same.
    """
    found = drawing_layers(analysis)
    if not found:
        raise RefusedError(
            "every pass would be the same: no layer draws at random (fractional_max_pool does); "
            "`--equivalence --average` averages over the positions of a larger image"
        )
    return found


def average(
    analysis: Analysis,
    run: Plan,
    weights: Mapping[int, Mapping[str, Array]],
    image: Mapping[int, Array],
    count: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Average:
    """Run a net `count` times, its grids drawn from `seed`, `seed` + 1 and so on."""
    output = analysis.network.outputs[-1]
    predicted: Shape = analysis.network.steps[output].output or ()
    passes: list[tuple[int, Array, float]] = []
    faults: list[str] = []
    for number in range(count):
        progress(number)
        ops = NumPyOps(analysis.network.roundings, seed=seed + number)
        given = {i: volume.copy() for i, volume in image.items()}
        kept, seconds = outputs(analysis, run, Arrays(weights, given), ops, frozenset({output}))
        scores = kept[output][0]
        if scores.shape != predicted or not finite(scores):
            made = written(scores.shape)
            faults.append(f"pass {number + 1}: predicted {written(predicted)}, observed {made}")
            continue
        passes.append((seed + number, scores.copy(), seconds))
    mean = mean_of([scores for _, scores, _ in passes], predicted)
    largest = float(abs(mean).max()) or 1.0
    draws = tuple(
        Draw(
            own,
            int(scores.argmax()),
            float(scores.max()),
            float(abs(scores - mean).max()) / largest,
            seconds,
        )
        for own, scores, seconds in passes
    )
    return Average(
        analysis,
        random_layers(analysis),
        draws,
        int(mean.argmax()),
        float(mean.max()),
        mean,
        tuple(faults),
    )
