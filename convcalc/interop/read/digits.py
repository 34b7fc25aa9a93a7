"""Numbers as text formats write them: what is none is said, not passed on to Python."""

import re

_INTEGER = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_REAL = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})", re.ASCII)


def integer(text: str, largest: int) -> int | None:
    """An integer from -`largest` to `largest`; None where the text is none.

    >>> integer("-12", 100), integer("--12", 100), integer("120", 100)
    (-12, None, None)
    """
    number = int(text) if _INTEGER.fullmatch(text) else None
    return number if number is not None and abs(number) <= largest else None


def decimal(text: str) -> float | None:
    """A decimal number without an exponent; None where the text is none.

    >>> decimal("-.5"), decimal("+-5")
    (-0.5, None)
    """
    return float(text) if _DECIMAL.fullmatch(text) else None


def real(text: str) -> float | None:
    """A decimal number with or without an exponent; None where the text is none.

    >>> real("1e-4"), real("1_0")
    (0.0001, None)
    """
    return float(text) if _REAL.fullmatch(text) else None
