"""JSON of `fit`, schema ``convcalc/fit/1``."""

from typing import TYPE_CHECKING, Any

from convcalc import __version__
from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.moments import layer_name
from convcalc.memory.placement import Placement, weights
from convcalc.memory.remedies import holders
from convcalc.memory.settings import described
from convcalc.report.drawing.encode import encoded

if TYPE_CHECKING:
    from convcalc.memory.advisor import Advice

SCHEMA = "convcalc/fit/1"


def fit_json(analysis: Analysis, placement: Placement, advice: "Advice | None" = None) -> str:
    """The answer as text that ends with a newline."""
    device, settings = placement.device, analysis.settings
    training = placement.training
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "convcalc": __version__,
        "name": analysis.network.name,
        "path": analysis.network.source.path,
        "settings": {
            **{name: value for name, value in described(settings).items() if name != "batch"},
            "foreach": settings.optimizer_impl == "foreach",
        },
        "device": device.name or None,
        "device_bytes": device.memory,
        "context": device.context,
        "flash": device.flash or None,
        "parameters": weights(analysis),
        "training": training._asdict() if training is not None else None,
        "inference": placement.inference._asdict(),
        "asked": [
            {"run": asked.run, "low": asked.needs.low, "high": asked.needs.high,
             "verdict": asked.verdict.value}
            for asked in placement.asked
        ],
        "smallest": _smallest(analysis, placement.smallest),
        "remedies": [remedy._asdict() for remedy in placement.remedies],
    }  # fmt: skip
    if advice is not None:
        from convcalc.report.fit.advice import advice_object

        found["advice"] = advice_object(analysis, advice)
    return encoded(found) + "\n"


def _smallest(analysis: Analysis, account: Account) -> dict[str, Any]:
    """The peak of a single image, and the layers that hold most of it."""
    moment = account.at
    return {
        "peak": account.peak,
        "phase": moment.phase,
        "at": layer_name(analysis, moment),
        "holders": [
            {"layer": analysis.rows[holder.step].step.name, "bytes": holder.bytes}
            for holder in holders(account)
        ],
    }
