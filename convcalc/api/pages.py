"""Nets, or a sweep's rows, as a page for a browser: `convcalc report` as a function."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from convcalc.api.options import Given, Keywords, case, selection
from convcalc.api.typed import typed
from convcalc.progress import Progress, silent
from convcalc.report.formats import rendered
from convcalc.study.errors import RequestError
from convcalc.study.outcome import study
from convcalc.sweep.table import holds_rows, table

if TYPE_CHECKING:
    from convcalc.report.page.view import PageView
    from convcalc.report.rows.view import RowsView
    from convcalc.verify.record import Verification


class PageReport:
    """A page on some nets, or on rows. Its texts are made when they are first asked for."""

    def __init__(
        self, view: "PageView | RowsView", subject: str = "report", ok: bool = True
    ) -> None:
        self._view = view
        self._subject = subject
        self.ok: bool = ok
        """Whether no net has an error."""

    @cached_property
    def html(self) -> str:
        """The whole page, as ``convcalc report -o`` writes it: it needs no other file.

        Raises:
            RequestError: there are more layers than a page can show.
        """
        return rendered(self._subject, "html", self._view)

    @cached_property
    def svg(self) -> str:
        """The graph alone, of rows the scatter plot, as ``--svg`` writes it.

        Raises:
            RequestError: rows have no two numbers to draw.
        """
        return rendered(self._subject, "svg", self._view)

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<convcalc.PageReport: {self._view.about}>"

    def _repr_html_(self) -> str:
        return self.svg


@typed
def report(
    *nets: Given,
    counted_as: str | Sequence[str] = "all",
    expand: bool = False,
    measure: bool = False,
    select: str | None = None,
    ignore: str | None = None,
    advice: bool = True,
    pareto: str | Sequence[str] | None = None,
    progress: Progress = silent,
    **options: Unpack[Keywords],
) -> PageReport:
    """A page on nets: graph, layers, memory moment by moment, shares, fields, counts, findings.

    Args:
        *nets: what `load` takes or gave; or one file of a sweep's rows, csv, JSON lines or Parquet.
        counted_as: other tools whose counts are shown, as `analyze` takes it.
        expand: with the graph's blocks open.
        measure: with each layer's time in one pass of one image, run with NumPy as `verify` does.
        select: codes, beginnings of codes or names below errors that are wanted.
        ignore: those that are not.
        advice: with the rules of thumb (CC2xx).
        pareto: of rows, what is best small, or large with ``-``: ``"params,-macs"``.
        progress: of `measure`: called with how many parts are done, of how many, and what runs now.
        **options: as the command line's: ``batch``, ``dtype``, ``input`` ...

    Raises:
        RequestError: no net, an unknown code or convention, a file that does not hold the
            rows of a sweep (LoadError: nothing to read), a run that NumPy or this machine's memory
            does not take.
        NetError: a net that is to be measured has errors.
    """
    from convcalc.report.page.view import PageView
    from convcalc.study.counts import conventions

    if not nets:
        raise RequestError("give one net or several")
    if any(map(holds_rows, nets)):
        if measure:
            raise RequestError("measure is for nets, not for the rows of a sweep")
        return _rows(nets, pareto, options)
    if pareto is not None:
        raise RequestError("pareto is for the rows of a sweep")
    wanted = selection(select, ignore, advice)
    cases = [case(net, **options)._replace(selection=wanted) for net in nets]
    counting = conventions(counted_as, options.get("trusted", False))
    outcomes = [study(one).as_asked() for one in cases]
    ok = all(outcome.ok for outcome in outcomes)
    runs: tuple[Verification, ...] = ()
    if measure:
        from convcalc.study.measured import measured

        runs = measured(outcomes, progress)
    return PageReport(PageView(outcomes, counting, expand, runs), ok=ok)


def _rows(
    nets: tuple[Given, ...], pareto: str | Sequence[str] | None, options: Keywords
) -> PageReport:
    """The page of a file of rows."""
    from convcalc.report.rows.view import RowsView

    if len(nets) > 1:
        raise RequestError("rows of a sweep have their own page: one file at a time")
    if options:
        raise RequestError(f"{', '.join(options)}: for nets, not for the rows of a sweep")
    words = pareto or ""
    found = table(nets[0])  # type: ignore[arg-type]
    return PageReport(
        RowsView(found, words if isinstance(words, str) else ",".join(words)), "report ROWS"
    )
