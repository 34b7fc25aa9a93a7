"""Other tools' counts in specs, in diff and from Python."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import convcalc
from convcalc.cli import cli

NET = "input: 32x32x3\nlayers: conv3-8 relu fc-10\n"  # 303,104 MACs, 8,202 biases


def _findings(text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in convcalc.load(NET + text).findings]


def _analyzed(text: str) -> list[tuple[str, str]]:
    report = convcalc.analyze(NET + text)
    return [(finding.code, finding.message) for finding in report.findings]


def test_what_holds_is_quiet() -> None:
    assert not _analyzed(
        "expect: {fvcore: 303104, ptflops-aten: 311306, torch-flop-counter: 606208}"
    )
    assert not _analyzed('expect: {"ptflops@0.6": 319498}\nbudget: {thop: 304K, calflops: 1M}')


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("expect: {fvcore: 303105}", "CC130", "fvcore: expected 303,105, got 303,104 (-1)"),
        (
            "budget: {thop: 300K}",
            "CC131",
            "thop: 303,104 operations exceeds the budget of 300,000, 1.03 % over",
        ),
        (
            "expect: {keras: 5}",
            "CC014",
            "keras has no count of operations: nothing can be checked",
        ),
        ("expect: {fvcroe: 5}", "CC010", "expect has no 'fvcroe'"),
        ("expect: {fvcore@0.2: 5}", "CC010", "expect has no 'fvcore@0.2'"),
        (
            "budget: {fvcore: lots}",
            "CC014",
            "fvcore: expected a count such as 138357544 or 140M, got 'lots'",
        ),
        ("budget: {./mine.yaml: 5}", "CC010", "budget has no './mine.yaml'"),
    ],
)  # fmt: skip
def test_what_does_not_hold(text: str, code: str, message: str) -> None:
    assert (code, message) in _analyzed(text)


def test_an_unknown_kind_cannot_be_checked() -> None:
    report = convcalc.analyze("input: 8x8x3\nlayers: conv3-8 mish\nbudget: {netscope: 5}\n")
    assert [f.message for f in report.findings] == [
        "netscope is not known to count mish: nothing can be checked"
    ]


def test_another_input_is_not_expected(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(NET + "expect: {fvcore: 1}\nbudget: {thop: 1}\n", encoding="utf-8")
    codes = {f.code for f in convcalc.analyze(path, input="16x16x3").findings}
    assert codes == {"CC131"}


def test_a_spec_without_such_claims_loads_no_convention() -> None:
    import subprocess
    import sys

    script = (
        "import sys\nfrom convcalc.cli import run\n"
        "run(['check', '-q', 'vgg16'])\nrun(['analyze', '-q', 'vgg16'])\n"
        "print([m for m in sys.modules if m.startswith('convcalc.counting')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_diff_has_them_as_totals() -> None:
    result = CliRunner().invoke(
        cli,
        ["diff", "resnet18", "resnet34", "--as", "fvcore", "--fail-on-increase", "thop=5%"],
        standalone_mode=False,
    )
    assert result.exception is None
    assert result.return_value == 1
    assert "fvcore            1,819,065,856  3,671,262,720" in result.stdout
    assert "error: thop grew by 1,854,705,664 (+102 %), allowed are 5 %" in result.stdout
    report = convcalc.diff("resnet18", "resnet34", counted_as=["fvcore"])
    assert report.to_dict()["totals"]["fvcore"] == [1819065856, 3671262720]
    with pytest.raises(convcalc.RequestError):
        convcalc.diff("lenet5", "lenet5", fail_on_increase={"keras": 0})


def test_python_names_them_as_the_json_does() -> None:
    report = convcalc.analyze("resnet50", counted_as="fvcore,ptflops@0.6,keras")
    assert list(report.counts) == ["fvcore", "ptflops@0.6", "keras"]
    fvcore = report.counts["fvcore"]
    assert (fvcore.operations, fvcore.printed, fvcore.unit) == (4111512576, "4.11 G", "mac")
    assert fvcore.by_kind["batch_norm"] == 22227968
    assert report.counts["keras"].operations is None
    assert [count["as"] for count in report.to_dict()["counts"]] == list(report.counts)
    assert not convcalc.analyze("resnet50").counts
    with pytest.raises(convcalc.RequestError, match="did you mean fvcore"):
        convcalc.analyze("resnet50", counted_as="fvcor")
    assert list(convcalc.identify("528MB", counted_as="keras")) == ["vgg16", "vgg16_bn"]
    page = convcalc.explain("resnet50", "fc1", counted_as="thop")
    assert "2,048,000 = M" in str(page)


def test_a_sweep_has_them_as_columns() -> None:
    words = ["sweep", "resnet18", "--input", "64x64x3,224x224x3", "--columns"]
    result = CliRunner().invoke(
        cli, [*words, "macs,fvcore,ptflops@0.6", "--format", "csv"], standalone_mode=False
    )
    assert result.exception is None, result.exception
    fvcore = convcalc.analyze("resnet18", counted_as="fvcore").counts["fvcore"].operations
    assert f",1814073344,{fvcore}," in result.stdout
    refused = CliRunner().invoke(cli, [*words, "keras"], standalone_mode=False)
    assert refused.exception is not None
