"""A plan of `fit` that takes too long."""

import re

import pytest

from convcalc.cli import run


def test_a_plan_that_takes_too_long_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from convcalc.memory import arena

    monkeypatch.setattr(arena, "MOST_STEPS", 3)
    for asked in (
        ["fit", "--sram", "1MiB", "--flash", "1MiB"],
        ["analyze", "--arena"],
        ["analyze", "--arena", "--format", "json"],
    ):
        assert run([*asked, "resnet18"]) == 2
        err = capsys.readouterr().err
        assert re.fullmatch(
            r"Error: no plan into one block: \d of \d\d volumes live at once, .*"
            r" within 3 comparisons; `convcalc analyze --timeline` shows .*\n",
            err,
        )
    assert run(["analyze", "resnet18", "--dtype", "int8"]) == 0
    assert "no plan into one block" in capsys.readouterr().out
