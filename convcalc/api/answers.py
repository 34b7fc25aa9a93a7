"""What the functions return: typed records whose JSON is that of the command of the same name."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.explain.lookup import Page
from convcalc.explain.record import Explanation
from convcalc.findings import Finding, reaches
from convcalc.memory.advisor import Advice
from convcalc.memory.fit import Fit
from convcalc.memory.placement import Asked
from convcalc.memory.remedies import Remedy
from convcalc.shapes import Shape
from convcalc.sizes.legal import LegalSizes
from convcalc.source import Source
from convcalc.study.diff import Compared
from convcalc.study.fit import Fitted
from convcalc.study.sizes import Sized
from convcalc.study.verify import Verified

if TYPE_CHECKING:
    from convcalc.counting.reverse import Answer


class CheckReport(NamedTuple):
    """What is wrong with nets, errors first, and advice."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    """Every net that was checked, those without findings too, in order."""
    sources: dict[str, Source]
    """The texts of those with findings."""
    fail_on: str = "error"

    @property
    def ok(self) -> bool:
        """Whether no finding is at least as severe as `fail_on`."""
        return not any(reaches(finding, self.fail_on) for finding in self.findings)

    def to_json(self) -> str:
        """Schema ``convcalc/findings/1``."""
        return self.rendered("json")

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def rendered(self, format: str) -> str:
        """The findings in one of the formats of ``convcalc check --format``."""
        from convcalc.report.findings.checked import Checked
        from convcalc.report.findings.formats import rendered

        return rendered(
            Checked(self.findings, self.paths, self.sources, None, self.fail_on), format
        )

    def __str__(self) -> str:
        return self.rendered("text")


class FitReport:
    """The largest batches of a network that a device takes."""

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted
        placement = fitted.placement
        self.device_bytes: int = placement.device.memory
        self.training: Fit = placement.training  # type: ignore[assignment]
        """None for numbers that networks are not trained with, and on a microcontroller: types
        leave that out, as those of `analyze` do."""
        self.inference: Fit = placement.inference
        self.asked: tuple[Asked, ...] = placement.asked
        """Whether the batch that was asked for fits, in each run."""
        self.remedies: tuple[Remedy, ...] = placement.remedies
        self.advice: Advice | None = fitted.advice
        """Which layers to checkpoint so that the batch fits; None where that was not asked for."""
        self.ok: bool = fitted.fits
        """Whether that batch may fit; True where none was asked for."""

    def to_json(self) -> str:
        """Schema ``convcalc/fit/1``."""
        from convcalc.report.fit.json import fit_json

        fitted = self._fitted
        return fit_json(fitted.outcome.analysis, fitted.placement, fitted.advice)

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __str__(self) -> str:
        from convcalc.report.drawing.palette import PLAIN
        from convcalc.report.fit.text import fit_text

        analysis = self._fitted.outcome.analysis
        text = fit_text(analysis, self._fitted.placement, PLAIN)
        if self.advice is None:
            return text
        from convcalc.report.fit.advice import advice_text

        return text + advice_text(analysis, self.advice)


class SizesReport:
    """The input sizes that a network takes; sizes are tuples without the channels."""

    def __init__(self, sized: Sized) -> None:
        self._sized = sized
        self.found: LegalSizes = sized.found
        self.exact: tuple[Shape, ...] = sized.found.exact
        self.accepted: tuple[Shape, ...] = sized.found.accepted
        self.minimum: Shape | None = sized.found.minimum
        self.step: int | None = sized.found.step
        self.findings: tuple[Finding, ...] = sized.outcome.analysis.findings
        self.ok: bool = sized.outcome.ok
        """Whether the net has no errors at its own input."""

    def to_json(self) -> str:
        """Schema ``convcalc/sizes/1``."""
        from convcalc.report.sizes.text import sizes_json

        return sizes_json(self._sized.outcome.network, self._sized.found, self._sized.square)

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __str__(self) -> str:
        from convcalc.report.drawing.palette import PLAIN
        from convcalc.report.sizes.text import sizes_text

        sized = self._sized
        return sizes_text(sized.outcome.network, sized.found, sized.asked, sized.square, PLAIN)


class DiffReport:
    """What differs between two networks."""

    def __init__(self, compared: Compared) -> None:
        self._compared = compared
        difference = compared.difference
        self.added: tuple[str, ...] = tuple(row.step.name for row in difference.added)
        self.removed: tuple[str, ...] = tuple(row.step.name for row in difference.removed)
        self.changed: tuple[str, ...] = tuple(c.after.step.name for c in difference.changed)
        self.totals: dict[str, tuple[int | None, int | None]] = {
            total.name: (total.before, total.after) for total in difference.totals
        }
        """Before and after; None where a net could not be sized."""
        self.exceeded: tuple[str, ...] = tuple(total.name for _, total in compared.exceeded)
        """The totals that grew by more than they may."""
        self.ok: bool = compared.ok

    def to_json(self) -> str:
        """Schema ``convcalc/diff/1``."""
        from convcalc.report.diff.json import render

        return render(self._compared.difference, [*self._compared.exceeded])

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __str__(self) -> str:
        from convcalc.report.diff.text import render
        from convcalc.report.drawing.palette import PLAIN

        return render(self._compared.difference, [*self._compared.exceeded], PLAIN, False)


class ExplainReport:
    """A layer with its own numbers, who prints a figure, or a page of a term, a kind or a code."""

    def __init__(self, found: "Explanation | Page | Answer") -> None:
        self.found = found

    def to_json(self) -> str:
        """Schema ``convcalc/explain/1``, ``convcalc/page/1`` or ``convcalc/figure/1``."""
        from convcalc.report.explain.text import explanation_json, page_json

        if isinstance(self.found, Page):
            return page_json(self.found)
        if isinstance(self.found, Explanation):
            return explanation_json(self.found)
        from convcalc.report.counts.answer import answer_json

        return answer_json(self.found)

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __str__(self) -> str:
        from convcalc.report.drawing.palette import PLAIN
        from convcalc.report.explain.text import explanation_text, page_text

        if isinstance(self.found, Page):
            return page_text(self.found, PLAIN)
        if isinstance(self.found, Explanation):
            return explanation_text(self.found, PLAIN)
        from convcalc.report.counts.answer import answer_text

        return answer_text(self.found, PLAIN)


class VerifyReport:
    """What running a network with NumPy showed."""

    def __init__(self, verified: Verified) -> None:
        self._verified = verified
        self.agrees: bool = verified.agrees
        """Whether everything is as predicted."""

    @property
    def ok(self) -> bool:
        """The same as `agrees`."""
        return self.agrees

    def to_json(self) -> str:
        """Schema ``convcalc/verify/1``, or that of the proof that was asked for."""
        from convcalc.report.verify.any import rendered

        return rendered(self._verified.found, "json")

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __str__(self) -> str:
        from convcalc.report.verify.any import rendered

        return rendered(self._verified.found, "text")


def _dict(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
