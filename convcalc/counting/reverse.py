"""The reverse question: which convention, on which form of a net, prints a given figure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.figure import Figure
from convcalc.counting.record import Convention
from convcalc.counting.tally import Count, Counter
from convcalc.counting.variants import variants

OPERATIONS = "operations"
PARAMETERS = "params"


class Candidate(NamedTuple):
    """A number that somebody could have printed."""

    what: str
    """``operations``, ``params``, ``activations``, a further column, or a kind of bytes."""
    names: tuple[str, ...]
    """The conventions that agree on it."""
    number: int
    count: Count | None
    """The first of their counts; None for bytes of convcalc's own."""


class Match(NamedTuple):
    """A number that the figure is printed from."""

    variant: str
    """What is different about the net; '' for the net as it is."""
    candidate: Candidate
    cut: bool
    """The figure is cut to its digits, not rounded."""
    binary: bool
    """Its MB are of 2^20 bytes."""


class Answer(NamedTuple):
    """What prints a figure; where nothing does, what comes nearest."""

    figure: Figure
    analysis: Analysis
    matches: tuple[Match, ...]
    nearest: tuple[Candidate, ...]
    """The closest numbers of the net as it is, below and above, where it has no match."""


def answer(analysis: Analysis, figure: Figure, conventions: tuple[Convention, ...]) -> Answer:
    """Who prints a figure of a net, then of its other forms."""
    own = [*candidates(analysis, conventions, figure.is_bytes)]
    found = matches(own, figure)
    known = {(candidate.what, candidate.number) for candidate in own}
    forms: list[Match] = []
    for name, may_be_cut, form in _forms(analysis, conventions, figure):
        fresh = [c for c in form if (c.what, c.number) not in known]
        known |= {(candidate.what, candidate.number) for candidate in fresh}
        forms += matches(fresh, figure, name, cuts=may_be_cut and not found)
    return Answer(figure, analysis, (*found, *forms), () if found else nearest(own, figure))


def candidates(
    analysis: Analysis, conventions: Iterable[Convention], is_bytes: bool, training: bool = False
) -> Iterator[Candidate]:
    """All numbers of a net that a figure of this sort could be, equal ones together."""
    counter = Counter(analysis, training=training)
    groups: dict[tuple[str, int], tuple[list[str], Count | None]] = {}
    for convention in conventions:
        count = counter.count(convention)
        for what, number in _numbers(count, is_bytes):
            names, _ = groups.setdefault((what, number), ([], count))
            names.append(convention.label)
    if is_bytes:
        for what, number in _bytes(analysis):
            groups.setdefault((what, number), (["convcalc"], None))
    for (what, number), (names, count) in groups.items():
        yield Candidate(what, tuple(names), number, count)


def _numbers(count: Count, is_bytes: bool) -> Iterator[tuple[str, int]]:
    convention = count.convention
    memory = convention.memory.says if convention.memory else ""
    every = [
        (OPERATIONS, count.operations, False),
        (PARAMETERS, count.params, False),
        ("activations", count.activations, False),
        (memory, count.memory, True),
        *((name.replace("_", " "), n, name.endswith("_bytes")) for name, n in count.also.items()),
    ]
    for what, number, in_bytes in every:
        if number and in_bytes is is_bytes:
            yield what.removesuffix(" bytes"), number


def _bytes(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """Bytes of the parameters, as files and tables give them: float32, or half of that."""
    params, buffers = analysis.totals.params, analysis.totals.buffers
    if params:
        yield "parameters, 4 bytes each", 4 * params
        yield "parameters, 2 bytes each", 2 * params
        if buffers:
            yield "parameters and running statistics, 4 bytes each", 4 * (params + buffers)


def _forms(
    analysis: Analysis, conventions: tuple[Convention, ...], figure: Figure
) -> Iterator[tuple[str, bool, list[Candidate]]]:
    """The candidates of every other form of the net, and whether figures of it are often cut."""
    in_bytes = figure.is_bytes
    yield "in train mode", False, [*candidates(analysis, conventions, in_bytes, training=True)]
    folded = tuple(c._replace(folds=True) for c in conventions if not c.folds)
    yield "batch norm folded", False, [*candidates(analysis, folded, in_bytes)]
    for variant in variants(analysis):
        form = [*candidates(variant.analysis, conventions, in_bytes)]
        yield variant.name, not variant.name.startswith("input"), form


def matches(
    every: list[Candidate], figure: Figure, variant: str = "", cuts: bool = True
) -> list[Match]:
    """The numbers that round to a figure; where none does, those that are cut to it."""
    for cut in (False, True)[: 1 + (cuts and not figure.exactly())]:
        fits = figure.is_cut if cut else figure.is_rounded
        found = [
            Match(variant, candidate, cut, _is_binary(scale))
            for candidate in every
            for scale in figure.scales
            if fits(candidate.number, scale) and _in_its_unit(candidate, figure, scale)
        ]
        if found:
            return found
    return []


def _is_binary(scale: int) -> bool:
    return scale & (scale - 1) == 0 and scale > 1


def _in_its_unit(candidate: Candidate, figure: Figure, scale: int) -> bool:
    """Whether the tool writes its bytes in this unit: torchinfo's MB are 10^6, Keras' 2^20."""
    memory = candidate.count.convention.memory if candidate.count else None
    if memory is None or candidate.what != memory.says or len(figure.scales) == 1:
        return True
    return _is_binary(scale) == (memory.unit == "MiB")


def nearest(every: list[Candidate], figure: Figure) -> tuple[Candidate, ...]:
    """The two closest numbers, unless they are far off."""
    close = sorted(every, key=lambda candidate: figure.distance(candidate.number))
    return tuple(c for c in close[:2] if 2 * figure.distance(c.number) <= c.number)
