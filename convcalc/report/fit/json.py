"""JSON of `fit`, schema ``convcalc/fit/1``."""

from typing import Any

from convcalc.memory.moments import layer_name
from convcalc.memory.placement import Asked
from convcalc.memory.remedies import MOST_TRIED, work_of
from convcalc.memory.settings import described
from convcalc.report.drawing.encode import encoded, head
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.fit.view import FitView

SCHEMA = "convcalc/fit/1"


def render(view: FitView, palette: Palette = PLAIN) -> str:
    """The answer as text that ends with a newline."""
    analysis, placement, advice = view
    device, settings = placement.device, analysis.settings
    training, held = placement.training, placement.in_modules
    asked_held = placement.asked_in_modules
    found: dict[str, Any] = {
        **head(SCHEMA, analysis.network),
        "settings": {
            **{name: value for name, value in described(settings).items() if name != "batch"},
            "foreach": settings.optimizer_impl == "foreach",
        },
        "device": device.name or None,
        "device_bytes": device.memory,
        "context": device.context,
        "flash": device.flash or None,
        "parameters": view.parameters,
        "training": training._asdict() if training is not None else None,
        "inference": placement.inference._asdict(),
        "inference_in_modules": None if held is None else held._asdict(),
        "asked": [
            {"run": asked.run, **_asked(asked)} for asked in placement.asked
        ],
        "asked_in_modules": None if asked_held is None else _asked(asked_held),
        "smallest": _smallest(view),
        "remedies": [remedy._asdict() for remedy in placement.remedies],
        "remedies_tried": work_of(analysis) <= MOST_TRIED and not placement.untried,
    }  # fmt: skip
    found["notes"] = view.notes
    found["findings"] = _findings(view)
    if advice is not None:
        from convcalc.report.fit.advice import advice_object

        found["advice"] = advice_object(analysis, advice)
    return encoded(found) + "\n"


def _asked(asked: Asked) -> dict[str, Any]:
    """What a batch needs, and whether that fits."""
    needs = asked.needs
    return {"low": needs.low, "high": needs.high, "verdict": asked.verdict.value}


def _findings(view: FitView) -> list[dict[str, Any]]:
    """All that was found in the net, notes too."""
    if not view.analysis.findings:
        return []
    from convcalc.report.findings.json import finding_object  # a clean net has no use for it

    return [finding_object(finding) for finding in view.analysis.findings]


def _smallest(view: FitView) -> dict[str, Any]:
    """The peak of a single image, and the layers that hold most of it."""
    account, moment = view.smallest, view.smallest.at
    return {
        "peak": account.peak,
        "phase": moment.phase,
        "at": layer_name(view.analysis, moment),
        "holders": [{"layer": name, "bytes": held} for name, held in view.holders],
    }
