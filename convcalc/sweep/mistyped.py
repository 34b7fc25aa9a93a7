"""Values of an axis in the notation of other tools: ranges and lists."""

import re
from collections.abc import Callable

from convcalc.escape import shown
from convcalc.memory.settings import SETTINGS

_NUMBER = "(-?[0-9]{1,18})"
_SPAN = re.compile(
    rf"{_NUMBER} *(?:-|\u2013|\u2014|:|[.][.]+|\u2026|to) *{_NUMBER}"
    r"(?: *(?:/|:|[.][.]+|step|by) *([0-9]{1,18}))?",
    re.ASCII | re.IGNORECASE,
)
_CALL = re.compile(rf"(?:range|arange)?\( *{_NUMBER} *, *{_NUMBER} *(?:, *([0-9]{{1,18}}) *)?\)")
_OURS = re.compile(rf"{_NUMBER}[.][.]{_NUMBER}(?:/[0-9]+)?", re.ASCII)
_LIST = re.compile(r"[\[({] *(-?[0-9.]+(?: *, *-?[0-9.]+)*) *,? *[\])}]", re.ASCII)
_ROW = re.compile(rf"{_NUMBER}(?:(?: +| *[;|] *){_NUMBER})+", re.ASCII)


def complaint(text: str) -> str:
    """What to say of values in another notation; '' where they are in none.

    >>> complaint("16-64")
    "'16-64' is not a range: write 16..64, or 16..64/8 for steps of 8"
    """
    meant = range_meant(text)
    if meant and not _OURS.fullmatch(text):
        by = next((f"/{n}" for n in (8, 4, 2) if not _distance(meant) % n), "")
        step = f", or {meant}{by} for steps of {by[1:]}" if by and "/" not in meant else ""
        return f"{shown(text)} is not a range: write {meant}{step}"
    meant = "" if meant else values_meant(text)
    return f"{shown(text)} is not a list of values: write {meant}" if meant else ""


#: what nets cost in other tools' reports
FLOPS = frozenset({"flop", "flops", "kflops", "mflops", "gflops", "tflops", "madds", "mult_adds"})


def word_hint(name: str) -> str:
    """What to say of a setting where a number of a row is asked for, or of FLOPs; else ''."""
    if name.lower() in FLOPS:
        single = "" if "flop" in name.lower() else " the same"
        return f"`macs` are{single or ' there, each of which is two FLOPs'}"
    found = next((one for one in SETTINGS if one.name == name), None)
    if found is None:
        return ""
    if isinstance(found.default, bool) or not isinstance(found.default, int | float):
        return f"{name} is a setting, and no number that rows have"
    several = "1,8" if isinstance(found.default, int) else "0,1e-4"
    option = f"--{name.replace('_', '-')}"
    return f"it is a setting, which `{option} {several}` varies, in a column of its own"


def _distance(meant: str) -> int:
    first, _, last = meant.partition("/")[0].partition("..")
    return int(last) - int(first)


def range_meant(word: str) -> str:
    """The range that a word of another notation means, such as ``16-64``; '' for none.

    >>> range_meant("16-64"), range_meant("64:16:8"), range_meant("conv3-64")
    ('16..64', '16..64/8', '')
    """
    found = _SPAN.fullmatch(word.strip())
    return _range(found[1], found[2], found[3]) if found else ""


def values_meant(text: str) -> str:
    """The values that a text of another notation means, such as ``[16, 32]``; '' for none.

    >>> values_meant("[16, 32]"), values_meant("16 32"), values_meant("range(16, 65, 16)")
    ('16,32', '16,32', '16..64/16')
    """
    text = text.strip()
    tried: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_LIST, lambda found: re.sub(" ", "", found[1])),
        (_ROW, lambda found: re.sub("[ ;|]+", ",", found[0])),
    )
    call = _CALL.fullmatch(text)
    if call is not None and text[0] in "ra":
        numbers = range(int(call[1]), int(call[2]), int(call[3] or 1) or 1)
        return _range(str(numbers[0]), str(numbers[-1]), call[3]) if numbers else ""
    return next((write(m) for one, write in tried if (m := one.fullmatch(text))), "")


def _range(first: str, last: str, step: str | None) -> str:
    """A range as it is written; it goes up, and its step may leave its end out."""
    low, high = sorted((int(first), int(last)))
    by = int(step or 1) or 1
    high -= (high - low) % by
    return f"{low}..{high}{f'/{by}' if by > 1 else ''}"


def in_python(text: str) -> str:
    """What a text of several values is in Python; '' for any other text.

    >>> in_python("16..64/8"), in_python("1-3"), in_python("2, 4"), in_python("conv3-64")
    ('range(16, 65, 8)', 'range(1, 4)', '[2, 4]', '')
    """
    text = text.strip()
    if found := _SPAN.fullmatch(range_meant(text) or values_meant(text)):
        step = f", {found[3]}" if found[3] else ""
        return f"range({found[1]}, {int(found[2]) + 1}{step})"
    listed = _LIST.fullmatch(text) or _LIST.fullmatch(f"[{text}]")
    numbers = re.split(" *, *", listed[1]) if listed else []
    return f"[{', '.join(numbers)}]" if len(numbers) > 1 else ""
