"""What `fit` does not try of very large nets."""

import re
from typing import Any

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


def test_smaller_inputs_are_not_tried_of_a_long_net(
    fit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convcalc.memory import remedies
    from convcalc.report.fit import text

    monkeypatch.setattr(remedies, "MOST_RESIZED", 20)
    monkeypatch.setattr(text, "MOST_RESIZED", 20)
    code, out, _ = fit("vgg16", "--memory", "1MiB", "--context", "0")
    assert code == 0
    said = " ".join(out.split())
    assert "tried, each alone, and not enough: another optimizer, narrower numbers smaller" in said
    assert "smaller inputs are tried of nets of 20 layers at most: --input tries one" in said
