"""A sum in a block that reads `input` is warned of where what arrives at the block was meant."""

import pytest

from convcalc import zoo
from convcalc.findings import Finding
from convcalc.spec.load import load

CONV = "{conv: {filters: 16, kernel: 3, pad: 1}, name: t}"
SUM = "{add: {}, from: [input, t]}"


def found(body: str, layers: str, size: str = "32x32x16", head: str = "") -> list[Finding]:
    text = f"input: {size}\nblocks:\n  res:\n{head}    layers: [{body}]\nlayers: [{layers}]\n"
    return [one for one in load("net.yaml", text.encode()).findings if one.code == "CC132"]


@pytest.mark.parametrize(
    "layers",
    [
        "conv3-16, res, res",
        "res, res",
        "{res: , times: 2}",
        "{repeat: {times: 3, layers: [relu, res]}}",
    ],
)
def test_a_sum_with_the_net_s_input_in_each_call_is_warned_of(layers: str) -> None:
    (finding,) = found(f"{CONV}, {SUM}", layers)
    assert (finding.severity, finding.line) == ("warning", 4)
    assert finding.message == (
        "`input` is the net's input in every call of the block: what arrives there is 32x32x16 "
        "too, and is not added"
    )
    assert finding.help == (
        "what arrives at the block: `- {identity: , name: start}` as its first layer, and "
        "`from: [start, t]`",
        "`ignore: [CC132]` beside it, where the net's input is meant",
    )
    assert finding.related[-1].message == "in the block called here"


def test_what_the_help_says_is_not_warned_of() -> None:
    start = "{identity: , name: start}"
    assert found(f"{start}, {CONV}, {SUM.replace('input', 'start')}", "res, res") == []
    ignored = "{add: {}, from: [input, t], ignore: [CC132]}"
    assert found(f"{CONV}, {ignored}", "res, res") == []


@pytest.mark.parametrize(
    ("body", "layers"),
    [
        (f"{CONV}, {SUM}", "conv3-16, res"),  # once: a sum around the whole net
        (f"{CONV}, {SUM}", "conv3-16, res, conv3-8, conv3-16, conv3-8"),
        (f"{CONV}, {SUM}", "conv3-8, res, conv3-8, res"),  # another volume arrives
        (f"{CONV}, {{concat: {{}}, from: [input, t]}}, conv1-16", "conv3-16, res, res"),
        (f"{{identity: , name: s}}, {CONV}, {{add: {{}}, from: [input, s, t]}}", "res, res"),
        # a residual block of its own, and the input once more
        (f"{{add: {{branches: [[conv3-16], []]}}}}, {CONV}, {SUM}", "conv3-16, res, res"),
        (f"{CONV}, {{add: {{}}, from: [t, t]}}", "conv3-16, res, res"),
    ],
)
def test_what_may_be_meant_is_left_alone(body: str, layers: str) -> None:
    assert found(body, layers) == []


def test_a_name_that_a_call_passes_is_left_alone() -> None:
    """`input` is written where the call stands: of the whole net."""
    body = f"{CONV}, {{add: {{}}, from: [=skip, t]}}"
    assert found(body, "conv3-16, {res: input}, {res: input}", head="    args: {skip: }\n") == []


def test_nothing_is_said_of_a_file_at_fault() -> None:
    assert found(f"{CONV}, {SUM}", "conv3-16, res, res, conf3-8") == []


def test_bundled_nets_read_their_own_inputs() -> None:
    for name in zoo.names():
        assert all(one.code != "CC132" for one in load(name, zoo.read(name)).findings)


def test_very_many_calls_are_looked_at_once() -> None:
    (finding,) = found(f"{CONV}, {SUM}", "conv3-16, {res: , times: 20000}")
    assert finding.line == 4
