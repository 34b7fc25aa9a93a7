"""What a plain scalar means: YAML 1.2's core schema, and nothing that two parsers read apart.

``010`` is 8 to one parser and 10 to another, ``1:30`` is 90, ``no`` is false: such text is a
finding, never a guess.
"""

import re
from functools import lru_cache

Plain = int | float | bool | str | None

_INTEGER = r"[-+]?(0|[1-9][0-9]*)\Z"
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"
_AMBIGUOUS = (
    r"[-+]?(0[0-9_]+|[0-9][0-9_]*(:[0-9]+)+|[0-9]+_[0-9_]*|0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+)\Z"
)
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_OLD_BOOLEANS = frozenset(
    form for word in ("yes", "no", "on", "off") for form in (word, word.title(), word.upper())
)
_MOST_DIGITS = 18
_LARGEST = 1.7e308
#: what all numbers are made of, and all that a parser could take for one but 0x1F, 0b1 and 0o7
_NUMERIC = "0123456789+-._:eE"
_BASES = ("0x", "0b", "0o")


class AmbiguousError(Exception):
    """Text that YAML parsers read differently; the message says how to write it."""


@lru_cache(maxsize=65536)
def resolve(text: str) -> Plain:
    """The value of an unquoted scalar.

    Raises:
        AmbiguousError: the text means different things to different parsers, or is too long.

    >>> resolve("3"), resolve("0.5"), resolve("true"), resolve("same")
    (3, 0.5, True, 'same')
    """
    if text.isascii() and text.isdigit() and (text[0] != "0" or text == "0"):
        return _integer(text)
    if text in _WORDS:
        return _WORDS[text]
    if text in NULLS:
        return None
    if text in _OLD_BOOLEANS:
        word = "true" if text.lower() in {"yes", "on"} else "false"
        raise AmbiguousError(f"`{text}` is a boolean in YAML 1.1: write {word}, or quote it")
    whole, point, decimals = text.partition(".")
    if point and whole.isdigit() and decimals.isdigit() and text.isascii():
        return _float(text)
    if text.strip(_NUMERIC) and not text.lstrip("+-").startswith(_BASES):
        return text  # the patterns below are compiled only where a number is possible
    if re.match(_INTEGER, text):
        return _integer(text)
    if re.match(_AMBIGUOUS, text):
        raise AmbiguousError(
            f"{_brief(text)} is read differently by YAML parsers: {_plainly(text)}"
        )
    if re.match(_FLOAT, text):
        return _float(text)
    return text


def yaml_1_1(text: str) -> str:
    """What a word that should be text is to YAML 1.1, which most parsers still read.

    >>> yaml_1_1("on")
    '`on` is a boolean in YAML 1.1: quote it'
    """
    boolean = text in _OLD_BOOLEANS
    what = "a boolean in YAML 1.1" if boolean else "a number to some YAML parsers"
    return f"`{_brief(text)}` is {what}: quote it"


def safely(text: str) -> str:
    """A name as a file has to write it: in quotes where parsers read it apart.

    >>> safely("conv1"), safely("0"), safely("0_2"), safely("no")
    ('conv1', '0', '"0_2"', '"no"')
    """
    try:
        resolve(text)
    except AmbiguousError:
        return f'"{text}"'
    return text


def _integer(text: str) -> int:
    digits = len(text.lstrip("+-"))
    if digits > _MOST_DIGITS:
        raise AmbiguousError(f"a number of {digits} digits: at most {_MOST_DIGITS} are read")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if abs(number) > _LARGEST or (not number and re.search("[1-9]", text.lower().split("e")[0])):
        raise AmbiguousError(f"{_brief(text)} is beyond what a float holds, 1e-308 to 1.7e308")
    return number


def _brief(text: str) -> str:
    return text if len(text) <= 24 else text[:24] + "..."


def _plainly(text: str) -> str:
    if ":" in text:
        return "quote it if it is text"
    digits = text.replace("_", "").lstrip("+-")
    if digits.isdigit():
        return f"write {digits.lstrip('0') or '0'}" if len(digits) <= _MOST_DIGITS else "write less"
    return "write a plain decimal number"
