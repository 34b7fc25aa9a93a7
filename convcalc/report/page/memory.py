"""The memory of a run as a page has it: moment by moment, with what is alive then."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account, Breakdown
from convcalc.memory.lifetimes import profile
from convcalc.memory.moments import moment_words
from convcalc.memory.report import memory_bytes
from convcalc.memory.summary import Memory
from convcalc.report.page.encoding import Words

#: The parts of a peak as people read them, in the order in which they are stacked.
PARTS = {
    "parameters": "parameters",
    "buffers": "buffers",
    "ema": "moving average",
    "optimizer_state": "optimizer state",
    "gradients": "gradients",
    "input": "input",
    "saved_activations": "saved for backward",
    "transient": "transient",
}


def memory_object(analysis: Analysis, memory: Memory | None) -> dict[str, Any] | None:
    """Both runs, the rule of thumb and what a device will show; None for a net without sizes."""
    if memory is None:
        return None
    runs = [("a step of training", memory.training), ("inference", memory.inference)]
    found = memory_bytes(analysis, memory)
    return {
        "parts": list(PARTS.values()),
        "runs": [_run(analysis, name, account) for name, account in runs if account is not None],
        "device": [found.device.low, found.device.high],
        "notes": [found.notes_rule.inference, found.notes_rule.training],
    }


def _run(analysis: Analysis, name: str, account: Account) -> dict[str, Any]:
    """Moments as [phase, layer, live]; lifetimes as [role, layer, part, first, last, bytes, n]."""
    found, words, names = profile(account), Words(), list(PARTS)
    moments = [[words.number(m.phase), m.step, m.live] for m in found.moments]
    lifetimes = [
        [words.number(one.role), one.step, names.index(one.field), *one[3:]]
        for one in found.lifetimes
    ]
    return {
        "name": name,
        "peak": account.peak,
        "at": moment_words(analysis, account.at),
        "batch": account.batch,
        "words": words.all,
        "moments": moments,
        "lifetimes": lifetimes,
    }


assert set(PARTS) == set(Breakdown._fields)
