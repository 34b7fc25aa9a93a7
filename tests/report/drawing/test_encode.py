"""JSON holds numbers only: neither NaN nor Infinity, which few readers take."""

import math
from pathlib import Path

import pytest

import convcalc
from convcalc.report.drawing.encode import encoded, encoded_page, measured

REPORT = Path(convcalc.__file__).parent / "report"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(number: float) -> None:
    for write in (encoded, encoded_page):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write({"number": number})
    assert measured(number) is None
    assert measured(0.25) == 0.25


def test_every_json_is_written_there() -> None:
    writers = {p.name for p in REPORT.rglob("*.py") if "import json" in p.read_text("utf-8")}
    assert writers == {"encode.py"}
