"""expect: and budget:, over the whole net."""

from collections.abc import Callable

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.document import Overrides
from convcalc.spec.load import load

Analyzed = Callable[[str], Analysis]

# conv3-4 on 8x8x4: 148 parameters, 144 weights, 9,216 MACs, 512 activations
RIGHT = {"params": 148, "weights": 144, "macs": 9216, "activations": 512, "output": "8x8x4"}


def test_what_holds_is_quiet(analyzed: Analyzed) -> None:
    expectations = ", ".join(f"{key}: {value}" for key, value in RIGHT.items())
    assert analyzed(f"expect: {{{expectations}}}\nlayers: [conv3-4]").findings == ()


@pytest.mark.parametrize("key", ["params", "weights", "macs", "activations"])
@pytest.mark.parametrize("off", [-1, 1])
def test_an_expectation_is_an_equality(analyzed: Analyzed, key: str, off: int) -> None:
    value = RIGHT[key]
    assert isinstance(value, int)
    found = analyzed(f"expect: {{{key}: {value + off}}}\nlayers: [conv3-4]")
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("CC130", Severity.ERROR)
    assert finding.message == f"{key}: expected {value + off:,}, got {value:,} ({-off:+,})"
    assert finding.help == (
        f"`{key}: {value}` if that is right; remove `expect` from a net that you mean to change",
    )
    assert finding.span is not None
    assert (finding.span.line, finding.label) == (2, f"is {value:,}")


def test_the_expected_output_is_a_shape(analyzed: Analyzed) -> None:
    found = analyzed("expect: {output: 8x8x5}\nlayers: [conv3-4]")
    (finding,) = found.findings
    assert finding.message == "output: expected 8x8x5, got 8x8x4"
    assert analyzed("expect: {output: 10}\nlayers: [conv3-4, fc-10]").findings == ()


def test_what_a_layer_expects(analyzed: Analyzed) -> None:
    assert analyzed("layers: [{conv3-4: , expect: 8x8x4}]").findings == ()
    (finding,) = analyzed("layers: [{conv3-4: , expect: 7x8x4}]").findings
    assert (finding.code, finding.message) == ("CC130", "expected 7x8x4, got 8x8x4")


@pytest.mark.parametrize("key", ["params", "weights", "macs", "activations"])
def test_a_budget_is_an_upper_limit(analyzed: Analyzed, key: str) -> None:
    value = RIGHT[key]
    assert isinstance(value, int)
    assert analyzed(f"budget: {{{key}: {value}}}\nlayers: [conv3-4]").findings == ()
    (finding,) = analyzed(f"budget: {{{key}: {value - 1}}}\nlayers: [conv3-4]").findings
    assert (finding.code, finding.severity) == ("CC131", Severity.ERROR)
    assert finding.message.startswith(f"{key}: {value:,} exceeds the budget of {value - 1:,}, ")


@pytest.mark.parametrize(
    ("limit", "holds"), [("148", True), ("0.147K", False), ("1K", True), ("0.0001M", False)]
)
def test_a_budget_takes_units(analyzed: Analyzed, limit: str, holds: bool) -> None:
    found = analyzed(f"budget: {{params: {limit}}}\nlayers: [conv3-4]")
    assert [f.code for f in found.findings] == ([] if holds else ["CC131"])


def test_another_input_is_held_to_the_budget_alone() -> None:
    text = b"input: 8x8x4\nexpect: {macs: 1}\nbudget: {macs: 100K}\nlayers: [conv3-4]\n"
    found = analyze(load("net.yaml", text, Overrides(input=(80, 80, 4))))
    assert [f.code for f in found.findings] == ["CC131"]


def test_far_over_a_budget_is_told_in_times() -> None:
    net = "input: 8x8x3\nlayers: [conv3-100]\nbudget: {params: 3}\n"
    (finding,) = analyze(load("net.yaml", net.encode())).findings
    assert finding.message == "params: 2,800 exceeds the budget of 3, 933.3 times the limit"
