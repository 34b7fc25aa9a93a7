"""The settings that a budget of memory is checked with: its own, else those of the analysis."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY, Settings
from convcalc.findings import Finding, Severity, plain
from convcalc.memory.precisions import mode_of, numbers
from convcalc.memory.settings import NULL, OFF, SETTINGS, Setting, asked_of, complaint, completed
from convcalc.network.expectations import MEMORIES
from convcalc.network.expectations import SETTINGS as SETTING_KEYS
from convcalc.network.record import Expectation
from convcalc.records import NamedTuple

_MORE = "`convcalc explain memory` says more"


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
    used, findings = chosen(analysis, budget)
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


def settings_faults(analysis: Analysis, named: bool = False) -> list[Finding]:
    """What is wrong with the settings that a file's budget states, whatever its layers are.

    `named`: or with the layers that its segments name too.
    """
    budget = {entry.key: entry for entry in analysis.network.budget}
    if budget.keys().isdisjoint(SETTING_KEYS):
        return []
    return chosen(analysis, budget, named)[1]


def chosen(
    analysis: Analysis, budget: dict[str, Expectation], named: bool = True
) -> tuple[Settings, list[Finding]]:
    """The budget's settings over the given ones, and what is wrong with them.

    `named`: whether the layers of segments are looked for, which a broken net may lack.
    """
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
    if not conflict and settings.checkpoint and named:
        from convcalc.memory.segments_named import SegmentError, spans  # for few files

        try:
            spans(analysis.network, settings.checkpoint)
        except SegmentError as error:
            entry = budget.get("checkpoint", next(iter(budget.values())))
            text = error.repaired(settings.checkpoint)
            help = f"did you mean `{text}`?" if text and "checkpoint" in own else _MORE
            return settings, [_bad(analysis, entry, error.wrong if text else str(error), help)]
    if conflict:
        return settings, [_bad(analysis, budget[next(iter(own))], conflict, _MORE)]
    return settings, []


def idle(analysis: Analysis, entries: list[Expectation]) -> Finding:
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
        return _of_rule(analysis, entry, wrong)
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
    from convcalc.choices import meant  # for few files

    close = " or ".join(f"`{name}`" for name in meant(word, setting.words))
    help = f"did you mean {close}?" if close else f"known: {', '.join(setting.words)}"
    return _bad(analysis, entry, f"no {setting.name} {word!r}", help)


def _of_rule(analysis: Analysis, entry: Expectation, wrong: str) -> Finding:
    """A text that names no rule nor segments."""
    from convcalc.memory.segments_named import rule_meant  # for few files

    rule = rule_meant(str(entry.value))
    help = f"did you mean `{rule}`?" if rule else "`checkpoint: every-block`"
    wrong = f"no rule {str(entry.value)!r}" if rule else wrong
    return _bad(analysis, entry, f"{entry.key}: {plain(wrong)}", help)


def _bad(analysis: Analysis, entry: Expectation, message: str, help: str) -> Finding:
    path, span = analysis.network.source.path, entry.span
    return Finding("CC014", Severity.ERROR, message, path, span, "", help=(help,))
