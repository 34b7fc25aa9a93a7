"""A net as a page has it: what its reports say, once, as data."""

from typing import TYPE_CHECKING, Any

from convcalc.analysis.settings import Settings
from convcalc.findings import Finding, worst_first
from convcalc.memory.settings import SETTINGS, described
from convcalc.network.record import INPUT
from convcalc.quantity import counted
from convcalc.report.analysis.view import NetView
from convcalc.report.counts.view import STYLE, view
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.findings.text import finding_text
from convcalc.report.page.graph import Scale, tree
from convcalc.report.page.layers import layers_object
from convcalc.report.page.memory import memory_object
from convcalc.shapes import written
from convcalc.study.outcome import Outcome

if TYPE_CHECKING:
    from convcalc.verify.record import Verification

_IN_TITLE = {"batch", "dtype", "precision", "optimizer"}
_MOST = 200  #: findings that a page has in full


def net_object(
    outcome: Outcome,
    net: NetView,
    common: Scale,
    expand: bool,
    measured: "Verification | None" = None,
) -> dict[str, Any]:
    """Everything on one net. `common` is the scale of all nets of the page."""
    analysis = outcome.analysis
    network = analysis.network
    inputs = [row.step.output for row in analysis.rows if row.step.kind == INPUT]
    return {
        "title": net.name,
        "path": network.source.path,
        "origin": network.origin,
        "input": net.inputs,
        "image": [list(shape or ()) for shape in inputs],
        "output": written(analysis.output) if analysis.output else "",
        "settings": described(analysis.settings),
        "also": _also(analysis.settings),
        "totals": analysis.totals._asdict(),
        "sentences": [*_errors(outcome), *net.sentences],
        "layers": layers_object(analysis, tree(analysis, expand), common, measured),
        "memory": memory_object(analysis, outcome.memory),
        "counts": _counts(net),
        "findings": _findings(outcome),
        **({} if measured is None else {"measured": _measured(measured)}),
    }


def _measured(run: "Verification") -> str:
    """What a time of the page is of."""
    return (
        f"Times are measured: one pass of one image in {run.analysis.settings.dtype} with NumPy, "
        "on the machine that wrote this page. Another pass takes another time, and a GPU "
        "spends it elsewhere."
    )


def _also(settings: Settings) -> list[str]:
    """What is set beside batch, precision and optimizer, as it is typed."""
    usual = described(Settings())
    flags = {setting.name: setting.flag for setting in SETTINGS}
    return [
        flags[name] if value is True else f"{flags[name]} {value}"
        for name, value in described(settings).items()
        if name not in _IN_TITLE and value != usual[name]
    ]


def _counts(net: NetView) -> dict[str, Any] | None:
    """What other tools count; None where nobody asked, or where the net has no sizes."""
    if not net.counts or net.analysis.broken:
        return None
    found = view(net.analysis, net.counts)
    return {
        "style": f"{found.title}, {STYLE}",
        "of": found.of,
        "lines": [line._asdict() for line in found.lines],
        "params": [figure._asdict() for figure in found.params],
        "memory": [figure._asdict() for figure in found.memory],
        "notes": [
            {"names": note.names, "text": note.text, "layers": note.layers[:_MOST]}
            for note in found.notes
        ],
    }


def _findings(outcome: Outcome) -> dict[str, Any]:
    """Errors first, each as `check` shows it, with its arithmetic and its lines."""
    found = worst_first(outcome.findings)
    lines = outcome.network.source.lines() if found else []
    return {
        "more": max(len(found) - _MOST, 0),
        "shown": [_finding(finding, lines) for finding in found[:_MOST]],
    }


def _errors(outcome: Outcome) -> list[str]:
    """What is said at the top of a net with errors, which are shown in full below all else."""
    found = len(outcome.errors)
    if not found:
        return []
    return [f"{counted(found, 'error')}: see Findings at the end of this page"]


def _finding(finding: Finding, lines: list[str]) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "layer": finding.layer,
        "line": finding.line,
        "text": finding_text(finding, lines, PLAIN).partition("\n")[2],
    }
