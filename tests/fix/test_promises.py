"""No help speaks of `check --fix` before anything is tried: it says what to type."""

import re
from pathlib import Path

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered

ROOT = Path(__file__).parents[2]
#: where findings get their help
ROOMS = ("analysis", "layers", "network", "rules", "spec", "study")
_PROMISE = re.compile(r"check --fix|--fix`")
_SHOWN = sorted(ROOT.glob("tests/spec/bad/*.yaml"))


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_of_a_help_is_a_promise(room: str) -> None:
    found = []
    for path in sorted((ROOT / "convcalc" / room).rglob("*.py")):
        text = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text())
        found += [f"{path.name}: {match[0]}" for match in _PROMISE.finditer(text)]
    assert not found


@pytest.mark.parametrize("path", _SHOWN, ids=lambda path: path.stem)
def test_a_word_that_was_meant_is_an_edit(path: Path) -> None:
    """Of a file in which nothing else is wrong."""
    network = load(path.name, path.read_bytes())
    wrong = [f for f in network.findings if f.severity.name == "ERROR"]
    if len(wrong) == 1 and sum("did you mean `" in line for line in wrong[0].help) == 1:
        assert offered(path.read_text())
