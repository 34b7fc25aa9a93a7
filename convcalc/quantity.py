"""Quantities: counts with K, M, G (decimal) and bytes with KB (decimal) or KiB (binary) units."""

import re
from typing import TYPE_CHECKING, Any

from convcalc.escape import shown

if TYPE_CHECKING:
    from fractions import Fraction

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
#: the fewest bytes that a number without a unit can mean, and the units of others
_WITHOUT_UNIT = {
    "memory": (2**20, "GiB", 1024, "MiB"),  # 24, and 24576 as nvidia-smi prints it
    "context": (2**20, "MiB", 2**20, "MiB"),
    "sram": (2**14, "KiB", 2**14, "KiB"),
    "flash": (2**14, "MiB", 32, "KiB"),
    "device_memory": (2**20, "GiB", 1024, "MiB"),
    "training_memory": (2**10, "GiB", 2**10, "GiB"),  # some nets have not much more
    "inference_memory": (2**10, "GiB", 2**10, "GiB"),
}
_QUANTITY = r"((?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?)\s*([A-Za-z]*)\Z"


def many_digits(value: object) -> str:
    """Why an integer is none that is read; '' for one of 18 digits, as specs have, and the rest.

    Products of a few such integers are within what a float holds, where shares are worked out.
    """
    long = isinstance(value, int) and abs(value) >= 10**18
    return "a number of more than 18 digits" if long else ""


def own(value: Any) -> Any:
    """A value with Python's numbers in place of NumPy's or PyTorch's, in lists and tables too.

    Of those a whole number in floating point is an integer: ``np.float64(4)`` is 4. Python's own
    floats stay: what takes integers alone asks `whole`.
    """
    if value is None or type(value) in {int, float, bool, str} or isinstance(value, type):
        return value  # a type such as np.float16 has the methods of its numbers, but no number
    if type(value) in {list, tuple}:
        return type(value)(map(own, value))
    if isinstance(value, dict):
        return {key: own(one) for key, one in value.items()}
    listed = getattr(value, "tolist", None)
    if callable(listed):
        return _whole_in(listed())
    from numbers import Integral  # for few values

    return int(value) if isinstance(value, Integral) else value


def whole(value: Any) -> Any:
    """The integer that a number in floating point is; every other value as it is.

    >>> whole(8e9), whole(0.5), whole(True), whole("8")
    (8000000000, 0.5, True, '8')
    """
    exact = isinstance(value, float) and abs(value) < 2**53  # larger ones skip integers
    return int(value) if exact and value == int(value) else value


def _whole_in(value: Any) -> Any:
    return [*map(_whole_in, value)] if isinstance(value, list) else whole(value)


LONG = "a number of thousands of digits"


def refuse_unprintable(value: object) -> None:
    """Refuse an integer so long that Python does not print it, alone or in a list or table.

    Raises:
        ValueError: there is one.
    """
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            refuse_unprintable(item)
    elif isinstance(value, int) and value.bit_length() > 4_000:
        raise ValueError(LONG)


def not_whole(value: object, least: int, most: int | None = None) -> str:
    """Why a value is no whole number within bounds; '' where it is one.

    >>> not_whole(0, 1), not_whole(-1, 0)
    ('expected a positive integer, got 0', 'expected an integer from 0, got -1')
    >>> not_whole(1000, 1, 99)
    'expected an integer from 1 to 99, got 1000'
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and value >= least and (most is None or value <= most):  # type: ignore[operator]
        return ""
    wanted = "a positive integer" if least == 1 else f"an integer from {least}"
    if most is not None:
        wanted = f"an integer from {least} to {most:,}"
    return f"expected {wanted}, got {shown(value)}"


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


#: An integer from here on is what a report says, no number of MiB.
_WORKED_OUT = 500_000


def bytes_of(name: str, given: int | str) -> int:
    """Bytes of a device's `memory`, `context` (CUDA's), `sram` or `flash`, or a limit of bytes.

    A number without a unit is bytes; one that is far too small was meant in another unit.

    Raises:
        ValueError: it is not a number of bytes, or a small one without a unit; says what to write.

    >>> bytes_of("memory", "24GiB"), bytes_of("memory", "8B")
    (25769803776, 8)
    >>> bytes_of("memory", 8)
    Traceback (most recent call last):
    ValueError: 8 is 8 bytes: write 8GiB, or 8B if bytes are meant
    """
    text = str(given).strip()
    found = given if type(given) is int else parse_bytes(text)
    if found is None:
        such = bytes_meant(text) or " such as 24GiB or 512KiB"
        raise ValueError(f"{given!r} is not a number of bytes{such}")
    few = few_bytes(name, found) if text.isdigit() else ""
    if type(given) is int and given >= _WORKED_OUT:
        return given
    if few:
        raise ValueError(few)
    return found


def few_bytes(name: str, given: "int | Fraction") -> str:
    """What to write in place of a number without a unit that is far too small; else ''.

    >>> few_bytes("training_memory", 40), few_bytes("training_memory", 4096)
    ('40 is 40 bytes: write 40GiB, or 40B if bytes are meant', '')
    """
    least, unit, above, other = _WITHOUT_UNIT[name]
    if not 0 < given < least:
        return ""
    text = str(given) if isinstance(given, int) else f"{float(given):g}"
    noun = counted(given, "byte") if isinstance(given, int) else f"{text} bytes"
    whole = f", or {text}B if bytes are meant" if isinstance(given, int) else ""
    return f"{text} is {noun}: write {text}{unit if given < above else other}{whole}"


def bytes_meant(text: str) -> str:
    """What was probably meant by a number with half of a unit of bytes; '' for other texts.

    >>> bytes_meant("8G"), bytes_meant("1.5Mi"), bytes_meant("8 apples")
    (': did you mean 8GiB or 8GB?', ': did you mean 1.5MiB?', '')
    """
    match = re.match(_QUANTITY, text.strip())
    unit = match[2].lower() if match else ""
    if match is None or f"{unit}b" not in _BYTES or not unit:
        return ""
    number, letter = match[1], unit[0].upper()
    decimal = f" or {number}{letter}B" if unit == unit[0] else ""
    return f": did you mean {number}{letter}iB{decimal}?"


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


#: with commas, underscores or blanks, of print too
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}([, _\u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3}){0,4}")


def without_commas(text: str) -> str:
    """A number as counts are printed, without its commas or blanks; '' where it is none.

    >>> without_commas("138,357,544"), without_commas("3,3"), without_commas("1024")
    ('138357544', '', '')
    >>> without_commas("138 357 544"), without_commas("138 357,544")
    ('138357544', '')
    """
    found = _THOUSANDS.fullmatch(text)
    return text.replace(found[1], "") if found else ""


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 row``, ``2 rows``, ``2 axes``, ``2 biases``."""
    if number == 1:
        return f"1 {noun}"
    stem, ending = (noun[:-2], "es") if noun.endswith("axis") else (noun, "s")
    plural = f"{stem}{'es' if stem.endswith('s') else ending}"
    return f"{number:,} {plural}"
