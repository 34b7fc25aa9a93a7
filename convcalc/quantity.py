"""Quantities: counts with K, M, G (decimal) and bytes with KB (decimal) or KiB (binary) units."""

import re

_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BYTES = {
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}
_QUANTITY = r"((?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?)\s*([A-Za-z]*)\Z"


def parse_count(text: str) -> int | None:
    """A count such as ``138357544``, ``140M`` or ``15.5G``; None where it is none.

    >>> parse_count("140M"), parse_count("1.5K"), parse_count("1.5"), parse_count("12GiB")
    (140000000, 1500, None, None)
    """
    return _parse(text, _COUNTS)


def parse_bytes(text: str) -> int | None:
    """A number of bytes such as ``12GiB``, ``1.2GiB`` or ``602112``; None where it is none.

    A part of a byte is left out, but there are no ``1.5`` bytes.

    >>> parse_bytes("12GiB"), parse_bytes("1.3KiB"), parse_bytes("1.5"), parse_bytes("80M")
    (12884901888, 1331, None, None)
    """
    return _parse(text, {**_BYTES, "": 1}, whole=False)


def _parse(text: str, units: dict[str, int], whole: bool = True) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 18 and text[0] != "0":
        return int(text)
    match = re.match(_QUANTITY, text.strip())
    if not match or match[2].lower() not in units:
        return None
    from fractions import Fraction

    unit = units[match[2].lower()]
    value = Fraction(match[1]) * unit
    return int(value) if value.denominator == 1 or (unit > 1 and not whole) else None


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 row``, ``2 rows``, ``2 axes``."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-2] + "es" if noun.endswith("axis") else noun + "s"
    return f"{number:,} {plural}"
