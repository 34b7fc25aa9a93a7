"""`sizes`: the input sizes that a network takes."""

from typing import NamedTuple

from convcalc.shapes import LARGEST_SIZE, Shape, written
from convcalc.sizes.legal import MOST, LegalSizes, sizes_of, square_sizes
from convcalc.sizes.resize import UnfinishedNetError, resizable
from convcalc.study.errors import NetError, RequestError
from convcalc.study.outcome import Case, Outcome, study

_FAR = 512  #: from here on the default range lies around the net's own size


class Range(NamedTuple):
    """Which inputs are asked for: square ones from `first` to `last`, or heights and widths."""

    first: int | None = None
    last: int | None = None
    height: range | None = None
    width: range | None = None

    @property
    def square(self) -> bool:
        """Whether all axes have the same size."""
        return self.height is None and self.width is None


class Sized(NamedTuple):
    """The sizes of a range, sorted out for a network."""

    outcome: Outcome
    found: LegalSizes
    square: bool
    asked: str
    """The range in words."""


def sizes(case: Case, asked: Range = Range()) -> Sized:  # noqa: B008 - it is frozen
    """The sizes of a range, by default up to twice the net's own.

    A net whose own input is wrong is what this is for: its errors do not stop the search, they are
    in `Sized.outcome`.

    Raises:
        NetError: there is a layer that could not be read.
        RequestError: a range that cannot be.
        LoadError: there is nothing to read.
    """
    outcome = study(case).as_asked()
    network = outcome.network
    if outcome.without_layers:
        raise NetError(outcome)
    own = network.steps[resizable(network)].output or ()
    if len(own) < 2:
        raise outcome.refusal(f"the input {written(own) or '?'} has no spatial size to change")
    try:
        if asked.square:
            sides = _range(asked.first, asked.last, max(own[:-1]))
            _bounded(len(sides))
            found = square_sizes(network, sides[0], sides[-1])
            words = f"inputs of {sides[0]} to {sides[-1]} positions, the same on every axis"
        else:
            if asked.first is not None or asked.last is not None:
                raise RequestError("--from and --to are for square inputs")
            heights, widths = _sides(own, asked.height, asked.width)
            _bounded(len(heights) * len(widths))
            found = sizes_of(network, ((h, w) for h in heights for w in widths))
            words = f"inputs of height {_words(heights)}, width {_words(widths)}"
    except UnfinishedNetError as error:
        raise NetError(outcome) from error
    return Sized(outcome, found, asked.square, words)


def _range(first: int | None, last: int | None, own: int) -> range:
    if first is None:
        first = 1 if own <= _FAR else own - _FAR
        first = min(first, last) if last is not None else first
    if last is None:
        last = max(own + min(own, _FAR), first)
    if last < first:
        raise RequestError(f"--from {first} is above --to {last}")
    if last > LARGEST_SIZE:
        raise RequestError(f"{last:,} positions are beyond 2**31")
    return range(first, last + 1)


def _sides(own: Shape, height: range | None, width: range | None) -> tuple[range, range]:
    if len(own) != 3:
        raise RequestError(f"--height and --width need an input HxWxC, it is {written(own)}")
    rows, columns = own[0], own[1]
    return height or range(rows, rows + 1), width or range(columns, columns + 1)


def _bounded(number: int) -> None:
    if number > MOST:
        raise RequestError(f"that is {number:,} sizes: ask for {MOST:,} at most")


def _words(sizes: range) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
