"""Behind a fault, layers that may be there are neither named twice nor missing."""

import pytest

from convcalc.spec.load import load

ODD = "  - conv: {filters: 8, kernel: 3, stride: 2, pad: 1}\n"
EVEN = ODD.replace("kernel: 3", "kernel: 4")


def told(text: str) -> list[str]:
    return [f"{f.code} {f.line}" for f in load("net.yaml", text.encode()).findings]


def in_a_block(body: str) -> str:
    """A net whose block waits for the size of a conv in the last line but two."""
    head = "input: 32x32x3\nblocks:\n  b:\n    args: {c: 8, inc: =in_channels}\n    layers:\n"
    return f"{head}{body}layers:\n{ODD}  - {{b: , times: 2}}\n  - fc-10\n"


@pytest.mark.parametrize(
    "body",
    [
        "{conv3-8: , name: p, when: =inc != c}\n{identity: , name: p, when: =inc == c}",
        "{conv3-8: , name: p, when: =inc != c}\n{identity: , name: p, times: =8//inc}",
        "{identity: , name: p, times: =inc//8}\n{conv3-8: , name: p, when: =inc != c}",
        "{concat: {branches: [conv3-4, conv1-4]}, name: p, when: =inc == c}\n"
        "{repeat: {times: 2, layers: [conv3-8]}, name: p, when: =inc != c}",
        "{repeat: {times: 1, layers: [{conv3-8: , name: p}]}, when: =inc != c}\n"
        "{repeat: {times: 1, layers: [{conv1-8: , name: p}]}, when: =inc == c}",
        "{add: {branches: [{conv3-8: , name: p}, conv1-8]}, when: =inc == c}\n"
        "{identity: , name: p, when: =inc != c}",
        "repeat: {times: =inc//c, layers: [{conv3-8: , name: p}]}",
    ],
)
def test_a_size_that_is_not_known_yet_makes_no_second_fault(body: str) -> None:
    entries = "".join(f"      - {line}\n" for line in [*body.splitlines(), "relu"])
    net = in_a_block(f"{entries}      - {{add: , from: [p, relu1]}}\n")
    assert told(net.replace(ODD, EVEN)) == []
    conv = net.splitlines().index(ODD.rstrip()) + 1
    assert told(net) == [f"CC101 {conv}"]


def test_in_the_list_of_layers_too() -> None:
    net = (
        f"input: 32x32x3\nlayers:\n{ODD}"
        "  - {conv3-8: , name: p, when: =in_channels != 8}\n"
        "  - {identity: , name: p, when: =in_channels == 8}\n"
        "  - repeat: {times: =in_channels//8, layers: [{tanh: , name: q}, relu]}\n"
        "  - {add: , from: [p, q, relu1]}\n"
        "  - {conv3-8: , weights: p}\n"
    )
    assert told(net) == ["CC101 3"]


def test_a_word_that_hides_layers_is_the_only_fault() -> None:
    net = (
        "input: 32x32x3\nlayers:\n  - conv3-8\n"
        "  - concat: {branchs: [[{conv3-8: , name: p}, relu], []]}\n"
        "  - repeat: {times: 2, layrs: [{conv3-8: , name: q}, tanh]}\n"
        "  - repeat: {tmes: 2, layers: [{conv3-8: , name: r}, elu]}\n"
        "  - {concat: , from: [p, q, r, relu1, tanh1, elu1]}\n"
    )
    assert told(net) == ["CC012 4", "CC012 5", "CC012 6"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        # a condition that is met in both, and one that has nothing to do with the size
        ("{conv3-8: , name: p, when: =c == 8}\n{tanh: , name: p, when: =c > 0}", ["CC018"] * 2),
        ("{conv3-8: , name: p}\n{tanh: , name: p}", ["CC018"] * 2),
        ("{conv3-8: , name: p, when: =imc != c}\n{tanh: , name: p, when: =inc == c}", ["CC016"]),
        ("{conv3-8: , name: p, when: =inc != c}\n{add: , from: [q, p]}", ["CC017"]),
    ],
)
def test_what_is_wrong_however_large_it_is(body: str, codes: list[str]) -> None:
    net = in_a_block("".join(f"      - {line}\n" for line in body.splitlines()))
    assert [code for code in (line[:5] for line in told(net)) if code != "CC101"] == codes
