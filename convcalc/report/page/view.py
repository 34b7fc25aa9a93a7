"""What a page is about: nets, whose counts are shown, and how the graph is drawn at first."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.quantity import counted
from convcalc.report.analysis.extras import Extras
from convcalc.report.analysis.view import NetView
from convcalc.report.page.graph import Scale, scale
from convcalc.study.outcome import Outcome

if TYPE_CHECKING:
    from convcalc.counting.record import Convention
    from convcalc.verify.record import Verification


class PageView:
    """Some nets on one page, or their graphs in one picture."""

    def __init__(
        self,
        outcomes: Sequence[Outcome],
        conventions: "tuple[Convention, ...]" = (),
        expand: bool = False,
        measured: "Sequence[Verification]" = (),
    ) -> None:
        """Nothing is computed yet.

        Args:
            outcomes: the nets.
            conventions: other tools whose counts are shown.
            expand: whether the graph's blocks are open.
            measured: a run of each net, or none.
        """
        self.outcomes = tuple(outcomes)
        self.expand = expand
        self.measured: tuple[Verification | None, ...] = tuple(measured) or (None,) * len(
            self.outcomes
        )
        extras = Extras(conventions=conventions)
        self.nets = tuple(NetView(one.analysis, extras) for one in self.outcomes)

    @property
    def about(self) -> str:
        """What it shows, in a few words."""
        return counted(len(self.outcomes), "net")

    @cached_property
    def scale(self) -> Scale:
        """What boxes are relative to: the largest volume of all nets."""
        return scale(self.analyses)

    @property
    def analyses(self) -> tuple[Analysis, ...]:
        """Those of the nets."""
        return tuple(net.analysis for net in self.nets)
