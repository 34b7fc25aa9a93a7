"""Which nets have the figures that somebody quotes."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.figure import Figure
from convcalc.counting.record import Convention
from convcalc.counting.reverse import Candidate, Match, candidates, matches, nearest


class NetMatch(NamedTuple):
    """A net and what prints each of the figures; nothing where no convention does."""

    net: str
    matches: tuple[tuple[Match, ...], ...]
    nearest: tuple[tuple[Candidate, ...], ...]

    @property
    def fits(self) -> bool:
        """Whether every figure is one of the net's."""
        return all(self.matches)


def identify(
    figures: Sequence[Figure],
    conventions: tuple[Convention, ...],
    nets: Iterable[tuple[str, Analysis]],
) -> tuple[tuple[NetMatch, ...], tuple[NetMatch, ...]]:
    """The nets that have all the figures, and if there are none the closest three."""
    every = [_fit(name, analysis, figures, conventions) for name, analysis in nets]
    fitting = [fit for fit in every if fit.fits]
    fitting.sort(key=lambda fit: sum(found[0].cut for found in fit.matches))
    if fitting:
        return tuple(fitting), ()
    close = [
        fit
        for fit in every
        if all(found or near for found, near in zip(fit.matches, fit.nearest, strict=True))
    ]
    close.sort(key=lambda fit: max(_off(fit, i, figure) for i, figure in enumerate(figures)))
    return (), tuple(close[:3])


def _fit(
    name: str,
    analysis: Analysis,
    figures: Sequence[Figure],
    conventions: tuple[Convention, ...],
) -> NetMatch:
    known = {
        is_bytes: [*candidates(analysis, conventions, is_bytes)]
        for is_bytes in {figure.is_bytes for figure in figures}
    }
    return NetMatch(
        name,
        tuple(tuple(matches(known[f.is_bytes], f)) for f in figures),
        tuple(nearest(known[f.is_bytes], f) for f in figures),
    )


def _off(fit: NetMatch, index: int, figure: Figure) -> float:
    """How far off the nearest number is, as a share of itself; 0 for a match."""
    if fit.matches[index]:
        return 0.0
    closest = fit.nearest[index][0]
    return figure.distance(closest.number) / closest.number
