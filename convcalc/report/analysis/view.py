"""What is said of analyzed nets, computed once for every format that says it."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from convcalc.analysis.record import Analysis
from convcalc.findings import Finding, Severity, errors_and_warnings
from convcalc.network.record import INPUT
from convcalc.records import NamedTuple
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.sentences import sentences
from convcalc.shapes import written

if TYPE_CHECKING:  # not every format needs them
    from convcalc.counting.tally import ToolCount
    from convcalc.memory.summary import Memory
    from convcalc.report.analysis.fold import TableLine


class NetView:
    """One analyzed net. What takes time is computed when a format first asks for it."""

    def __init__(
        self,
        analysis: Analysis,
        extras: Extras = NOTHING_MORE,
        before: "NetView | None" = None,
    ) -> None:
        self.analysis = analysis
        self.extras = extras
        self.before = before  #: an earlier version, whose numbers the table shows beside these
        network = analysis.network
        self.name = network.name or network.source.path

    @cached_property
    def inputs(self) -> str:
        """The input's shape; of several inputs each with its name."""
        steps = [step for step in self.analysis.network.steps if step.kind == INPUT]
        return ", ".join(
            written(step.output) if len(steps) == 1 else f"{step.name} {written(step.output)}"
            for step in steps
            if step.output
        )

    def lines(self, expand: bool = False) -> "Sequence[TableLine]":
        """The lines of a table: a block or equal neighbours as one, unless `expand` is set."""
        from convcalc.report.analysis.fold import folded, unfolded  # JSON and CSV have no lines

        each = [*zip(*(count.layers() for count in self.columns), strict=True)]
        return (unfolded if expand else folded)(self.analysis, each)

    @cached_property
    def counts(self) -> "tuple[ToolCount, ...]":
        """What the conventions that were asked for count on the net."""
        if not self.extras.conventions:
            return ()
        from convcalc.report.counts.view import counted

        return counted(self.analysis, self.extras.conventions)

    @cached_property
    def columns(self) -> "tuple[ToolCount, ...]":
        """The counts that are columns of a table: those of conventions that count operations."""
        return tuple(count for count in self.counts if count.convention.operations is not None)

    @cached_property
    def memory(self) -> "Memory | None":
        """Peaks of inference and training; None for a net with errors."""
        from convcalc.memory.summary import memory_of

        return memory_of(self.analysis)

    @cached_property
    def im2col(self) -> list[int | None]:
        """Bytes of each layer's workspace as a matrix product; None where unknown."""
        from convcalc.memory.im2col import im2col_bytes  # on request only
        from convcalc.memory.widths import output_widths

        rows, widths = self.analysis.rows, output_widths(self.analysis)
        return [im2col_bytes(row, width) for row, width in zip(rows, widths, strict=True)]

    @cached_property
    def sentences(self) -> list[str]:
        """What is notable, in at most four sentences, and whose training is an estimate."""
        found = sentences(self.analysis)
        if self.analysis.network.run is None or self.memory is None:
            return found
        from convcalc.memory.by_layers import training_by_layers  # of programs alone

        return [*found, *filter(None, [training_by_layers(self.analysis)])]

    @cached_property
    def faults(self) -> tuple[Finding, ...]:
        """Errors and warnings."""
        return tuple(errors_and_warnings(self.analysis.findings))

    @cached_property
    def notes(self) -> dict[str, int]:
        """How many notes there are of each name."""
        counts: dict[str, int] = {}
        for finding in self.analysis.findings:
            if finding.severity is Severity.NOTE:
                counts[finding.name] = counts.get(finding.name, 0) + 1
        return counts


class AnalysisView(NamedTuple):
    """What `analyze` shows: one net or several."""

    nets: tuple[NetView, ...]
    expand: bool = False
    """One line a layer in text, where blocks are folded otherwise."""
    family: str = ""
    """The pattern of N, M and K, or the net, whose members the nets are."""
    variants: bool = False
    """The nets are variants that were asked for, not all that a pattern stands for."""

    @classmethod
    def of(
        cls,
        analyses: Iterable[Analysis],
        extras: Extras = NOTHING_MORE,
        expand: bool = False,
        family: str = "",
        variants: bool = False,
    ) -> "AnalysisView":
        """The view of some analyses."""
        nets = tuple(NetView(analysis, extras) for analysis in analyses)
        return cls(nets, expand, family, variants)
