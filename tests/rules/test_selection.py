"""What is wanted: --select, --ignore, --no-advice, `rules:` and the configuration."""

import pytest
from click.testing import CliRunner

import convcalc
from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.findings import Finding, Severity
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.rules.tuning import Tuning, WrongTuningError, codes_of, tuning_of
from convcalc.spec.load import load

#: CC103 (warning), CC202 and CC204 (notes), all under `rounding: floor`
NET = "input: 32x32x3\nrounding: floor\nlayers: [pool3s2, conv3-8p0, conv7-8, fc-10]\n"


def found(selection: Selection = Selection(), text: str = NET) -> dict[str, Finding]:  # noqa: B008
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), selection)
    return {finding.code: finding for finding in findings}


def test_all_that_is_on_by_default_speaks() -> None:
    assert {"CC103", "CC202", "CC204"} <= set(found())
    assert "CC203" not in found(text=NET.replace("conv7-8", "conv3-8s2"))


def test_select_leaves_errors_and_what_is_selected() -> None:
    text = NET + "expect: {params: 1}\n"
    assert set(found(Selection(select=codes_of("CC202")), text)) == {"CC130", "CC202"}


def test_selecting_a_rule_that_is_off_turns_it_on() -> None:
    text = NET.replace("conv7-8", "conv3-8s2")
    assert "CC203" in found(Selection(select=codes_of("CC2")), text)


def test_ignore_never_silences_a_fault() -> None:
    text = NET + "expect: {params: 1}\n"
    assert set(found(Selection(ignore=codes_of("CC")), text)) == {"CC130"}


def test_no_advice() -> None:
    codes = found(Selection(advice=False))
    assert "CC103" in codes and not [code for code in codes if code >= "CC2"]


def test_the_spec_silences_and_wakes_codes() -> None:
    off = found(text=NET + "rules: {CC103: false, large-kernel: false, CC203: true}\n")
    assert "CC103" not in off and "CC202" not in off


def test_severity_can_be_set_and_an_error_of_taste_can_be_ignored() -> None:
    text = NET + "rules: {large-kernel: {severity: error}}\n"
    assert found(text=text)["CC202"].severity is Severity.ERROR
    assert "CC202" not in found(Selection(ignore=codes_of("CC202")), text)


def test_severity_can_be_set_of_what_is_no_rule_but_no_fault_is_lowered() -> None:
    for severity in Severity:
        text = NET + f"rules: {{input-lost: {{severity: {severity.value}}}}}\n"
        assert found(text=text)["CC103"].severity is severity
        assert "CC103" not in found(Selection(ignore=codes_of("CC103")), text)
        unselected = found(Selection(select=codes_of("CC2")), text)
        assert ("CC103" in unselected) is (severity is Severity.ERROR)
    text = NET + "expect: {params: 1}\nrules: {expectation-failed: {severity: note}}\n"
    assert found(text=text)["CC130"].severity is Severity.ERROR


def test_what_is_set_to_be_an_error_speaks_whatever_is_selected() -> None:
    text = NET + "rules: {large-kernel: {severity: error}, CC103: {severity: error}}\n"
    for few in (Selection(advice=False), Selection(select=codes_of("CC105"), advice=False)):
        codes = found(few, text)
        assert [codes[code].severity for code in ("CC103", "CC202")] == [Severity.ERROR] * 2
        assert "CC204" not in codes
    raised = {"CC103": Tuning(severity=Severity.ERROR)}
    assert "CC103" in found(Selection(select=codes_of("CC2"), tuning=raised))
    off = {"CC103": Tuning(on=False)}
    assert "CC103" not in found(Selection(tuning=off))


def test_a_severity_wakes_a_rule_that_is_off() -> None:
    text = NET.replace("conv7-8", "conv3-8s2") + "rules: {strided-conv: {severity: error}}\n"
    assert found(text=text)["CC203"].severity is Severity.ERROR


def test_the_spec_wins_over_the_configuration() -> None:
    selection = Selection(tuning={"CC202": Tuning(values={"largest": 7})})
    assert "CC202" not in found(selection)
    assert "CC202" in found(selection, NET + "rules: {CC202: {largest: 6}}\n")


@pytest.mark.parametrize(
    ("rules", "code", "place", "told"),
    [
        ("{large-kernal: false}", "CC010", 9, "did you mean `large-kernel`?"),
        (
            "{CC999: false}",
            "CC010",
            9,
            "codes look like CC203: `convcalc explain codes` lists them",
        ),
        ("{large-kernel: {bigest: 3}}", "CC012", 24, "large-kernel takes largest, severity"),
        ("{large-kernel: {largest: -1}}", "CC014", 33, "expected an integer from 0"),
        ("{large-kernel: {largest: true}}", "CC014", 33, "expected an integer from 0"),
        ("{large-kernel: {severity: bad}}", "CC014", 34, "note, warning or error"),
        ("{large-kernel: no}", "CC004", 23, "write false"),
        ("{large-kernel: {largest: 010}}", "CC004", 33, "write 10"),
        ("{large-kernel: [7]}", "CC014", 23, "`large-kernel: false` silences it"),
        ("{input-lost: {largest: 7}}", "CC012", 22, "input-lost takes severity"),
        ("{CC202: true, large-kernel: false}", "CC014", 36, "CC202 and large-kernel are one rule"),
        ("[large-kernel]", "CC014", 8, "rules must be a mapping"),
    ],
)
def test_what_is_wrong_with_rules_is_a_finding(
    rules: str, code: str, place: int, told: str
) -> None:
    finding = found(text=NET + f"rules: {rules}\n")[code]
    assert finding.severity is Severity.ERROR
    assert finding.span is not None and (finding.span.line, finding.span.column) == (4, place)
    assert told in " ".join((finding.message, *finding.help))


def test_analyze_tells_of_them_too(tmp_path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(NET + "rules: {large-kernal: false}\n", encoding="utf-8")
    told = CliRunner().invoke(cli, ["analyze", str(path)], standalone_mode=False)
    assert told.return_value == 1 and "did you mean `large-kernel`?" in told.output
    assert "CC010" in [finding.code for finding in convcalc.analyze(path).findings]


def test_codes_names_and_beginnings() -> None:
    assert codes_of("CC202") == codes_of("large-kernel") == {"CC202"}
    assert codes_of("cc20") == {f"CC20{n}" for n in range(1, 10)}
    assert not codes_of("C") and not codes_of("kernel") and not codes_of("")
    with pytest.raises(WrongTuningError):
        tuning_of("CC", False)


def test_a_hostile_number_of_mistakes_is_bounded() -> None:
    layers = ", ".join(f"word{number}" for number in range(1500))
    found = wanted_findings(
        analyze(load("a.yaml", f"input: 8x8x3\nlayers: [{layers}]".encode())), Selection()
    )
    assert len(found) == 1001
    assert found[0].message == "1,500 findings, the first 1,000 are shown"
    rules = "".join(f"  no-rule{number}: false\n" for number in range(30_000))
    text = f"input: 8x8x3\nlayers: [relu]\nrules:\n{rules}"
    assert len(wanted_findings(analyze(load("a.yaml", text.encode())), Selection())) == 20


@pytest.mark.parametrize("said", ["false", "{severity: note}"])
@pytest.mark.parametrize("word", ["CC101", "size-not-exact"])
def test_rules_that_name_an_error_are_told_that_it_stays(said: str, word: str) -> None:
    spec = f"input: 9x9x1\nrules: {{{word}: {said}}}\nlayers: [pool2]\n"
    found = wanted_findings(analyze(load("a.yaml", spec.encode())), Selection())
    (error,) = [f for f in found if f.code == "CC101"]
    assert error.severity is Severity.ERROR
    assert error.help[-1] == "errors cannot be ignored: `rules:` leaves CC101 as it is"
    plain = spec.replace(f"rules: {{{word}: {said}}}\n", "")
    config = Selection(tuning=dict([tuning_of("CC101", False)]))
    (same,) = wanted_findings(analyze(load("a.yaml", plain.encode())), config)[:1]
    assert same.help == error.help
