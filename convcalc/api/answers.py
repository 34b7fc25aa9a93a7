"""What the functions return: typed records whose JSON is that of the command of the same name."""

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.escape import one_line
from convcalc.explain.lookup import Page
from convcalc.explain.record import Explanation
from convcalc.findings import Finding, reaches
from convcalc.memory.fit import Fit
from convcalc.memory.placement import Asked
from convcalc.memory.plans import Advice
from convcalc.memory.remedies import Remedy
from convcalc.quantity import counted
from convcalc.shapes import Shape
from convcalc.sizes.legal import LegalSizes
from convcalc.source import Source
from convcalc.study.diff import Compared
from convcalc.study.fit import Fitted
from convcalc.study.sizes import Sized
from convcalc.study.verify import Verified

if TYPE_CHECKING:
    from convcalc.counting.reverse import Answer
    from convcalc.report.fit.view import FitView
    from convcalc.study.against import Against
    from convcalc.study.changes import Changes


class CheckReport(NamedTuple):
    """What is wrong with nets, errors first, and advice."""

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    """Every net that was checked, those without findings too, in order."""
    sources: dict[str, Source]
    """The texts of those with findings."""
    fail_on: str = "error"
    notes: tuple[str, ...] = ()
    """What the command says beside them on stderr: limits that were set aside, estimates."""

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
        from convcalc.report.formats import rendered

        checked = Checked(self.findings, self.paths, self.sources, None, self.fail_on)
        return rendered("check", format, checked)

    def __repr__(self) -> str:
        found = f"{counted(len(self.paths), 'net')}, {counted(len(self.findings), 'finding')}"
        return f"<convcalc.CheckReport: {found}>"

    def __str__(self) -> str:
        return self.rendered("text")


class _Answer(ABC):
    """What every answer has: the formats of the command of the same name."""

    @abstractmethod
    def _shown(self) -> tuple[str, object]:
        """The command, and what it shows."""

    def rendered(self, format: str) -> str:
        """The answer in one of the formats of the command's ``--format``."""
        from convcalc.report.formats import rendered

        command, view = self._shown()
        return rendered(command, format, view)

    def to_json(self) -> str:
        """The answer as JSON."""
        return self.rendered("json")

    def to_dict(self) -> dict[str, Any]:
        """The JSON as dictionaries and lists."""
        return _dict(self.to_json())

    def __repr__(self) -> str:
        title = str(self).partition("\n")[0]
        return f"<convcalc.{type(self).__name__} {one_line(title)}>"

    def __str__(self) -> str:
        return self.rendered("text")


class FitReport(_Answer):
    """The largest batches of a network that a device takes."""

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted
        placement = fitted.placement
        self.device_bytes: int = placement.device.memory
        self.training: Fit = placement.training  # type: ignore[assignment]
        """None for numbers that networks are not trained with, and on a microcontroller: types
        leave that out, as those of `analyze` do."""
        self.inference: Fit = placement.inference
        self.inference_in_modules: Fit | None = placement.in_modules
        """Where modules hold their blocks' inputs, and fewer images fit; else None."""
        self.asked: tuple[Asked, ...] = placement.asked
        """Whether the batch that was asked for fits, in each run."""
        self.remedies: tuple[Remedy, ...] = placement.remedies
        self.advice: Advice | None = fitted.advice
        """Which layers to checkpoint so that the batch fits; None where that was not asked for."""
        self.ok: bool = fitted.ok
        """Whether that batch may fit, or none was asked for, and the net is in its budget."""

    @property
    def notes(self) -> tuple[str, ...]:
        """That training is an estimate, counted by the layers, and has a least batch, where so."""
        return tuple(self._shown()[1].notes)

    def _shown(self) -> "tuple[str, FitView]":
        from convcalc.report.fit.view import FitView

        fitted = self._fitted
        return "fit", FitView(fitted.outcome.analysis, fitted.placement, fitted.advice)

    def __repr__(self) -> str:
        network, inference = self._fitted.outcome.analysis.network, self.inference
        runs = {"training": self._fitted.placement.training, "inference": inference}
        sure = (f"{run} {fit.batch_sure}" for run, fit in runs.items() if fit is not None)
        return f"<convcalc.FitReport {network.name or network.source.path}: {', '.join(sure)}>"

    def to_json(self) -> str:
        """Schema ``convcalc/fit/1``."""
        return self.rendered("json")


class SizesReport(_Answer):
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

    def _shown(self) -> tuple[str, object]:
        from convcalc.report.sizes.view import SizesView

        sized = self._sized
        return "sizes", SizesView(sized.outcome.network, sized.found, sized.asked, sized.square)

    def to_json(self) -> str:
        """Schema ``convcalc/sizes/1``."""
        return self.rendered("json")


class DiffReport(_Answer):
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
        self.same: bool = compared.difference.none
        """Whether nothing differs but names."""
        self.notes: tuple[str, ...] = compared.notes
        """Of which nets training is an estimate, counted by the layers."""
        self.ok: bool = compared.ok

    def __repr__(self) -> str:
        nets = (self._compared.before, self._compared.after)
        whole = not any(net.analysis.uncertain for net in nets)
        return super().__repr__() if whole else f"{super().__repr__()[:-1]}: unfinished>"

    def _shown(self) -> tuple[str, object]:
        from convcalc.report.diff.view import DiffView

        found = self._compared
        return "diff", DiffView(found.difference, [*found.exceeded], notes=found.notes)

    def to_json(self) -> str:
        """Schema ``convcalc/diff/1``."""
        return self.rendered("json")


class ChangesReport(_Answer):
    """What has changed in specs since a git revision, each with its own `DiffReport`."""

    def __init__(self, found: "Changes") -> None:
        self._found = found
        self.base: str = found.base
        self.added: tuple[str, ...] = self._paths("added")
        self.removed: tuple[str, ...] = self._paths("removed")
        self.changed: dict[str, DiffReport] = {
            change.path: DiffReport(change.compared)
            for change in found.specs
            if change.compared is not None
        }
        self.renamed: dict[str, str] = {
            change.path: change.renamed_from for change in found.specs if change.renamed_from
        }
        """The former names of those that were renamed; they are among `changed`."""
        self.same: int = found.same
        """How many others are as they were."""
        self.failures: tuple[str, ...] = found.failures
        """What could not be read."""
        self.notes: tuple[str, ...] = found.notes
        """What was left out, and why, and of which specs training is an estimate."""
        self.ok: bool = found.ok
        """Whether no total grew by more than it may, no spec has errors, and all were read."""

    def _paths(self, status: str) -> tuple[str, ...]:
        return tuple(change.path for change in self._found.specs if change.status == status)

    def _shown(self) -> tuple[str, object]:
        from convcalc.report.changes.view import ChangesView

        return "diff --base FOLDER", ChangesView(self._found)

    def to_json(self) -> str:
        """Schema ``convcalc/changes/1``."""
        return self.rendered("json")


class ExplainReport(_Answer):
    """A layer with its own numbers, who prints a figure, or a page of a term, a kind or a code."""

    def __init__(self, found: "Explanation | Page | Answer | Analysis") -> None:
        self.found = found

    def _shown(self) -> tuple[str, object]:
        if isinstance(self.found, Analysis):
            return "explain counting", self.found
        own = isinstance(self.found, Page | Explanation)
        return "explain" if own else "explain FIGURE", self.found

    def to_json(self) -> str:
        """Schema ``convcalc/explain/1``, ``convcalc/page/1`` or ``convcalc/figure/1``."""
        return self.rendered("json")


class VerifyReport(_Answer):
    """What running a network with NumPy showed, alone or against an ONNX file."""

    def __init__(self, verified: "Verified | Against") -> None:
        self._verified = verified
        self.agrees: bool = verified.agrees
        """Whether everything is as predicted."""

    @property
    def ok(self) -> bool:
        """The same as `agrees`."""
        return self.agrees

    def _shown(self) -> tuple[str, object]:
        from convcalc.report.verify.view import form

        if not isinstance(self._verified, Verified):
            return "verify --against", self._verified
        return form(self._verified.found), self._verified.found

    def to_json(self) -> str:
        """Schema ``convcalc/verify/1``, or that of the proof that was asked for."""
        return self.rendered("json")


def _dict(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
