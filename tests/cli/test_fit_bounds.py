"""A plan of `fit` that takes too long; what to ask where no batch fits."""

import re
from pathlib import Path

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


@pytest.mark.parametrize("accumulate", ["1", "2"])
def test_where_no_batch_fits_advice_is_named_that_can_be_typed(
    accumulate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "volume.yaml"
    layers = "\n".join(["  - conv: {filters: 32, kernel: 3, pad: 1}\n  - relu"] * 2)
    path.write_text(f"input: 64x64x64x1\nlayers:\n{layers}\n", encoding="utf-8")
    words = ["fit", str(path), "--memory", "500MiB", "--accumulate", accumulate]
    assert run(words) == 0
    text = capsys.readouterr().out
    option = f"--batch {accumulate} --advise"
    assert "training: not even batch 1" in text and f"`{option}` tries layers to" in text
    run([*words, *option.split()])
    advice = capsys.readouterr().out
    assert "instead of it, or with it:\n  --precision amp-bf16: " in advice
    assert "tries layers to checkpoint" not in advice
