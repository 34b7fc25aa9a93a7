"""Budgets of memory in a spec: `inference_memory`, `training_memory`, `device_memory`.

They are checked for the budget's own `batch`, `dtype` and `optimizer`, else for the settings of the
analysis; settings are looked at without such a limit too. A network is simulated only if its file
asks for it.
"""

from typing import TYPE_CHECKING

from convcalc.analysis.expectations import over_budget
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.findings import Finding, Severity, order
from convcalc.memory.budget_settings import chosen, idle
from convcalc.memory.precisions import numbers
from convcalc.network.expectations import MEMORIES
from convcalc.network.expectations import SETTINGS as SETTING_KEYS
from convcalc.network.record import Expectation
from convcalc.quantity import few_bytes

if TYPE_CHECKING:
    from convcalc.memory.fit import Simulation


def with_budgets(analysis: Analysis) -> Analysis:
    """The analysis with the findings of its memory budgets."""
    budget = {entry.key: entry for entry in analysis.network.budget}
    own = [key for key in SETTING_KEYS if key in budget]
    limited = any(key in budget for key in MEMORIES)
    if not (limited or own) or (analysis.broken and not own):
        return analysis
    settings, findings = chosen(analysis, budget, named=not analysis.broken)
    if analysis.broken:
        pass  # whatever the layers are, words of settings are right or wrong
    elif not findings and not limited:
        findings = [idle(analysis, [budget[key] for key in own])]
    elif not findings:
        weighed = analysis._replace(settings=settings)
        runs: dict[bool, Simulation] = {}
        for key in MEMORIES:
            if key in budget:
                findings += _exceeded(weighed, budget[key], runs)
        if "checkpoint" in budget:
            from convcalc.memory.segment_findings import overwriting  # for few files

            findings += overwriting(weighed)
    return analysis._replace(findings=order((*analysis.findings, *findings)))


def _exceeded(
    analysis: Analysis, entry: Expectation, runs: "dict[bool, Simulation]"
) -> list[Finding]:
    """The finding that a peak, or what a device will show, is over its budget.

    `runs` holds the runs that budgets before it have asked for, by whether they learn.
    """
    from convcalc.memory.device import CONTEXT  # what follows is needed for few files
    from convcalc.memory.fit import Simulation

    assert isinstance(entry.value, int), "a budget of memory is in bytes"
    settings, limit = analysis.settings, entry.value
    learning = entry.key != "inference_memory" and settings.dtype not in INFERENCE_ONLY
    few = few_bytes(entry.key, limit) if entry.bare else ""
    asked = (few,) if few else ()
    run = runs.get(learning)
    if run is None:
        run = runs[learning] = Simulation(analysis, learning)
    parts = settings.accumulate if learning else 1
    batch = settings.batch // parts
    how = f"batch {settings.batch}, {numbers(settings)}"
    how += f", {settings.optimizer}" if learning else ""
    if entry.key != "device_memory":
        actual = run.peak(batch)
        if actual <= limit:
            return []
        most = run.largest_logical(limit) * parts
        help = (
            f"batch {most} is the largest within it"
            if most
            else f"not even batch {run.least * parts} is within it"
        )
        return [over_budget(analysis.network, entry, actual, f" bytes with {how}", (*asked, help))]
    needs = run.needs(batch, CONTEXT)
    if needs.high <= limit:
        return []
    most = run.largest_sure(limit, CONTEXT) * parts
    help = (
        f"batch {most} surely fits" if most else f"not even batch {run.least * parts} surely fits"
    )
    surely = needs.low > limit
    found = over_budget(
        analysis.network,
        entry,
        needs.low if surely else needs.high,
        f" bytes {'or more' if surely else 'at worst'} with {how}",
        (*asked, help),
    )
    return [found if surely else found._replace(severity=Severity.WARNING)]
