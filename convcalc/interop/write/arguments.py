"""Numbers in bodies of code: which may become arguments, and how those are written."""

import re

from convcalc.interop.fold.tree import Slot

NUMBER = re.compile(r"(?<!e-)(?<![\w.\"'\[:@])\d+(?![\w.\"'\]@])")
_KEYWORD = re.compile(r"(\w+)=\(?$")
_ROLES = {"kernel_size": "kernel", "pool_size": "kernel", "padding": "pad", "strides": "stride"}


def argument(name: str, value: object) -> str:
    """An argument of a call: channels by their place, everything else by its name."""
    return str(value) if name.startswith(("width", "out")) else f"{name}={value}"


def slots_of(text: str, channels: int) -> list[Slot]:
    """The numbers of a body, each by what it is; `channels` arrive at it."""
    found = []
    for match in NUMBER.finditer(text):
        word = _KEYWORD.search(text, 0, match.start())
        keyword = word[1] if word and word.end() == match.start() else ""
        role = _ROLES.get(keyword, keyword) or "filters"
        found.append(Slot(role, int(match[0]), channels, role == "filters"))
    return found


def formula(expr: object) -> str:
    """A formula as Python."""
    text = str(expr).removeprefix("=")
    return text.replace("//", " // ").replace("*", " * ")
