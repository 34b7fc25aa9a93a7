"""Specs that ended in exit 3 once: each is read, and what is wrong with it is said."""

import pytest

import convcalc
from convcalc import api
from convcalc.analysis.walk import analyze
from convcalc.formula import FormulaError, evaluate
from convcalc.spec.load import load
from convcalc.tree.scalars import AmbiguousError, resolve

SPECS = {
    "infinite variable": ("input: 8x8x4\nvars: {w: 1e400, v: =w*2}\nlayers: [conv3-4]", "CC004"),
    "infinite option": ("input: 8x8x4\nlayers: [{leaky_relu: {negative_slope: -1e400}}]", "CC004"),
    "vanishing variable": (
        "input: 8x8x4\nvars: {w: 1e-400}\nlayers: [{dropout: {rate: =w}}]",
        "CC004",
    ),
    "names of a repeat that is not there": (
        "input: 8x8x3\nlayers: [{repeat: {times: 3, layers: [{conv3-8: , from: x}]}}]\n"
        "outputs: [conv1]\n",
        "CC017",
    ),
    "a name of an input within a merge that is not there": (
        "inputs: {a: 8x8x3, b: 8x8x3}\nlayers:\n"
        "  - concat: {branches: [[{conv3-4: , name: a}], [relu]]}\n    from: nowhere\n"
        "  - {relu: , from: a}\n",
        "CC017",
    ),
    "a block within a merge that is not there": (
        "input: 8x8x3\nblocks: {b: {layers: [{conv3-4: , name: c}, relu]}}\nlayers:\n"
        "  - {relu: , name: c}\n"
        "  - add:\n      branches:\n"
        "        - [{b: , name: x}, {repeat: {times: 2, layers: [{relu: , name: c}]}}]\n"
        "        - []\n"
        "    from: nowhere\n  - {relu: , from: c}\n  - {relu: , from: x.c}\n"
        "  - {add: , from: [c, x]}\n"
        "outputs: [c, x, x.c]\n",
        "CC017",
    ),
    "too many layers, then outputs": (
        "input: 8x8x3\nlayers: [{relu: , name: a}, {repeat: {times: 900000, layers: [relu]}}, "
        "{relu: , name: layers1}]\noutputs: [a]\n",
        "CC002",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), SPECS.values(), ids=SPECS)
def test_what_is_wrong_is_said(text: str, code: str) -> None:
    network = load("a.yaml", text.encode())
    found = analyze(network)
    assert code in {finding.code for finding in found.findings}
    assert all(index < len(network.steps) for index in network.outputs)
    assert all(i < at for at, step in enumerate(network.steps) for i in step.inputs)


@pytest.mark.parametrize("text", ["1e400", "-1e309", "1e-400", "0.0001e-399", "1.79e308"])
def test_a_number_that_no_float_holds_is_refused(text: str) -> None:
    with pytest.raises(AmbiguousError, match="beyond what a float holds"):
        resolve(text)


@pytest.mark.parametrize("text", ["1e308", "-1.7e308", "1e-300", "0.0", "0e5", "0.0e-999"])
def test_a_number_that_a_float_holds_is_read(text: str) -> None:
    assert resolve(text) == float(text)


def test_python_may_not_pass_infinity_either() -> None:
    spec = "input: 8x8x3\nvars: {w: 2}\nlayers: [{conv: {filters: =w*2, kernel: 3}}]\n"
    for value in (float("inf"), float("nan"), -float("inf")):
        with pytest.raises(FormulaError, match="w is"):
            evaluate("=w*2", {"w": value}.__getitem__)
        assert not convcalc.load(spec, variables={"w": value}).ok
    assert api.load(spec, variables={"w": 3}).ok


def test_a_message_names_some_of_very_many_variables() -> None:
    """Each of 45,000 unknown ones listed all others: 26 s of work for a file of 1 MB."""
    names = [f"v{number}" for number in range(2000)]
    lines = "".join(f"  {name}: =w{name}\n" for name in names)
    text = f"input: 8x8x3\nvars:\n{lines}layers: [conv3-4]\n"
    found = load("a.yaml", text.encode()).findings
    help = [finding.help[0] for finding in found if finding.code == "CC016" and finding.help]
    assert help[0] == "known here: none" and len(help) == 2000
    assert max(map(len, help)) < 300 and help[-1].endswith(" and 1,959 more")
