"""What `check` leaves aside and says so: an `expect`; settings where a budget has its own."""

from collections.abc import Iterable

from convcalc.memory.settings import SETTINGS, asked_of
from convcalc.study.outcome import Case


def left_aside(cases: Iterable[tuple[str, bool]]) -> list[str]:
    """A remark about nets that expect something, none of whose cases is the file as written.

    `cases`: what each net is called, and whether what it expects was left aside.
    """
    aside: dict[str, bool] = {}
    for path, left in cases:
        aside[path] = left and aside.get(path, True)
    named = [path for path, left in aside.items() if left]
    if not named:
        return []
    return [
        f"Note: {_first(named)}: `expect` holds for the file as it is written, it was not compared "
        "under --input, --set or --rounding"
    ]


def replaced(cases: Iterable[tuple[str, str]]) -> list[str]:
    """A remark about nets whose budgets were checked with settings of their own.

    `cases`: what each net is called, and which settings its budget has others for.
    """
    named: dict[str, str] = {}
    for path, words in cases:
        if words:
            named.setdefault(path, words)
    if not named:
        return []
    words = next(iter(named.values()))
    return [f"Note: {_first(list(named))}: `budget` is checked with its own settings: {words}"]


def unused(cases: Iterable[Case]) -> list[str]:
    """A remark about settings of nets whose memory nothing limits."""
    asked = {name for case in cases for name in asked_of(case.settings)}
    named = [setting.name for setting in SETTINGS if setting.name in asked]
    if not named:
        return []
    do = "changes" if len(named) == 1 else "change"
    return [
        f"Note: {' and '.join(named)} {do} nothing: no memory is limited, by "
        "`--max-training-memory` or a spec's `budget: {training_memory: 8GiB}`"
    ]


def _first(paths: list[str]) -> str:
    """One net by its name, and how many others there are."""
    first, *more = paths
    return f"{first} and {len(more):,} more" if more else first
