"""A figure as people quote it: ``4.12G``, ``25.6M``, ``98MB``; and the numbers it stands for."""

import re
from typing import NamedTuple

from convcalc.findings import brief

_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "bn": 10**9, "t": 10**12}
_BYTES = {
    "kb": (10**3, 2**10),
    "mb": (10**6, 2**20),
    "gb": (10**9, 2**30),
    "kib": (2**10,),
    "mib": (2**20,),
    "gib": (2**30,),
}
_FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3}){1,5}|\d{1,18}(?:\.(?P<decimals>\d{1,9}))?)\s*+"
    r"(?P<unit>kib|mib|gib|kb|mb|gb|bn|[kmgbt]?)"
    r"\s*+(?:macs?|flops?|mult-adds|macts|ops|params?|parameters|bytes)?+\s*+\Z",
    re.I | re.A,
)


class FigureError(ValueError):
    """A text that is no figure; the message says what one looks like."""


class Figure(NamedTuple):
    """A number with as many digits as were given."""

    text: str
    digits: int
    """The number without its decimal point: 412 for 4.12."""
    tens: int
    """What its last digit is a part of: 100 for 4.12."""
    scales: tuple[int, ...]
    """What one is: 10^9 for G; for MB both 10^6 and 2^20."""
    is_bytes: bool

    def exactly(self) -> bool:
        """Whether it is given to the last digit."""
        return self.scales == (1,)

    def is_rounded(self, number: int, scale: int) -> bool:
        """Whether a number, rounded to the figure's digits, is the figure; a half goes both ways.

        >>> figure("4.12G").is_rounded(4121925096, 10**9)
        True
        """
        return 2 * abs(number * self.tens - self.digits * scale) <= scale

    def is_cut(self, number: int, scale: int) -> bool:
        """Whether a number, cut to the figure's digits, is the figure, as papers often print it.

        >>> figure("3.8G").is_cut(3857973248, 10**9)
        True
        """
        return number * self.tens // scale == self.digits

    def distance(self, number: int) -> int:
        """How far a number is from the figure, in whole units."""
        return min(abs(number - self.digits * scale // self.tens) for scale in self.scales)


def figure(text: str) -> Figure:
    """Read a figure.

    Raises:
        FigureError: it is none.

    >>> figure("25.6M").scales, figure("98 MB").is_bytes, figure("8.2 GFLOPs").tens
    ((1000000,), True, 10)
    """
    match = _FIGURE.match(text.strip()) if len(text) <= 40 else None
    if match is None:
        such = "expected a figure such as 4.12G, 25.6M, 98MB or 25,557,032"
        raise FigureError(f"{such}, got {brief(text, 40)!r}")
    number, unit = match["number"].replace(",", ""), match["unit"].lower()
    decimals = len(match["decimals"] or "")
    if decimals and not unit:
        raise FigureError(f"{number} of what: give its unit, such as {number}G or {number}M")
    scales = _BYTES.get(unit) or (_COUNTS[unit],)
    whole = int(number.replace(".", ""))
    if not whole:
        raise FigureError("every empty net prints 0: give a figure above it")
    return Figure(text.strip(), whole, 10**decimals, scales, unit in _BYTES)
