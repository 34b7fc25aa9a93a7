"""Where the numbers of a run are from: a seed, files, and an input that is made smaller."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.findings import plain
from convcalc.network.record import INPUT
from convcalc.shapes import Shape
from convcalc.verify.plan import Plan, parameter_bytes


class Origin(NamedTuple):
    """What has to be the same for another run to have the same numbers."""

    seed: int | None = None
    """Of what is drawn at random; None where nothing is."""
    weights: str | None = None
    """The file of the weights, as it can be printed; None where they are random."""
    array: str | None = None
    """The file of the images; None where they are noise."""
    reduced: bool = False
    """Whether a smaller input was asked for."""
    reduced_from: Shape | None = None
    """The net's own input where a smaller one is run, the first that differs of several."""

    @property
    def parts(self) -> list[str]:
        """What a report's first line says of the seed and the files."""
        found = [] if self.seed is None else [f"seed {self.seed}"]
        found += [f"images of {self.array}"] if self.array else []
        found += [f"weights of {self.weights}"] if self.weights else []
        return found


def drawing_layers(analysis: Analysis) -> tuple[str, ...]:
    """The layers that draw at random in every pass."""
    steps = analysis.network.steps
    return tuple(step.name for step in steps if step.kind == "fractional_max_pool")


def origin(
    analysis: Analysis, run: Plan, seed: int, weights: str | None, array: str | None
) -> Origin:
    """What a run of these layers starts from."""
    names = {analysis.network.steps[i].name for i in run.steps}
    random = array is None or not names.isdisjoint(drawing_layers(analysis))
    random |= weights is None and parameter_bytes(analysis, run) > 0
    return Origin(seed if random else None, weights and plain(weights), array and plain(array))


def first_smaller(own: Analysis, run: Analysis) -> Shape | None:
    """The first input of a net that a run has smaller; None where all are its own."""
    pairs = zip(own.network.steps, run.network.steps, strict=False)
    return next(
        (one.output for one, other in pairs if one.kind == INPUT and one.output != other.output),
        None,
    )
