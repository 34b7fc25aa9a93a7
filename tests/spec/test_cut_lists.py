"""Lists in braces that are not closed, and conditions that stand in the wrong place."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 8x8x3\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("conv: {filters: 8, kernel: [3, 3, stride: 1}",
         "conv: {filters: 8, kernel: [3, 3], stride: 1}"),
        ("conv: {filters: 8, kernel: [3, 3}", "conv: {filters: 8, kernel: [3, 3]}"),
        ("add: {branches: {body: [conv3-3, relu, skip: identity}}",
         "add: {branches: {body: [conv3-3, relu], skip: identity}}"),
        ("add: {branches: {body: [conv3-3, skip: []}}",
         "add: {branches: {body: [conv3-3], skip: []}}"),
        ("repeat: {times: 2, layers: [conv3-3, dropout: {rate: 0.5}}",
         "repeat: {times: 2, layers: [conv3-3, dropout: {rate: 0.5}]}"),
    ],
)  # fmt: skip
def test_a_list_that_is_cut_is_closed(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n") == f"{HEAD}  - {repaired}\n"


@pytest.mark.parametrize("word", ["if", "condition", "enabled"])
def test_a_condition_below_an_unknown_kind(word: str) -> None:
    spec = f"{HEAD}  - nonsense: {{a: 1}}\n    {word}: =in_channels > 3\n"
    found = load("net.yaml", spec.encode()).findings
    assert [(f.code, f.help[0]) for f in found if f.code != "CC011"] == [
        ("CC010", "did you mean `when`?")
    ]


@pytest.mark.parametrize("formula", ['"=in_channels != 3"', "=deep"])
def test_a_condition_below_branches_is_said_to_be_a_branch(formula: str) -> None:
    entry = f"  - add:\n      branches:\n        body: [relu]\n        when: {formula}\n"
    found = load("net.yaml", f"vars: {{deep: true}}\n{HEAD}{entry}".encode()).findings
    assert [f.code for f in found] == ["CC019"]
    assert found[0].message == "`when` below `branches:` is the name of a branch"
    assert "stands beside the layer" in found[0].help[0]
