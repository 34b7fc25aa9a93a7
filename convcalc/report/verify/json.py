"""`verify --format json`: schema ``convcalc/verify/1``, additions only."""

from typing import Any

from convcalc import __version__
from convcalc.analysis.record import Analysis
from convcalc.findings import Finding
from convcalc.report.drawing.encode import encoded, measured
from convcalc.report.findings.json import finding_object
from convcalc.verify.record import Observed, Verification

SCHEMA = "convcalc/verify/1"


def verify_json(found: Verification) -> str:
    """The whole run, one layer a line."""
    peak = found.peak
    head = _head(found.analysis, found.agrees)
    tail = {
        "partial": found.partial,
        "peak": {
            "predicted": peak.predicted,
            "observed": peak.observed,
            "plan": peak.plan,
            "framework": peak.framework,
            "workspace": peak.predicted - peak.plan,
            "allowance": peak.allowance,
        },
        "milliseconds": round(found.seconds * 1e3, 3),
        "macs_per_second": found.macs_per_second,
        "matrix_product_macs_per_second": found.product_rate,
        "gradients": [
            {**one._asdict(), "error": measured(one.error), "agrees": one.agrees}
            for one in found.gradients
        ],
        "findings": [],
    }
    layers = ",\n  ".join(encoded(_layer(one)) for one in found.layers)
    return f'{_inside(head)},\n "layers": [\n  {layers}],\n {encoded(tail)[1:]}\n'


def refused_json(analysis: Analysis, findings: list[Finding]) -> str:
    """A net that could not be run, and why."""
    tail = {"layers": [], "findings": [finding_object(f) for f in findings]}
    return f"{_inside(_head(analysis, False))},\n {encoded(tail)[1:]}\n"


def _head(analysis: Analysis, agrees: bool) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "convcalc": __version__,
        "name": analysis.network.name,
        "path": analysis.network.source.path,
        "agrees": agrees,
        "batch": analysis.settings.batch,
        "dtype": analysis.settings.dtype,
    }


def _layer(one: Observed) -> dict[str, Any]:
    step = one.row.step
    return {
        "name": step.name,
        "kind": step.kind,
        "predicted": list(step.output or ()),
        "observed": list(one.shape),
        "agrees": not one.faults,
        "faults": list(one.faults),
        "finite": one.finite,
        "milliseconds": round(one.seconds * 1e3, 3),
        "macs_per_second": one.macs_per_second,
        "workspace": one.workspace,
        "peak": {"predicted": one.peak_predicted, "observed": one.peak_observed},
    }


def _inside(value: object) -> str:
    """An object without its closing brace."""
    return encoded(value)[:-1]
