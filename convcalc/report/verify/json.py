"""`verify --format json`: schema ``convcalc/verify/1``, additions only."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.report.drawing.encode import encoded, head, measured
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.findings.json import finding_object
from convcalc.report.verify.view import Refused
from convcalc.verify.origin import Origin
from convcalc.verify.record import Observed, Verification

SCHEMA = "convcalc/verify/1"


def render(found: Verification | Refused, palette: Palette = PLAIN) -> str:
    """The whole run, one layer a line; or why there was none."""
    if isinstance(found, Refused):
        none = {"layers": [], "findings": [finding_object(f) for f in found.findings]}
        return f"{_inside(_head(found.analysis, False))},\n {encoded(none)[1:]}\n"
    peak = found.peak
    first = _head(found.analysis, found.agrees)
    tail = {
        "partial": found.partial,
        **origin_object(found.origin),
        "reduced_from": found.origin.reduced_from,
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
    return f'{_inside(first)},\n "layers": [\n  {layers}],\n {encoded(tail)[1:]}\n'


def _head(analysis: Analysis, agrees: bool) -> dict[str, Any]:
    return {
        **head(SCHEMA, analysis.network),
        "agrees": agrees,
        "batch": analysis.settings.batch,
        "dtype": analysis.settings.dtype,
    }


def origin_object(own: Origin) -> dict[str, Any]:
    """Where the numbers are from: the seed, null where nothing is random, and the files."""
    return {"seed": own.seed, "weights": own.weights, "array": own.array}


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
