"""What an axis can vary: each role at every door, and each column worked out."""

from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from small_sweep import SPEC

import convcalc
from convcalc.cli import run
from convcalc.sweep.axes import Role
from convcalc.sweep.variant import NUMBERS


class Varied(NamedTuple):
    """An axis of two values of some role, as each door takes it."""

    typed: tuple[str, ...]
    """On the command line of `sweep`, `analyze` and `check`."""
    given: dict[str, Any]
    """The same as arguments of `convcalc.sweep`."""
    listed: dict[str, Any]
    """The same as arguments of `convcalc.variants`."""
    matrix: str
    """The same in ``[tool.convcalc]`` of pyproject.toml."""


ROLES = {
    "variable": Varied(
        ("--set", "width=8,16"),
        {"variables": {"width": [8, 16]}},
        {"variables": {"width": [8, 16]}},
        "set = {width = [8, 16]}",
    ),
    "input": Varied(
        ("--input", "32x32x3,34x34x3"),
        {"inputs": ["32x32x3", "34x34x3"]},
        {"input": ["32x32x3", "34x34x3"]},
        'input = ["32x32x3", "34x34x3"]',
    ),
    "setting": Varied(("--batch", "1,4"), {"batch": [1, 4]}, {"batch": [1, 4]}, "batch = [1, 4]"),
}


def test_every_role_is_tested() -> None:
    missing = set(get_args(Role)) - ROLES.keys()
    assert not missing, f"an axis of {missing} has no line in ROLES here: how is it typed?"


@pytest.mark.parametrize("role", ROLES)
def test_an_axis_of_every_role_is_taken_at_every_door(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    varied = ROLES[role]
    assert run(["sweep", "net.yaml", *varied.typed, "--format", "json"]) == 0
    rows = capsys.readouterr().out
    swept = convcalc.sweep(SPEC, **varied.given)
    assert swept.to_json() == rows and swept.size == 2
    first, second = swept
    same = {"number": 0, "numbers": {}, "findings": (), "fault": ""}
    assert first._replace(**same) != second._replace(**same), (
        "SweepRow in api/sweeps.py has no field that says the value"
    )
    assert first.numbers != second.numbers, "the axis changes nothing in SPEC"
    reports = convcalc.variants(SPEC, **varied.listed)
    assert len(reports) == 2, "api/family.py, `_axes`: the axis is not taken"
    assert reports[0].to_dict() != reports[1].to_dict()
    assert run(["analyze", "net.yaml", *varied.typed]) == 0
    assert "2 variants" in capsys.readouterr().out
    assert run(["check", "net.yaml", *varied.typed]) == 0
    assert "2 variants" in capsys.readouterr().out
    matrix = f"[[tool.convcalc.matrix]]\n{varied.matrix}\n"
    Path("pyproject.toml").write_text(matrix, encoding="utf-8")
    assert run(["check", "net.yaml"]) == 0
    assert "3 variants" in capsys.readouterr().out  # and as it is written
    page = Path(__file__).parents[2] / "docs" / "sweep.md"
    axes = page.read_text(encoding="utf-8").partition("- **Axes**")[2].partition("- **")[0]
    assert f"`{varied.typed[0]}" in axes, f"docs/sweep.md, Axes: {varied.typed[0]}"


@pytest.mark.parametrize("name", NUMBERS)
def test_every_column_is_worked_out(name: str) -> None:
    (row,) = convcalc.sweep(SPEC, columns=name, memory="8GiB")
    assert row.numbers[name], f"{name}: Variants._number in sweep/variant.py works it out"
