"""Settings that change nothing in an answer: refused, so that nobody counts on them."""

from collections.abc import Collection

from convcalc.analysis.settings import Settings
from convcalc.memory.settings import SETTINGS, asked_of, without_effect
from convcalc.study.errors import RequestError


def refuse_without_effect(settings: Settings, where: str) -> None:
    """Refuse what the notes' rule of thumb alone counts, where exact numbers are shown.

    Raises:
        RequestError: there is such a setting; `where` is what shows the numbers.
    """
    idle = without_effect(asked_of(settings), where)
    if idle:
        raise RequestError(idle)


def refuse_all(settings: Settings, what: str, used: Collection[str] = ()) -> None:
    """Refuse every setting beside `what`, such as counts of other tools, but for those `used`.

    Raises:
        RequestError: there is one.
    """
    asked = asked_of(settings)
    for setting in SETTINGS:
        if setting.name in asked and setting.name not in used:
            flag = setting.flag.partition("/")[0]
            raise RequestError(f"{flag} changes nothing in {what}: leave it out")
