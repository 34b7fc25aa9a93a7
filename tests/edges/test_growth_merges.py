"""Merges of very many branches: so much is looked for, and no input is compared with each other."""

import pytest

from convcalc.analysis import misaligned
from convcalc.analysis.walk import analyze
from convcalc.network import branching
from convcalc.spec.load import load
from tests.edges.test_growth import SPECS, checked, each, entries
from tests.lines_run import lines_run


def test_a_network_is_searched_so_far_for_why_its_branches_are_misaligned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = entries(
        *each("- {{conv: {{filters: 4, kernel: 2, pad: [0, 1, 0, 1]}}}}", 3),
        "- {add: , from: [conv3, input]}",
    ).encode()

    def severities(most: int) -> list[str]:
        monkeypatch.setattr(misaligned, "_MOST_SEARCHED", most)
        found = analyze(load("a.yaml", text)).findings
        return [one.severity.value for one in found if one.code == "CC121"]

    # the three convolutions; what shifts the branches is not known where one is not looked at
    assert (severities(3), severities(2)) == (["warning"], ["note"])


@pytest.mark.parametrize("most", [0, 1000])
def test_the_layers_of_one_merge_are_searched_so_far(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Thousands of branches, each with thousands of layers, took minutes and a gigabyte."""
    monkeypatch.setattr(branching, "_MOST_SEARCHED", most)

    def chain(n: int) -> str:
        ends = ", ".join(each("tanh{0}", n))
        return entries("- conv1-5", *["- tanh"] * n, f"- {{add: , from: [input, {ends}]}}")

    chains = (chain(n) for n in (200, 400))
    small, large = (lines_run(lambda spec=spec: checked(spec)) for spec in chains)
    assert large < 2.4 * small
    text = SPECS["half of the branches of one add are identities"](800)
    (found,) = analyze(load("a.yaml", text.encode())).findings
    assert found.code == "CC107" and len(found.help) < 30


def test_the_inputs_of_a_merge_are_compared_once_each() -> None:
    """What runs in C as well: sizes are compared by their hashes."""

    class Counted(int):
        hashes = 0

        def __hash__(self) -> int:
            Counted.hashes += 1
            return int(self)

    def hashes(n: int) -> int:
        spec = SPECS["branches of one add make other depths"](n).encode()
        *steps, merge = load("a.yaml", spec).steps
        for at in merge.inputs:
            size = steps[at].size._replace(output=(8, 8, Counted(at)))
            steps[at] = steps[at]._replace(size=size)
        Counted.hashes = 0
        assert branching.unread_behind([*steps, merge], merge, merge.inputs) is None
        return Counted.hashes

    assert 0 < hashes(200) < 2.4 * hashes(100)
