"""The net that docs/import.md shows, before and behind the import."""

import io
import re
from pathlib import Path

import pytest

from convcalc.interop.fold.spec import write
from convcalc.interop.read.model import read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "import.md"


def test_the_page_shows_what_is_written(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (before,) = re.findall(r"```ini\n(.*?)```", text, re.S)
    made = write(read("net.cfg", io.BytesIO(before.encode())))
    assert made.folded
    (shown,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    if request.config.getoption("--update"):
        PAGE.write_text(text.replace(shown, made.text), encoding="utf-8")
        shown = made.text
    assert shown == made.text
