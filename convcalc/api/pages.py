"""Nets as a page for a browser, and their graph as SVG: `convcalc report` as a function."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from convcalc.api.options import Given, Keywords, case, selection
from convcalc.report.formats import rendered
from convcalc.report.page.view import PageView
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Outcome, study

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class PageReport:
    """A page on some nets. Its texts are made when they are first asked for."""

    def __init__(
        self, outcomes: Sequence[Outcome], conventions: "tuple[Convention, ...]", expand: bool
    ) -> None:
        self._view = PageView(outcomes, conventions, expand)

    @property
    def ok(self) -> bool:
        """Whether no net has an error."""
        return all(one.ok for one in self._view.outcomes)

    @cached_property
    def html(self) -> str:
        """The whole page, as ``convcalc report -o`` writes it: it needs no other file.

        Raises:
            RequestError: there are more layers than a page can show.
        """
        return rendered("report", "html", self._view)

    @cached_property
    def svg(self) -> str:
        """The graph alone, as ``--svg`` writes it."""
        return rendered("report", "svg", self._view)

    def _repr_html_(self) -> str:
        return self.svg


def report(
    *nets: Given,
    counted_as: str | Sequence[str] = "all",
    expand: bool = False,
    select: str | None = None,
    ignore: str | None = None,
    advice: bool = True,
    **options: Unpack[Keywords],
) -> PageReport:
    """A page on nets: graph, layers, memory moment by moment, shares, fields, counts, findings.

    Args:
        *nets: what `load` takes or gave.
        counted_as: other tools whose counts are shown, as `analyze` takes it.
        expand: with the graph's blocks open.
        select: codes, beginnings of codes or names below errors that are wanted.
        ignore: those that are not.
        advice: with the rules of thumb (CC2xx).
        **options: as the command line's: ``batch``, ``dtype``, ``input`` ...

    Raises:
        RequestError: no net, a code or convention that there is not (LoadError: nothing to read).
    """
    from convcalc.study.counts import conventions

    if not nets:
        raise RequestError("give one net or several")
    wanted = selection(select, ignore, advice)
    cases = [case(net, **options)._replace(selection=wanted) for net in nets]
    counting = conventions(counted_as, options.get("trusted", False))
    return PageReport([study(one) for one in cases], counting, expand)
