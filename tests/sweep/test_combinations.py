"""`check` and `analyze` over axes: a few variants, looked at one by one, each named."""

import io
import json
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.study.errors import LoadError, RequestError

SPEC = """\
input: 32x32x3
vars: {width: 8, depth: 1}
layers:
  - {conv: {filters: =width, kernel: 3, pad: 1, groups: =depth}}
  - max_pool: {kernel: 2}
  - fc-10
"""


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC, encoding="utf-8")
    Path("pools.yaml").write_text("input: 8x8x3\nlayers: [pool2, pool2]\n", encoding="utf-8")


def said(words: list[str], capsys: pytest.CaptureFixture[str], code: int) -> str:
    """What a command prints on both streams, when it ends with a code."""
    found = run(words)
    out, err = capsys.readouterr()
    assert found == code, (out, err)
    return out + err


def test_check_takes_several_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ["--input", "8x8x3", "--input", "12x12x3,10x10x3", "--input", "8x8x3"]
    out = said(["check", "pools.yaml", *sizes], capsys, 1)
    assert out.count("error[") == 1
    assert "(with --input 10x10x3)" in out
    assert out.splitlines()[-1] == "checked 1 spec in 3 variants: 1 error"
    last = said(["check", "pools.yaml", *sizes[:2]], capsys, 0).splitlines()[-1]
    assert last == "checked 1 spec: all clean"


def test_what_makes_no_difference_is_left_out_of_a_finding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    axes = ["--input", "32x32x3,33x33x3", "--batch", "1,8..16/8", "--dtype", "float32,float16"]
    out = said(["check", "net.yaml", *axes, "--format", "concise"], capsys, 1)
    assert out.count("error[CC101]") == 1 and "(with --input 33x33x3)" in out
    # in every variant: no variant is named
    out = said(["check", "net.yaml", "--input", "33x33x3", "--batch", "1,2"], capsys, 1)
    assert "(with" not in out


def test_check_of_variables_says_in_which_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(
        said(
            ["check", "net.yaml", "--set", "depth=1,3", "--set", "width=6,8", "--format", "json"],
            capsys, 1,
        )
    )  # fmt: skip
    (error,) = [f for f in found["findings"] if f["severity"] == "error"]
    assert error["code"] == "CC109"
    assert error["message"].endswith("(with --set depth=3 --set width=8)")


def test_limits_are_held_in_each_variant(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["check", "net.yaml", "--set", "width=8,16,24,32", "--max-params", "30K"]
    out = said(words, capsys, 1)
    assert out.count("error[CC131]") == 3
    for width in (16, 24, 32):
        assert f"(with --set width={width})" in out
    words = ["check", "net.yaml", "--dtype", "float32,int8", "--max-training-memory", "1GiB"]
    assert "int8 is for inference" in said(words, capsys, 2)


def test_many_variants_of_one_finding_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    spec = SPEC.replace("=width", "8").replace("=depth", "=3 - 2*(width%2)")
    Path("odd.yaml").write_text(spec, encoding="utf-8")
    words = ["check", "odd.yaml", "--set", "width=1..12", "--no-advice"]
    out = said(words, capsys, 1)
    named = " or ".join(f"--set width={width}" for width in (2, 4, 6))
    assert f"(with {named} and 3 more)" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--set", "widht=8,16"), "did you mean width?"),
        (("--set", "width=1..2000"), "2,000 variants: up to 1,000 are looked at one by one"),
        (("--set", "width=8,,16"), "empty value"),
        (("--set", "width=8,16", "--set", "width=32"), "--set width is given 2 times"),
        (("--batch", "0,1"), "positive integers"),
        (("--batch", "3,4", "--accumulate", "2"), "3 is not divisible by 2"),
        (("--dtype", "float32,float31"), "float31"),
        (("--input", "32x32x3,big"), "'big' is not a size"),
        (("--input", "32,32,3"), "'32,32,3' is 3 sizes: did you mean 32x32x3?"),
        (("--input", "32,28,3"), "'32,28,3' is 3 sizes: did you mean 32x28x3?"),
        (("--input", "(28, 16, 3)"), "did you mean 28x16x3?"),
        (("pools.yaml", "--set", "width=8,16"), "--set is for one SPEC"),
    ],
)
@pytest.mark.parametrize("command", ["check", "analyze"])
def test_axes_that_cannot_be(
    command: str, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in said([command, "net.yaml", *words], capsys, 2)


def test_standard_input_is_read_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = io.BytesIO(SPEC.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    out = said(["check", "-", "--input", "32x32x3,33x33x3"], capsys, 1)
    assert "(with --input 33x33x3)" in out and "<stdin>" in out


def test_analyze_makes_a_table_of_variants(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(["analyze", "net.yaml", "--set", "width=8,16", "--batch", "1,2"], capsys, 0)
    assert out.splitlines()[0] == "net.yaml  4 variants"
    rows = [line for line in out.splitlines() if line.startswith("--set")]
    assert [row.split("  ")[0] for row in rows] == [
        f"--set width={width} --batch {batch}" for width in (8, 16) for batch in (1, 2)
    ]
    found = said(["analyze", "net.yaml", "--set", "width=8,16", "--format", "json"], capsys, 0)
    reports = json.loads(found)
    names = [report["name"] for report in reports]
    assert names == ["net.yaml --set width=8", "net.yaml --set width=16"]
    assert [report["totals"]["params"] for report in reports] == [
        convcalc.analyze("net.yaml", variables={"width": width}).totals.params for width in (8, 16)
    ]


def config(text: str) -> None:
    Path("pyproject.toml").write_text(text, encoding="utf-8")


def test_a_matrix_checks_a_family(capsys: pytest.CaptureFixture[str]) -> None:
    config(
        '[[tool.convcalc.matrix]]\nfiles = ["net.yaml"]\ninput = ["32x32x3", "33x33x3"]\n'
        'set = {width = "8..32/8", depth = 1}\nbatch = [1, 8]\n'
    )
    out = said(["check", "net.yaml", "pools.yaml"], capsys, 1)
    assert "(with --input 33x33x3)" in out
    assert "\nchecked 2 specs in 18 variants: 1 error" in out
    assert "Note: batch changes nothing: no memory is limited" in out
    # the command line wins
    out = said(["check", "net.yaml", "--input", "32x32x3"], capsys, 0)
    assert "checked 1 spec in 9 variants" in out
    out = said(["check", "net.yaml", "--input", "32x32x3,64x64x3", "--batch", "4"], capsys, 0)
    assert "checked 1 spec in 10 variants" in out


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("inptu = []", "a matrix has no 'inptu': did you mean input?"),
        ("input = []", "input: expected values"),
        ("set = 3", "set: expected a table"),
        ("set = {widht = [1, 2]}", "did you mean width?"),
        ("set = {width = [1, 1]}", "width has 1 twice"),
        ("batch = [0, 1]", "positive integers"),
        ("input = ['x']", "not a size"),
        ("files = 3", "list of texts"),
        ("set = {width = '1..100000'}", "100,000 variants"),
        ("dtype = [[1]]", "dtype: expected values"),
    ],
)
def test_a_matrix_that_cannot_be(
    table: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config(f"[[tool.convcalc.matrix]]\n{table}\n")
    out = said(["check", "net.yaml"], capsys, 2)
    assert message in out and len(out.strip().splitlines()) <= 4


def test_a_matrix_is_a_list_of_tables(capsys: pytest.CaptureFixture[str]) -> None:
    config("[tool.convcalc.matrix]\nset = {width = [1, 2]}\n")
    assert "[[tool.convcalc.matrix]]" in said(["check", "net.yaml"], capsys, 2)


def test_python_takes_the_same_axes() -> None:
    report = convcalc.check("net.yaml", input=["32x32x3", (33, 33, 3)], batch=[1, 8])
    (error,) = [f for f in report.findings if f.severity.value == "error"]
    assert error.message.endswith("(with --input 33x33x3)") and not report.ok
    assert convcalc.check("net.yaml", input=(32, 32, 3), advice=False).ok
    found = convcalc.variants("net.yaml", variables={"width": range(8, 25, 8)}, batch=[1, 2])
    assert [one.variant for one in found] == [
        (f"--set width={width}", f"--batch {batch}") for width in (8, 16, 24) for batch in (1, 2)
    ]
    assert [one.totals.params for one in found[::2]] == [
        convcalc.analyze("net.yaml", variables={"width": width}).totals.params
        for width in (8, 16, 24)
    ]
    assert found[1].memory.training.peak > found[0].memory.training.peak
    with pytest.raises(RequestError, match="no values"):
        convcalc.check("net.yaml", batch=[])
    with pytest.raises(RequestError, match="1,001 variants"):
        convcalc.variants("net.yaml", variables={"width": range(1, 1002)})
    with pytest.raises(LoadError, match="did you mean width"):
        convcalc.variants("net.yaml", variables={"widht": [1, 2]})
