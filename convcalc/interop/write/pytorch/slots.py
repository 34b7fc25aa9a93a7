"""The values in a line of code that a spec may say as formulas, and whose options they are."""

import re
from functools import lru_cache
from typing import NamedTuple

from convcalc.interop.write.words import keyword_before
from convcalc.layers.option import Value

#: several numbers in brackets, a number, or a truth value; no part of a name or of a text
_VALUE = re.compile(
    r"(?<![\w)\]])\(\d+(?:, \d+)+\)"
    r"|(?<![\w.\"'@])(?:\d+\.\d+(?:e-?\d+)?|\d+(?:e-\d+)?)(?![\w.\"'@])"
    r"|\b(?:True|False)\b"
)
_MODULE = re.compile(r"(?:without\()?(?:nn\.)?([A-Za-z]+)")

#: what PyTorch's arguments are called in a spec
OPTIONS = {
    "kernel_size": "kernel",
    "stride": "stride",
    "padding": "pad",
    "dilation": "dilation",
    "groups": "groups",
    "output_padding": "output_pad",
    "bias": "bias",
    "p": "rate",
    "eps": "eps",
    "inplace": "in_place",
}
#: modules whose first argument by place is the channels that arrive, and those with two such
_CHANNELS = ("Conv", "Linear", "BatchNorm", "InstanceNorm", "LayerNorm", "PReLU", "Scale")
_TWO = ("Conv", "Linear")


class Slot(NamedTuple):
    """A value in a line."""

    start: int
    end: int
    keyword: str
    """'' where it is given by its place."""
    channels: str
    """``in`` for channels that arrive, ``out`` for those that leave, else ''."""
    value: Value


def slots(text: str) -> list[Slot]:
    """The values of a line, in order."""
    module = _MODULE.match(text)
    name = module[1] if module else ""
    own = re.match(r"[A-Z]\w*\(", text) is not None and name not in _CHANNELS  # a class of blocks
    found: list[Slot] = []
    placed = 0
    for match in _VALUE.finditer(text):
        keyword = keyword_before(text, match.start())
        channels = ""
        if not keyword:
            channels = _channels(name, placed) if not own else "in" * (not placed)
            placed += 1
        found.append(Slot(*match.span(), keyword, channels, _value(match[0])))
    return found


def _value(text: str) -> Value:
    """A number, several in brackets, or a truth value.

    `ast.literal_eval` leaves a circle of functions behind for each, a kilobyte: of a long net some
    hundred megabytes.
    """
    if text[0] == "(":
        return tuple(map(int, text[1:-1].split(",")))
    if text[0].isalpha():
        return text == "True"
    return float(text) if "." in text or "e" in text else int(text)


def _channels(module: str, placed: int) -> str:
    if module.startswith("GroupNorm"):
        return "in" if placed == 1 else ""
    if placed == 0 and module.startswith(_CHANNELS):
        return "in"
    return "out" if placed == 1 and module.startswith(_TWO) else ""


@lru_cache(1000)  # most lines are those of other calls
def masked(text: str) -> str:
    """A line without its values: what lines of one form have in common."""
    return _VALUE.sub("#", text)


def filled(text: str, values: list[str]) -> str:
    """A line with other values."""
    rest = iter(values)
    return _VALUE.sub(lambda _: next(rest), text)
