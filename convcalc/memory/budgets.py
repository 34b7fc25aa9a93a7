"""Budgets of memory in a spec: `inference_memory`, `training_memory`, `device_memory`.

They are checked for the budget's own `batch`, `dtype` and `optimizer`, else for the settings of the
analysis; settings are looked at without such a limit too. A network is simulated only if its file
asks for it.
"""

from typing import TYPE_CHECKING, Any

from convcalc.analysis.expectations import over_budget
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY, Settings
from convcalc.findings import Finding, Severity, order, plain
from convcalc.memory.precisions import mode_of, numbers
from convcalc.memory.settings import NULL, OFF, SETTINGS, Setting, asked_of, complaint, completed
from convcalc.network.expectations import MEMORIES
from convcalc.network.expectations import SETTINGS as SETTING_KEYS
from convcalc.network.record import Expectation
from convcalc.quantity import few_bytes
from convcalc.records import NamedTuple

if TYPE_CHECKING:
    from convcalc.memory.fit import Simulation

_MORE = "`convcalc explain memory` says more"


def with_budgets(analysis: Analysis) -> Analysis:
    """The analysis with the findings of its memory budgets."""
    budget = {entry.key: entry for entry in analysis.network.budget}
    own = [key for key in SETTING_KEYS if key in budget]
    limited = any(key in budget for key in MEMORIES)
    if analysis.broken or not (limited or own):
        return analysis
    settings, findings = _chosen(analysis, budget)
    if not findings and not limited:
        findings = [_idle(analysis, [budget[key] for key in own])]
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


class Own(NamedTuple):
    """A setting that a budget of memory states otherwise than it was given."""

    setting: Setting
    value: object
    given: object
    is_default: bool
    """Whether nobody asked for what was given."""


def own_settings(analysis: Analysis) -> list[Own]:
    """What a budget of memory is checked with that is not as it was given.

    Numbers are compared by what they are: `dtype: float16` is the precision fp16. What follows from
    another setting, as a batch from `accumulate`, is not named. Nothing of a budget that is not
    checked.
    """
    budget = {entry.key: entry for entry in analysis.network.budget}
    if (
        analysis.broken
        or budget.keys().isdisjoint(MEMORIES)
        or budget.keys().isdisjoint(SETTING_KEYS)
    ):
        return []
    given = analysis.settings
    asked_for = asked_of(given)
    used, findings = _chosen(analysis, budget)
    if findings:
        return []
    found = []
    for setting in SETTINGS:
        name = setting.name
        if name in budget and name not in _NUMBERS:
            value, asked = (_unless_off(name, getattr(one, name)) for one in (used, given))
            if value != asked:
                found.append(Own(setting, value, asked, name not in asked_for))
        elif name == _NUMBERS[0] and mode_of(used) != mode_of(given):
            by_name = mode_of(used).name if used.precision or given.precision else ""
            key = _NUMBERS[bool(by_name)]
            one = next(setting for setting in SETTINGS if setting.name == key)
            usual = mode_of(given) == mode_of(Settings())
            found.append(Own(one, by_name or used.dtype, numbers(given), usual))
    return found


def _unless_off(name: str, value: object) -> object:
    """A setting's value; '' for all that turn off what may be off."""
    return "" if name in NULL and value in {OFF, None} else value


#: settings of which each alone says what the numbers are
_NUMBERS = ("dtype", "precision")


def replaced_settings(analysis: Analysis, asked: frozenset[str] = frozenset()) -> str:
    """What was given and a budget of memory has otherwise: "batch 32, not 64"; '' for nothing.

    `asked`: the settings that were asked for, though they may be what they are without it.
    """
    if not asked.isdisjoint(_NUMBERS):
        asked = asked.union(_NUMBERS)
    return ", ".join(
        f"{one.setting.name} {_said(one.value)}, not {_said(one.given)}"
        if one.value
        else f"no {one.setting.name}"
        for one in own_settings(analysis)
        if not one.is_default or one.setting.name in asked
    )


def _said(value: object) -> str:
    """A setting's value in words."""
    return f"{value:,}" if isinstance(value, int) else plain(str(value))


def _chosen(analysis: Analysis, budget: dict[str, Expectation]) -> tuple[Settings, list[Finding]]:
    """The budget's settings over the given ones, and what is wrong with them."""
    found: list[Finding] = []
    own: dict[str, Any] = {}
    for setting in SETTINGS:
        entry = budget.get(setting.name)
        if entry is None:
            continue
        value = _typed(setting, entry.value)
        wrong = complaint(setting, value)
        if wrong:
            found.append(_refused(analysis, entry, setting, wrong))
        own[setting.name] = value
    training = budget.get("training_memory")
    dtype = own.get("dtype", analysis.settings.dtype)
    if training is not None and dtype in INFERENCE_ONLY:
        text = f"{dtype} is for inference: there is no training to budget"
        found.append(_bad(analysis, training, text, "`inference_memory` takes it"))
    if found:
        return analysis.settings, found
    given = analysis.settings._replace(**own)
    if "precision" in own or "dtype" in own:
        given = given._replace(
            precision=own.get("precision", ""), dtype=own.get("dtype", Settings().dtype)
        )
    # a batch that nobody asked for follows from `accumulate`, here as on the command line
    asked = {*own, "batch"} if "batch" in asked_of(analysis.settings) else own
    settings, conflict = completed(given, asked)
    if not conflict and settings.checkpoint:
        from convcalc.memory.segments_named import fault  # for few files

        misplaced = fault(analysis.network, settings.checkpoint)
        if misplaced:
            entry = budget.get("checkpoint", next(iter(budget.values())))
            return settings, [_bad(analysis, entry, misplaced, _MORE)]
    if conflict:
        return settings, [_bad(analysis, budget[next(iter(own))], conflict, _MORE)]
    return settings, []


def _idle(analysis: Analysis, entries: list[Expectation]) -> Finding:
    """Settings without a limit that they are for: nothing is checked with them."""
    named = ", ".join(entry.key for entry in entries)
    them = "it" if len(entries) == 1 else "them"
    text = f"{named}: no limit of memory in `budget` to check with {them}"
    help = (
        f"`training_memory: 8GiB` beside {entries[0].key} is one, or {' or '.join(MEMORIES[::2])}"
    )
    found = _bad(analysis, entries[0], text, help)
    return found._replace(severity=Severity.WARNING)


def _typed(setting: Setting, value: object) -> object:
    """An entry's value in the type of its setting."""
    if isinstance(setting.default, bool):
        return {"true": True, "false": False}.get(str(value).lower(), value)
    if isinstance(setting.default, float):
        try:
            return float(str(value))
        except ValueError:
            return value
    return value


def _refused(analysis: Analysis, entry: Expectation, setting: Setting, wrong: str) -> Finding:
    """A value that a setting does not take."""
    if setting.check:
        return _bad(analysis, entry, f"{setting.name}: {plain(wrong)}", "`checkpoint: every-block`")
    if isinstance(setting.default, bool):
        wrong = f"expected true or false, got {plain(str(entry.value))!r}"
        return _bad(analysis, entry, f"{setting.name}: {wrong}", f"`{setting.name}: true`")
    if isinstance(setting.default, float):
        example = f"`{setting.name}: 0.01`"
        return _bad(analysis, entry, f"{setting.name}: {plain(wrong)}", example)
    if not setting.choices:
        wrong = wrong.replace("positive integer", "positive count")
        return _bad(analysis, entry, f"{setting.name}: {plain(wrong)}", f"`{setting.name}: 1`")
    word = plain(str(entry.value))
    from convcalc.suggest import nearest

    close = nearest(word, setting.choices)
    help = f"did you mean `{close}`?" if close else f"known: {', '.join(setting.choices)}"
    return _bad(analysis, entry, f"no {setting.name} {word!r}", help)


def _bad(analysis: Analysis, entry: Expectation, message: str, help: str) -> Finding:
    path, span = analysis.network.source.path, entry.span
    return Finding("CC014", Severity.ERROR, message, path, span, "", help=(help,))


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
