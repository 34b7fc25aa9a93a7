"""JSON as every format of ours writes it: letters as they are, and numbers that JSON has."""

import json
from math import isfinite
from typing import Any

from convcalc import __version__
from convcalc.escape import plain_json
from convcalc.network.record import Network

_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_TIGHT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_PAGE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=1)


def encoded(value: object) -> str:
    """A value on one line. NaN and Infinity, which no reader of JSON takes, are refused."""
    return plain_json(_LINE.encode(value))


def encoded_tight(value: object) -> str:
    """A value on one line without blanks, for data that people do not read."""
    return plain_json(_TIGHT.encode(value))


def encoded_page(value: object) -> str:
    """A value on many lines, indented by one."""
    return plain_json(_PAGE.encode(value))


def measured(number: float | None) -> float | None:
    """A number that came from a run; what is not finite is null."""
    return number if number is not None and isfinite(number) else None


def head(schema: str, network: Network) -> dict[str, Any]:
    """What every report about one net begins with."""
    return {
        "schema": schema,
        "convcalc": __version__,
        "name": network.name,
        "path": network.source.path,
    }
