"""JSON as every format of ours writes it: letters as they are, and numbers that JSON has."""

import json
from math import isfinite

_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_PAGE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=1)

#: A value on one line. NaN and Infinity, which no reader of JSON takes, are refused.
encoded = _LINE.encode

#: A value on many lines, indented by one.
encoded_page = _PAGE.encode


def measured(number: float | None) -> float | None:
    """A number that came from a run; what is not finite is null."""
    return number if number is not None and isfinite(number) else None
