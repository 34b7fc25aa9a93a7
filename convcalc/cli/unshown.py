"""What is asked of `analyze` and has no place in the table that answers: refused, not dropped."""

from collections.abc import Mapping

import click

from convcalc.cli.options import asked_names
from convcalc.memory.settings import BY_RULE, OFF, SETTINGS
from convcalc.report.formats import FORMATS

_WHOLE = ("analysis.text", "analysis.json")
_TABLES = ("analysis.text", "analysis.csv", "analysis.markdown")
_COUNTED = (*_WHOLE, "analysis.csv", "analysis.markdown", "counts.text", "counts.markdown")
#: what is shown on request, and the renderers that have a place for it
_SHOWN_IN = {
    **dict.fromkeys(("timeline", "arena", "im2col"), _WHOLE),
    **dict.fromkeys(("columns", "sort"), _TABLES),
    "as": _COUNTED,
    "expand": ("analysis.json", "analysis.listing", *_TABLES),
}
_EXACT = frozenset(setting.name for setting in SETTINGS if setting.name not in BY_RULE)
#: the settings that renderers use which do not use all
_USED_IN = {
    "analysis.family": _EXACT,
    "analysis.listing": frozenset({"dtype", "precision"}),
    **dict.fromkeys(
        ("analysis.csv", "analysis.markdown", "analysis.side_by_side", "counts.text",
         "counts.markdown"), frozenset[str](),
    ),
}  # fmt: skip
_BY_RULE = "only the notes' rule of thumb counts it, which the text of one net shows"
_ELSEWHERE = "leave it out, or choose --format text or json"
_WHAT = {
    "analyze --as all": "--as all",
    "analyze --net FAMILY": "several variants in one table",
    "analyze --side-by-side": "--side-by-side",
}


def refuse_unshown(subject: str, form: str, asked: Mapping[str, object], limited: bool) -> None:
    """Refuse what would not be in the tables that are asked for.

    Args:
        subject: which table of renderers answers.
        form: the renderer's name.
        asked: what is shown on request.
        limited: whether a spec has a budget of memory, which the settings are used for.

    Raises:
        click.UsageError: an option that would do nothing.
    """
    renderer = FORMATS[subject][form]
    own = renderer == FORMATS["analyze"].get(form)
    what = f"--format {form}" if own else _WHAT[subject]
    for option, renderers in _SHOWN_IN.items():
        if asked[option] and renderer not in renderers:
            raise click.UsageError(f"--{option} does not go with {what}")
    used = _USED_IN.get(renderer)
    if renderer == "analysis.text" and asked["timeline"]:
        used, what = _EXACT, "--timeline"
    if limited and used is not None:
        used = _EXACT
    if used is not None:
        refuse_settings(what, used, _BY_RULE if used is _EXACT else _ELSEWHERE if own else "")


def refuse_settings(what: str, used: frozenset[str] = frozenset(), hint: str = "") -> None:
    """Refuse settings that are asked for and that change nothing in `what`.

    Raises:
        click.UsageError: there is one; `hint` is what to type instead.
    """
    given = click.get_current_context().params
    asked = asked_names([*(setting.name for setting in SETTINGS), "foreach"])
    for setting in SETTINGS:
        name, value = setting.name, given[setting.name]
        same = value == setting.default or (not setting.default and value in (None, OFF))
        if name in asked and name not in used and not same:
            raise click.UsageError(_idle(setting.flag, what, hint))
    if "foreach" in asked and given["foreach"] is False and "optimizer_impl" not in used:
        raise click.UsageError(_idle("--loop", what, hint))


def _idle(flag: str, what: str, hint: str) -> str:
    return f"{flag} changes nothing in {what}: {hint or 'leave it out'}"
