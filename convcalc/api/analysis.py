"""The numbers of a net under the names of the JSON report, typed where they are stable."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, SupportsIndex, Unpack, overload

from convcalc import __version__
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.api.numbers import CountReport, LayerReport, Totals, layer_report
from convcalc.api.options import Given, Keywords, outcome
from convcalc.api.typed import typed
from convcalc.api.words import at_place
from convcalc.findings import Finding, Severity
from convcalc.memory.report import MemoryReport, memory_bytes
from convcalc.study.outcome import Outcome
from convcalc.suggest import nearest

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class Report:
    """The numbers of a net, as ``convcalc analyze --format json`` names them."""

    def __init__(self, outcome: Outcome, conventions: "tuple[Convention, ...]" = ()) -> None:
        self._outcome = outcome
        self._conventions = conventions
        self.analysis: Analysis = outcome.analysis

    @property
    def schema(self) -> str:
        """The schema of the JSON report, ``convcalc/report/1``."""
        from convcalc.report.analysis.json import SCHEMA

        return SCHEMA

    @property
    def convcalc(self) -> str:
        """The version of convcalc that made it."""
        return __version__

    @property
    def name(self) -> str:
        """The net's name, '' where the spec gives none."""
        return self.analysis.network.name

    @property
    def path(self) -> str:
        """The spec's file, as findings call it."""
        return self.analysis.network.source.path

    @property
    def totals(self) -> Totals:
        """Sums over all layers; None where a layer could not be sized."""
        found = self.analysis.totals
        return Totals(*(getattr(found, name) for name in Totals._fields))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that there is to say about the spec, worst and first things first."""
        return self.analysis.findings

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What is notable of the numbers, and whether training is an estimate."""
        from convcalc.report.analysis.view import NetView

        return tuple(NetView(self.analysis).sentences)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def settings(self) -> Settings:
        """What the bytes are for: batch, dtype, optimizer."""
        return self.analysis.settings

    @cached_property
    def layers(self) -> tuple[LayerReport, ...]:
        """The inputs and every layer in order."""
        from convcalc.report.analysis.json import layer_objects

        return tuple(map(layer_report, layer_objects(self.analysis)))

    @property
    def variant(self) -> tuple[str, ...]:
        """What sets it apart from the other variants of its net, as options; mostly empty."""
        return self._outcome.case.variant

    @cached_property
    def memory(self) -> MemoryReport:
        """Bytes for the whole batch.

        None for a net that could not be sized; types leave that out, as `Totals` does.
        """
        memory = self._outcome.memory
        return memory_bytes(self.analysis, memory) if memory else None  # type: ignore[return-value]

    @cached_property
    def counts(self) -> Mapping[str, CountReport]:
        """What the tools that `analyze` was asked for count, by name; empty without any."""
        from convcalc.report.counts.json import count_object
        from convcalc.report.counts.view import counted

        found = {}
        for count in counted(self.analysis, self._conventions):
            data = count_object(count)
            data |= {"unknown": tuple(data["unknown"]), "notes": tuple(data["notes"])}
            own = {field: data[field] for field in CountReport._fields}
            found[count.convention.label] = CountReport(**own)
        return found

    @overload
    def __getitem__(self, name: str | SupportsIndex) -> LayerReport: ...
    @overload
    def __getitem__(self, name: slice) -> tuple[LayerReport, ...]: ...
    def __getitem__(self, name: str | SupportsIndex | slice) -> Any:
        """The layer of that name, or of a place in `layers`; those of a slice.

        Raises:
            KeyError: there is no layer of that name; the message says what may have been meant.
            IndexError: there are not so many.
        """
        if not isinstance(name, str):
            return at_place(self.layers, name)
        for layer in self.layers:
            if layer.name == name:
                return layer
        from convcalc.explain.layer import NoLayerError, find  # where something is wrong

        names = [layer.name for layer in self.layers]
        if not any(one.startswith(f"{name}.") for one in names) and (close := nearest(name, names)):
            raise KeyError(f"no layer {name!r}: did you mean {close!r}?")
        try:  # a block or a kind
            find(self.analysis.network, name)
        except NoLayerError as error:
            raise KeyError(str(error)) from None
        raise KeyError(name)

    def __contains__(self, layer: object) -> bool:
        """Whether it has a layer of that name, or that layer."""
        if isinstance(layer, str):
            return any(own.name == layer for own in self.layers)
        return layer in self.layers

    def __iter__(self) -> Iterator[LayerReport]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def to_dict(
        self, *, timeline: bool = False, arena: bool = False, im2col: bool = False
    ) -> dict[str, Any]:
        """The JSON report as dictionaries and lists."""
        found: dict[str, Any] = json.loads(
            self.to_json(timeline=timeline, arena=arena, im2col=im2col)
        )
        return found

    def to_json(self, *, timeline: bool = False, arena: bool = False, im2col: bool = False) -> str:
        """The JSON report, schema ``convcalc/report/1``.

        Args:
            timeline: with the live bytes layer by layer, in the section on memory.
            arena: with inference's volumes planned into one block, there too.
            im2col: with each convolution's workspace as a matrix product.
        """
        from convcalc.report.analysis.extras import Extras
        from convcalc.report.analysis.json import report_json

        return report_json(self.analysis, Extras(timeline, arena, im2col, self._conventions))

    def __str__(self) -> str:
        from convcalc.report.analysis.text import text
        from convcalc.report.drawing.palette import PLAIN

        return text(self.analysis, PLAIN)

    def __repr__(self) -> str:
        network, totals = self.analysis.network, self.totals
        counted = "unfinished" if totals.params is None else f"{totals.params:,} params"
        return f"<convcalc.Report {network.name or network.source.path}: {counted}>"

    def _repr_html_(self) -> str:
        from convcalc.report.analysis.html import render
        from convcalc.report.analysis.view import NetView

        return render(NetView(self.analysis))


@typed
def analyze(
    net: Given,
    *,
    counted_as: str | Sequence[str] | None = None,
    **options: Unpack[Keywords],
) -> Report:
    """The numbers of a net.

    Args:
        net: what `load` takes or gave.
        counted_as: what other tools count, for `Report.counts`: ``"fvcore,ptflops@0.6"``, a list
            of names and files, or ``"all"``; the command line's ``--as``.
        **options: ``batch`` (bytes are for all images of it, other numbers for one), ``dtype``,
            ``optimizer``, ``weight_decay``, ``optimizer_impl``; ``input``, ``rounding``,
            ``variables``, ``trusted``: as the command line's.

    Raises:
        ValueError: an invalid option (LoadError: nothing to read).
    """
    if counted_as is None:
        return Report(outcome(net, **options))
    from convcalc.study.counts import conventions  # for those who ask

    counting = conventions(counted_as, options.get("trusted", False))
    return Report(outcome(net, **options), counting)
