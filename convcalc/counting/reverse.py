"""The reverse question: which convention, on which form of a net, prints a given figure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.figure import Figure
from convcalc.counting.record import Convention, Table
from convcalc.counting.tally import Counter, ToolCount
from convcalc.counting.variants import variants

OPERATIONS = "operations"
PARAMETERS = "params"
_SLACK = 1.3  #: how far a net's numbers may be from growing with its positions


class Candidate(NamedTuple):
    """A number that somebody could have printed."""

    what: str
    """``operations``, ``params``, ``activations``, a further column, or a kind of bytes."""
    names: tuple[str, ...]
    """The conventions that agree on it."""
    number: int
    convention: Convention | None
    """The first of them; None for bytes of convcalc's own."""
    counter: Counter

    def counted(self) -> ToolCount | None:
        """What its operations are made of; None for other numbers."""
        if self.convention is None or self.what != OPERATIONS:
            return None
        return self.counter.count(self.convention)


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
    for name, may_be_cut, form in _forms(analysis, conventions, figure, own):
        fresh = [c for c in form if (c.what, c.number) not in known]
        known |= {(candidate.what, candidate.number) for candidate in fresh}
        forms += matches(fresh, figure, name, cuts=may_be_cut and not found)
    return Answer(
        figure, analysis, (*found, *forms), () if found or forms else nearest(own, figure)
    )


def candidates(
    analysis: Analysis,
    conventions: Iterable[Convention],
    is_bytes: bool,
    training: bool = False,
    folded: bool = False,
) -> Iterator[Candidate]:
    """All numbers of a net that a figure of this sort could be, equal ones together.

    `folded`: the conventions count folded batch norms; files of the net as it is are no such form.
    """
    counter = Counter(analysis, training=training)
    groups: dict[tuple[str, int], tuple[list[str], Convention | None]] = {}
    for convention in conventions:
        for what, number in _numbers(counter, convention, is_bytes):
            groups.setdefault((what, number), ([], convention))[0].append(convention.label)
    if is_bytes and not folded:
        for what, number in _bytes(analysis):
            groups.setdefault((what, number), (["convcalc"], None))
    first: dict[int, str] = {}
    in_millions: set[int] = set()
    for (what, number), (names, leading) in groups.items():
        main = what in (OPERATIONS, PARAMETERS) or (leading is None and number in in_millions)
        if main or first.setdefault(number, what) == what:  # M is a column of many tools
            first.setdefault(number, what)
            if leading is not None and leading.memory and leading.memory.unit == "MB":
                in_millions.add(number)  # a file of as many bytes is given in MB of 2^20, too
            yield Candidate(what, tuple(names), number, leading, counter)


def _numbers(counter: Counter, convention: Convention, is_bytes: bool) -> Iterator[tuple[str, int]]:
    """The numbers that a tool prints of operations and parameters, or of bytes."""
    tables: list[tuple[str, Table | None]] = []
    if is_bytes and convention.memory:
        tables.append((convention.memory.says, convention.memory.table))
    if not is_bytes:
        tables += [
            (OPERATIONS, convention.operations),
            (PARAMETERS, convention.parameters),
            ("activations", convention.activations),
        ]
    for name, table in convention.also.items():
        if name.endswith("_bytes") is is_bytes:
            tables.append((name.replace("_", " "), table))
    for what, table_ in tables:
        number = counter.total(table_, convention.folds)
        if number:
            yield what, number * (convention.times if what == OPERATIONS else 1)


def _bytes(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """Bytes of the parameters, as files and tables give them: float32, or half of that."""
    params, buffers = analysis.totals.params, analysis.totals.buffers
    if params:
        yield "parameters, 4 bytes each", 4 * params
        yield "parameters, 2 bytes each", 2 * params
        if buffers:
            yield "parameters and running statistics, 4 bytes each", 4 * (params + buffers)


def _forms(
    analysis: Analysis,
    conventions: tuple[Convention, ...],
    figure: Figure,
    own: list[Candidate],
) -> Iterator[tuple[str, bool, list[Candidate]]]:
    """The candidates of every other form of the net, and whether figures of it are often cut."""
    in_bytes = figure.is_bytes
    yield "in train mode", False, [*candidates(analysis, conventions, in_bytes, training=True)]
    folded = tuple(c._replace(folds=True) for c in conventions if not c.folds)
    yield "batch norm folded", False, [*candidates(analysis, folded, in_bytes, folded=True)]
    for variant in variants(analysis, lambda growth: _may_reach(own, figure, growth)):
        form = [*candidates(variant.analysis, conventions, in_bytes)]
        yield variant.name, not variant.name.startswith("input"), form


def _may_reach(own: list[Candidate], figure: Figure, growth: float) -> bool:
    """Whether a net of so many times the positions may have a number like the figure."""
    return any(
        figure.digits * scale / figure.tens / _SLACK
        < candidate.number * growth
        < figure.digits * scale / figure.tens * _SLACK
        for candidate in own
        for scale in figure.scales
    )


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
    memory = candidate.convention.memory if candidate.convention else None
    if memory is None or len(figure.scales) == 1:
        return True
    return _is_binary(scale) == (memory.unit == "MiB")


def nearest(every: list[Candidate], figure: Figure) -> tuple[Candidate, ...]:
    """The two closest numbers, unless they are far off."""
    close = sorted(every, key=lambda candidate: figure.distance(candidate.number))
    return tuple(c for c in close[:2] if 2 * figure.distance(c.number) <= c.number)
