"""Numbers of nets that nobody could run keep the layout; what a GPU holds is said in one way."""

import re
from pathlib import Path

import pytest

from convcalc.cli import run

WIDE = """\
name: a name of a net that is rather long, as the title of a paper is when it is pasted from there
input: 2147483648x2147483648x2147483648x3
layers: [conv3-2147483648, relu, conv3-2147483648, {global_avg_pool: }, fc-2147483648]
"""
FAMILY = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"


def shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("batch", ["1", "1000000"])
def test_the_totals_of_a_huge_net_fit_the_terminal(
    width: int,
    batch: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE)
    for words in (["analyze", str(path), "--batch", batch], ["fit", str(path), "--memory", "1GiB"]):
        text = shown(words, capsys)
        head, _, totals = text.partition("\nlayers ")
        assert max(map(len, [*head.split("\n\n")[0].splitlines(), *totals.splitlines()])) <= width
        assert width < 120 or max(map(len, text.splitlines())) <= width


def test_a_pipe_has_every_digit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE)
    volume = 2**31 * 2**31 * 2**31  # positions
    macs = volume * 27 * (3 * 2**31 + 2**62) + 2**62
    assert f"{macs:,}" in shown(["analyze", str(path)], capsys)


@pytest.mark.parametrize("width", [60, 80])
def test_the_title_of_a_family_fits_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = shown(["analyze", "--input", "32x32x3", "--net", FAMILY], capsys)
    title = text.partition("\n\n")[0]
    assert max(map(len, title.splitlines())) <= width
    assert " ".join(title.split()) == f"{FAMILY} 57 nets, smallest first"


def test_what_a_gpu_holds_beside_the_tensors_is_said_in_one_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = "400 MiB of CUDA context and 8.00 MiB of cuBLAS"
    for words in (["analyze", "lenet5"], ["fit", "lenet5", "--memory", "2GiB"]):
        text = shown(words, capsys)
        assert said in text
        assert len(re.findall("CUDA context", text)) == 1
    assert "CUDA" not in shown(["fit", "lenet5", "--memory", "2GiB", "--context", "0"], capsys)
