"""The `memory` section of the JSON report: exact bytes."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.moments import layer_name
from convcalc.memory.report import memory_bytes
from convcalc.report.analysis.view import NetView


def memory_object(net: NetView) -> dict[str, Any] | None:
    """The section; None where the net is broken. `training` is null for whole numbers."""
    analysis, memory, extras = net.analysis, net.memory, net.extras
    if memory is None:
        return None
    learning = memory.training if extras.timeline else None  # a long net's is let go of after it
    timeline = _timeline(analysis, learning) if learning else None
    del learning
    found: dict[str, Any] = memory_bytes(analysis, memory).to_dict()
    if extras.timeline:
        found["timeline"] = timeline or _timeline(analysis, memory.inference)
        found["inference"]["timeline"] = _timeline(analysis, memory.inference)
    if extras.arena:
        found["arena"] = _arena(analysis)
    return found


def _timeline(analysis: Analysis, account: Account) -> list[dict[str, Any]]:
    from convcalc.memory.series import casts, recomputed  # on request only

    found: list[dict[str, Any]] = [
        {"phase": moment.phase, "layer": layer_name(analysis, moment), "live": moment.live}
        for moment in account.timeline()
    ]
    for name, live in (("casts", casts(account)), ("recomputed", recomputed(account))):
        if any(live):
            for moment, bytes_ in zip(found, live, strict=True):
                moment[name] = bytes_
    return found


def _arena(analysis: Analysis) -> dict[str, Any]:
    from convcalc.report.analysis.planned import planned  # on request only

    arena, less = planned(analysis)
    return {
        "size": arena.size,
        "bound": arena.bound,
        "by_size": arena.by_size,
        "in_place_depthwise": less.size,
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
