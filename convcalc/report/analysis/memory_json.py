"""The `memory` section of the JSON report: exact bytes."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.allocator import replay
from convcalc.memory.device import device_range
from convcalc.memory.moments import layer_name
from convcalc.memory.summary import memory_of
from convcalc.memory.trace import (
    BACKWARD,
    BUFFER,
    FORWARD,
    PARAMETER,
    PARAMETER_GRADIENT,
    STATE,
    STEP,
)
from convcalc.report.analysis.extras import NOTHING_MORE, Extras


def memory_object(analysis: Analysis, extras: Extras = NOTHING_MORE) -> dict[str, Any] | None:
    """The section; None where the net is broken. `training` is null for whole numbers."""
    memory = memory_of(analysis)
    if memory is None:
        return None
    notes, in_use, learning = memory.notes, memory.inference, memory.training
    shown = learning or in_use
    run = replay(shown.trace, shown.batch)
    found: dict[str, Any] = {
        "parameters": in_use.total(PARAMETER),
        "buffers": in_use.total(BUFFER),
        "input": notes.input,
        "activations": notes.activations,
        "gradients": learning.total(PARAMETER_GRADIENT) if learning else 0,
        "optimizer_state": learning.total(STATE) if learning else 0,
        "notes_rule": {
            "inference": notes.inference,
            "training": notes.training,
            "inference_ratio": round(notes.inference / in_use.peak, 3),
            "training_ratio": round(notes.training / learning.peak, 3) if learning else None,
        },
        "inference": {
            "peak": in_use.peak,
            "at": layer_name(analysis, in_use.at),
            "breakdown": in_use.breakdown()._asdict(),
        },
        "training": _training(analysis, learning) if learning else None,
        "allocator": run._asdict(),
        "device": device_range(run)._asdict(),
    }
    if extras.timeline:
        found["timeline"] = _timeline(analysis, shown)
        found["inference"]["timeline"] = _timeline(analysis, in_use)
    if extras.arena:
        found["arena"] = _arena(analysis)
    return found


def _training(analysis: Analysis, account: Account) -> dict[str, Any]:
    peak = account.at
    return {
        "peak": account.peak,
        "phase": peak.phase,
        "at": layer_name(analysis, peak),
        "forward": account.phase(FORWARD),
        "backward": account.phase(BACKWARD),
        "step": account.phase(STEP),
        "saved": account.saved,
        "breakdown": account.breakdown()._asdict(),
    }


def _timeline(analysis: Analysis, account: Account) -> list[dict[str, Any]]:
    return [
        {"phase": moment.phase, "layer": layer_name(analysis, moment), "live": moment.live}
        for moment in account.timeline()
    ]


def _arena(analysis: Analysis) -> dict[str, Any]:
    from convcalc.memory.arena import plan  # on request only

    arena = plan(analysis)
    return {
        "size": arena.size,
        "bound": arena.bound,
        "by_size": arena.by_size,
        "places": [
            {
                "layer": analysis.rows[place.step].step.name,
                "offset": place.offset,
                "size": place.size,
                "first": analysis.rows[place.first].step.name,
                "last": analysis.rows[place.last].step.name,
            }
            for place in arena.places
        ],
    }
