"""`sizes`: the input sizes that a network takes."""

from typing import NamedTuple

from convcalc.network.record import Network
from convcalc.progress import Progress, silent
from convcalc.shapes import LARGEST_SIZE, Shape, written
from convcalc.sizes.legal import MOST, LegalSizes, sizes_of, square_sizes, squares
from convcalc.sizes.resize import Resizer, UnfinishedNetError, resizable
from convcalc.study.errors import NetError, RequestError
from convcalc.study.load import kept
from convcalc.study.outcome import Case, Outcome, study

_FAR = 512  #: from here on the default range lies around the net's own size
_LAYERS_READ = 100_000  #: layers that are read of a file, at all sizes together; some 40 s
_LEAST_READ = 16  #: sizes at which a file is read, however many layers it has


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


def sizes(
    case: Case,
    asked: Range = Range(),  # noqa: B008 - it is frozen
    progress: Progress = silent,
) -> Sized:
    """The sizes of a range, by default up to twice the net's own.

    A net whose own input is wrong is what this is for: its errors do not stop the search, they are
    in `Sized.outcome`. A model file of another tool is read anew at each size, where its layers
    cannot be sized again as they are.

    Raises:
        NetError: there is a layer that could not be read.
        RequestError: a range that cannot be.
        LoadError: there is nothing to read.
    """
    case = case._replace(subject=kept(case.subject, case.trusted))
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
            wanted = [*squares(sides[0], sides[-1], len(own) - 1)]
        else:
            if asked.first is not None or asked.last is not None:
                raise RequestError("--from and --to are for square inputs")
            heights, widths = _sides(own, asked.height, asked.width)
            _bounded(len(heights) * len(widths))
            wanted = [(h, w) for h in heights for w in widths]
            found = sizes_of(network, wanted)
    except UnfinishedNetError as error:
        raise NetError(outcome) from error
    if outcome.is_model_file:
        found, wanted = _read_anew(outcome, found, wanted, asked, progress)
    if asked.square:
        words = f"{wanted[0][0]} to {wanted[-1][0]} positions, the same on every axis"
    else:
        words = f"height {_words(heights)}, width {_words(widths)}"
    return Sized(outcome, found, asked.square, f"inputs of {words}")


def _read_anew(
    outcome: Outcome, found: LegalSizes, wanted: list[Shape], asked: Range, progress: Progress
) -> tuple[LegalSizes, list[Shape]]:
    """The sizes of a model file; fewer of them where none were asked for and it has many layers.

    Raises:
        RequestError: too many were asked for.
    """
    from convcalc.sizes.anew import ReadAnew, probes, sizes_anew  # of files alone
    from convcalc.study.read_anew import reader

    read = reader(outcome, progress, len(wanted))
    if read is None:
        return found, wanted
    judge, accepted = ReadAnew(outcome.network, read), frozenset(found.accepted)
    tried = probes(judge, found, wanted)
    differing = [size for size in tried if judge.mismatch(size) is not None]
    if not differing:
        return found, wanted
    anew = len(wanted)
    if accepted.isdisjoint(differing):  # as of a pool that rounds up over less than a window
        judge.accepting = Resizer(outcome.network, judge.resized)
        anew -= len(accepted)
    most = _most_read(outcome.network)
    if anew > most:
        if not asked.square or asked.first is not None or asked.last is not None:
            raise RequestError(
                f"that is {len(wanted):,} sizes, and this file of {len(outcome.network.steps):,} "
                f"layers is read anew at each: ask for {most:,} at most"
            )
        begin = max(0, min(wanted.index(judge.own), len(wanted) - 1) - most // 2)
        wanted = wanted[begin : begin + most]
    return sizes_anew(judge, wanted, asked.square), wanted


def _most_read(network: Network) -> int:
    return max(_LEAST_READ, _LAYERS_READ // len(network.steps))


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
