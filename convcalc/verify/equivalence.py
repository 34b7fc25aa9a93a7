"""`verify --equivalence`: a net slid over a larger image crop by crop, and its convs in one pass.

With the same weights the conv form makes a map, each position of which is the result of the net on
one crop; the crops are a stride apart. The numbers are the crop's own where nothing is padded
before the fc. Where something is, the pass reads the crop's neighbours and the crop alone reads
zeros.
"""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.backend.weights import random_volume
from convcalc.convert import fc_to_conv, planned, resized
from convcalc.findings import Severity
from convcalc.network.record import INPUT
from convcalc.shapes import Shape, elements, written
from convcalc.verify.borders import Borders, borders
from convcalc.verify.checks import RefusedError
from convcalc.verify.origin import Origin
from convcalc.verify.slide import Comparison, Place, Scored, Weights, compared, grid, shifts

#: Differences, relative to the largest score, that the order of summation makes.
TOLERANCE = {"float32": 1e-4, "float64": 1e-10}

#: Positions an axis of the map that the default image makes: the notes' 6x6; fewer, down to two,
#: where the crops would take more MACs than this.
_POSITIONS = 6
_MOST = 200_000_000_000


class Forms(NamedTuple):
    """A net and what it becomes: all that can be known before anything runs."""

    analysis: Analysis
    text: str
    """The spec of the conv form."""
    larger: Analysis
    """The conv form at the image's size."""
    borders: Borders

    def sized(self, spatial: Shape) -> Analysis:
        """The conv form at another size.

        Raises:
            RefusedError: a size there is not an integer.
        """
        return _sized(self.analysis, self.text, spatial)

    def mapped(self, spatial: Shape) -> Analysis:
        """The conv form at another size, where its map has a position for every crop.

        Raises:
            RefusedError: a size there is not an integer, or its positions are not crops.
        """
        found = self.sized(spatial)
        own = (self.analysis.network.steps[0].output or ())[:-1]
        wanted = tuple(
            (size - width) // step + 1
            for size, width, step in zip(spatial, own, self.borders.stride, strict=True)
        )
        made = (found.output or ())[:-1]
        if any(one < other for one, other in zip(made, wanted, strict=True)):
            output = f"a map of {written(made)}, not a position for each of {written(wanted)} crops"
            raise RefusedError(f"the conv form makes {output}: its layers enlarge or cut")
        return found

    @property
    def stays(self) -> bool:
        """Whether the map is one position however large the image."""
        return elements((self.larger.output or ())[:-1]) == 1


class Equivalence(NamedTuple):
    """What the two forms of a net make of the same image."""

    forms: Forms
    form_error: float
    """Conv form against fc form on the net's own input."""
    inner_error: float | None
    """The volume that the first fc reads, where it sees no padding; None where that is nowhere."""
    maps: tuple[Comparison, ...]
    """At the effective stride, then at half of it; none where the map is one position."""
    tolerance: float
    origin: Origin = Origin()

    @property
    def agrees(self) -> bool:
        """Whether everything that must be the same is the same."""
        errors = [self.form_error]
        if self.inner_error is not None:
            errors.append(self.inner_error)
        if self.forms.borders.identical:
            errors += [one.error for one in self.maps]
        return all(error <= self.tolerance for error in errors)


def forms(analysis: Analysis, image: Shape | None) -> Forms:
    """Both forms of a net for an image; by default one of six positions an axis.

    Raises:
        CannotConvertError: the net has no conv form.
        RefusedError: it has one, but not on this image.
    """
    network = analysis.network
    if sum(step.kind == INPUT for step in network.steps) > 1:
        raise RefusedError("crops are of one input, and the net has several")
    text = fc_to_conv(network)
    found = borders(analysis)
    *own, channels = network.steps[0].output or ()
    if image is None:
        steps = _positions(analysis) - 1
        default = [width + steps * step for width, step in zip(own, found.stride, strict=True)]
        image = (*(own if _to_one(analysis) else default), channels)
    elif (
        len(image) != len(own) + 1
        or image[-1] != channels
        or any(length < width for length, width in zip(image, own, strict=False))
    ):
        whole = written((*own, channels))
        raise RefusedError(f"--input {written(image)} holds no crop of {whole}: give a larger one")
    return Forms(analysis, text, _sized(analysis, text, image[:-1]), found)


def _positions(analysis: Analysis) -> int:
    """Positions an axis of the default image; with those half a stride between, 2n - 1."""
    macs, axes = analysis.totals.macs or 0, len(analysis.network.steps[0].output or ()) - 1
    affordable = (n for n in range(_POSITIONS, 2, -1) if (2 * n - 1) ** axes * macs <= _MOST)
    return next(affordable, 2)


def _to_one(analysis: Analysis) -> bool:
    """Whether a layer pools to a size of its own, so that larger images make no larger map."""
    kinds = {step.kind for step in analysis.network.steps}
    return any(kind.startswith(("global_", "adaptive_")) for kind in kinds)


def _sized(analysis: Analysis, text: str, spatial: Shape) -> Analysis:
    network = analysis.network
    shape = (*spatial, (network.steps[0].output or ())[-1])
    found = analyze(resized(network, text, shape), analysis.settings)
    if found.broken:
        errors = [f.message for f in found.findings if f.severity is Severity.ERROR]
        raise RefusedError(f"at {written(shape)} the conv form has invalid sizes: {errors[0]}")
    return found


class Slide(NamedTuple):
    """One pass of the conv form: from where, over which crops, and the net at that size."""

    shift: Place
    covered: tuple[Place, ...]
    analysis: Analysis


def slides(both: Forms) -> tuple[Slide, ...]:
    """The passes that together step by half the stride; the first is over the whole image.

    Raises:
        RefusedError: a shifted pass does not come out.
    """
    if both.stays:
        return ()
    own = (both.analysis.network.steps[0].output or ())[:-1]
    spatial = (both.larger.network.steps[0].output or ())[:-1]
    found = []
    for shift in shifts(own, spatial, both.borders.stride):
        covered = grid(own, spatial, both.borders.stride, shift)
        ends = [place + width for place, width in zip(covered[-1], own, strict=True)]
        if not any(shift):  # the whole image; a shifted pass reads what its crops cover
            ends = list(spatial)
        part = tuple(end - start for end, start in zip(ends, shift, strict=True))
        found.append(Slide(shift, tuple(covered), both.mapped(part)))
    return tuple(found)


def starts(both: Forms, passes: tuple[Slide, ...]) -> list[Place]:
    """Where the crops start that the passes score; at the image's corner where there is none."""
    nowhere = (0,) * (len(both.larger.network.steps[0].output or ()) - 1)
    return sorted({nowhere}.union(*(one.covered for one in passes)))


def equivalence(
    both: Forms,
    weights: Weights,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Equivalence:
    """Run both forms on noise and compare. `weights` are the fc form's, and made over into convs.

    Raises:
        RefusedError: a shifted pass has invalid sizes.
    """
    analysis, found = both.analysis, both.borders
    shape = both.larger.network.steps[0].output or ()
    image = random_volume(seed + 1, (1, *shape), analysis.settings.dtype)
    output = analysis.network.outputs[-1]
    todo = slides(both)
    places = starts(both, todo)
    crops, form, passes = (Scored(image, found.source, output) for _ in range(3))
    total = len(places) + len(todo) + 1
    for number, place in enumerate(places):
        progress(number, total)
        crops.run(analysis, weights, place)
    _make_convs(analysis, weights)
    progress(len(places), total)
    nowhere = places[0]
    form.run(both.sized((analysis.network.steps[0].output or ())[:-1]), weights, nowhere)
    maps: list[Comparison] = []
    inner_error = None
    for number, one in enumerate(todo, len(places) + 1):
        progress(number, total)
        passes.run(one.analysis, weights, one.shift, one.covered)
        if one.shift == nowhere:
            maps.append(compared(passes, crops, one.covered, found.stride))
            if found.inner and not found.elsewhere:
                inner_error = passes.inner_error(crops, found.inner, one.covered, found.stride)
    if len(todo) > 1:
        steps = zip(found.stride, zip(*(one.shift for one in todo), strict=True), strict=True)
        halved = tuple(step // len(set(begins)) for step, begins in steps)
        maps.append(compared(passes, crops, places, halved))
    form_error = compared(form, crops, [nowhere], found.stride).error
    return Equivalence(
        both, form_error, inner_error, tuple(maps), TOLERANCE[analysis.settings.dtype]
    )


def _make_convs(analysis: Analysis, weights: Weights) -> None:
    """Make the arrays of every fc over into a conv's: the same numbers in the same order.

    An fc reads its volume position by position, channels last, and so does a filter.
    """
    for index, kernel in planned(analysis.network).kernels.items():
        if index in weights:  # otherwise it shares another's
            weight = weights[index]["weight"]
            weights[index]["weight"] = weight.reshape(*kernel, -1, weight.shape[-1])
