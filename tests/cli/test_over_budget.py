"""A net over its own budget is whole: what can be told of it is, and what is refused says so."""

from pathlib import Path

import pytest

import convcalc

OVER = "input: 32x32x3\nbudget: {params: 100}\nlayers:\n  - conv3-8\n"
OTHER = OVER.replace("budget", "expect")


@pytest.fixture(autouse=True)
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("over.yaml").write_text(OVER, encoding="utf-8")
    Path("other.yaml").write_text(OTHER, encoding="utf-8")


def test_a_difference_of_two_is_not_unfinished() -> None:
    assert "unfinished" not in repr(convcalc.diff("over.yaml", "other.yaml"))
    Path("bad.yaml").write_text("input: 8x8x3\nlayers: [conv9-8p0]\n", encoding="utf-8")
    assert "unfinished" in repr(convcalc.diff("over.yaml", "bad.yaml"))


@pytest.mark.parametrize("net", ["over.yaml", "other.yaml"])
def test_a_layer_that_it_does_not_have(convcalc_, net: str) -> None:
    result = convcalc_("explain", net, "relu9")
    assert result.exit_code == 2 and "no layer 'relu9'" in result.stderr
    with pytest.raises(convcalc.RequestError, match="no layer 'relu9'"):
        convcalc.explain(net, "relu9")


@pytest.mark.parametrize("words", [("over.yaml", "224"), ("counting", "over.yaml")])
def test_what_tools_count_of_it(convcalc_, words: tuple[str, ...]) -> None:
    result = convcalc_("explain", *words)
    assert result.exit_code == 1 and result.stdout
    assert result.stderr.startswith("error[CC131]: params: 224 exceeds the budget of 100")
    assert "nothing was written" not in result.stderr


def test_its_rows_are_in_the_table_of_a_sweep(convcalc_) -> None:
    result = convcalc_("sweep", "over.yaml", "--batch", "1,2")
    lines = result.stdout.splitlines()
    assert lines[0].split() == [
        "batch", "params", "macs", "activations", "inference_memory", "training_memory", "findings",
    ]  # fmt: skip
    assert [(line.split()[:2], line.split()[-1]) for line in lines[1:3]] == [
        (["1", "224"], "CC131"),
        (["2", "224"], "CC131"),
    ]
    assert "2 of 2 have errors: 2 CC131 in line 2" in result.stdout


def test_they_meet_conditions_and_are_on_no_front(convcalc_) -> None:
    grid = ("sweep", "over.yaml", "--input", "8x8x3,40x40x3,9x9x3")
    csv = convcalc_(*grid, "--where", "macs < 30K", "--format", "csv").stdout.splitlines()
    assert [line.partition(",")[0] for line in csv] == ["input", "8x8x3", "9x9x3"]
    text = convcalc_(*grid, "--where", "macs < 30K").stdout
    assert "8x8x3" in text and "3 variants, 2 with macs < 30K" in text
    assert "0 on the front" in convcalc_(*grid, "--pareto", "params,-macs").stdout


@pytest.mark.parametrize(
    ("net", "command", "key"),
    [
        ("over.yaml", ("export", "--to", "pytorch", "-o", "net.py"), "budget"),
        ("over.yaml", ("convert", "--fc-to-conv"), "budget"),
        ("over.yaml", ("verify",), "budget"),
        ("over.yaml", ("demo",), "budget"),
        ("other.yaml", ("export", "--to", "keras"), "expect"),
    ],
)
def test_what_is_refused_says_why_and_the_way_out(convcalc_, net, command, key) -> None:
    result = convcalc_(command[0], net, *command[1:])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1] == (
        f"nothing was written or run: `convcalc {command[0]}` takes nets without errors, what they "
        f"state of totals included; correct `{key}` in {net}, or take it out"
    )
    assert not Path("net.py").exists()


def test_other_errors_need_no_such_line(convcalc_) -> None:
    Path("bad.yaml").write_text(OVER.replace("conv3-8", "conv40-8p0"), encoding="utf-8")
    assert "nothing was written" not in convcalc_("export", "bad.yaml", "--to", "keras").stderr
    assert "nothing was written" not in convcalc_("sizes", "over.yaml").stderr
