"""Numbers in bodies of code: which may become arguments, and how those are written."""

import re

from convcalc.interop.fold.tree import Slot
from convcalc.interop.write.words import keyword_before

NUMBER = re.compile(r"(?<!e-)(?<![\w.\"'\[:@])\d+(?![\w.\"'\]@])")
_ROLES = {"kernel_size": "kernel", "pool_size": "kernel", "padding": "pad", "strides": "stride"}


def in_order(params: tuple[tuple[str, object], ...]) -> list[int]:
    """Positions of the arguments as Python wants them: by place, by name, those with a default."""
    return sorted(range(len(params)), key=lambda n: (params[n][1] is not None, _named(params[n])))


def argument(param: tuple[str, object], value: object) -> str:
    """An argument of a call: channels that every call gives by their place, all else by name."""
    return f"{param[0]}={value}" if _named(param) else str(value)


def _named(param: tuple[str, object]) -> bool:
    name, default = param
    return default is not None or not name.startswith(("width", "out"))


def slots_of(text: str, channels: int) -> list[Slot]:
    """The numbers of a body, each by what it is; `channels` arrive at it."""
    found = []
    for match in NUMBER.finditer(text):
        start = match.start()
        keyword = keyword_before(text, start - (text[start - 1 : start] == "("))
        role = _ROLES.get(keyword, keyword) or "filters"
        found.append(Slot(role, int(match[0]), channels, role == "filters"))
    return found


def formula(expr: object) -> str:
    """A formula as Python."""
    text = str(expr).removeprefix("=")
    return text.replace("//", " // ").replace("*", " * ")
