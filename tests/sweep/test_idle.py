"""An axis over a variable that nothing reads: said once, wherever the rows are asked for."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run

HIDDEN = (
    "input: 32x32x3\nvars: {n: 2, width: 8}\nblocks:\n  b:\n    args: {n: 1}\n    layers:\n"
    "      - conv: {filters: =8*n, kernel: 3, pad: 1}\nlayers:\n  - conv: {filters: =width,"
    " kernel: 1}\n  - b: 3\n"
)
SAID = "nothing reads variable n: variants that differ in it alone are equal"


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "h.yaml"
    path.write_text(HIDDEN, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", ["sweep", "analyze"])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_variable_that_nothing_reads_is_said(
    spec: str, command: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [command, spec, "--set", "n=1,2", "--set", "width=4,8", "--format", form]
    assert run(words) == 0
    told = capsys.readouterr()
    assert told.err.count(f"Note: {SAID}\n") == 1 and "variable width" not in told.err
    assert run([*words, "-q"]) == 0
    assert SAID not in capsys.readouterr().err
    assert run([command, spec, "--set", "width=4,8", "--format", form]) == 0
    assert "nothing reads" not in capsys.readouterr().err


def test_python_has_it_in_the_notes(spec: str) -> None:
    assert convcalc.sweep(spec, variables={"n": [1, 2]}).notes == (SAID,)
    assert convcalc.sweep(spec, variables={"width": [1, 2]}).notes == ()
