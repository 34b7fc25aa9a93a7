"""What `sweep` says of axes and numbers as other tools and habit write them."""

from pathlib import Path

import pytest
from small_sweep import SPEC

from convcalc.cli import run


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("net.yaml|--set|width|16,32", "PATTERN; values are given as `--set width=16,32`"),
        ("net.yaml|width=16,32", "PATTERN; values are given as `--set width=16,32`"),
        ("net.yaml|batch=1,2|input=8x8x3", "as `--batch 1,2 --input 8x8x3`"),
        ("--net|conv3-4|batch=1,2", "values are given as `--batch 1,2`"),
        ("net.yaml|other.yaml", "give one SPEC, or --net PATTERN\n"),
        ("net.yaml|--where|params < 10 M", "not expected here: write `params < 10M`"),
        ("net.yaml|--where|training_memory < 8 GiB", "write `training_memory < 8GiB`"),
        ("net.yaml|--where|flops < 3", "'flops': `macs` are there, each of which is two FLOPs"),
        ("net.yaml|--columns|params,flops", "`macs` are there, each of which is two FLOPs"),
        ("net.yaml|--sort|GFLOPs", "`macs` are there, each of which is two FLOPs"),
        ("net.yaml|--pareto|madds", "`macs` are the same"),
        ("net.yaml|--columns|parms", "did you mean params?"),
    ],
)
def test_what_is_meant_is_said(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", *words.split("|")]) == 2
    assert said in capsys.readouterr().err


def test_columns_of_analyze_know_flops_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyze", "net.yaml", "--columns", "layer,flops"]) == 2
    assert "text has no column 'flops': `macs` are there" in capsys.readouterr().err
