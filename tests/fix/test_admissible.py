"""Groups that do not divide the channels, and more kept than there is: the numbers that suit."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, offered, told

HEAD = "input: 8x8x6\nlayers:\n"


@pytest.mark.parametrize(
    ("layer", "option", "numbers"),
    [
        ("conv: {filters: 12, kernel: 3, groups: 4}", "groups", ["3", "2", "6", "1"]),
        (
            "conv_transpose: {filters: 12, kernel: 2, stride: 2, groups: 4}",
            "groups",
            ["3", "2", "6", "1"],
        ),
        ("group_norm: {groups: 4}", "groups", ["3", "2", "6"]),
        ("channel_shuffle: {groups: 4}", "groups", ["3", "2", "6"]),
        ("crop: {size: 9}", "size", ["8"]),
        ("crop: {size: [9, 4]}", "size", ["[8, 4]"]),
        ("slice: {stop: 7}", "stop", ["6"]),
        ("slice: {start: 6}", "start", ["5"]),
        ("slice: {start: 9, stop: 4}", "start", ["3"]),
        ("slice: {start: 8, stop: 10}", "start, stop", ["4, 6"]),
        ("max_pool: {kernel: 2, pad: 2}", "pad", ["1"]),
        ("pool2p2", "pad", ["1"]),
        ("max_pool: {kernel: [2, 4], stride: 1, pad: 2}", "pad", ["[1, 2]"]),
        ("avg_pool: {kernel: 2, stride: 1, pad: [0, 1, 3, 1]}", "pad", ["[0, 1, 1, 1]"]),
        (
            "conv_transpose: {filters: 4, kernel: 2, stride: 2, output_pad: 5}",
            "output_pad",
            ["1"],
        ),
        ("pad: {sides: [8, 1], mode: reflect}", "sides", ["[7, 1]"]),
    ],
)
def test_what_the_help_names_is_offered(layer: str, option: str, numbers: list[str]) -> None:
    found = offered(f"{HEAD}  - {layer}\n  - fc-10\n")
    assert {number for offer in found for _, _, number in told(offer)} == {*numbers}
    assert all(len(offer.changes) == 1 and told(offer)[0][1] == option for offer in found)
    assert all(faults(offer.text) == [] for offer in found)


def test_what_is_wrong_behind_it_is_repaired_too() -> None:
    spec = f"{HEAD}  - conv: {{filters: 12, kernel: 3, groups: 4}}\n  - conv3-8s2p1\n  - fc-10\n"
    best = offered(spec)[0]
    assert faults(best.text) == []
    assert [change.option for change in best.changes] == ["groups", "pad"]


def test_a_formula_is_left() -> None:
    spec = "input: 8x8x6\nvars: {g: 2}\nlayers:\n  - group_norm: {groups: =g*2}\n"
    assert not offered(spec)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("vars: {p: 2}\nlayers: [{max_pool: {kernel: 2, pad: =p}}]\n", "{p: 1}"),
        (
            "blocks: {b: {args: {p: 1}, layers: [{max_pool: {kernel: 2, pad: =p}}]}}\n"
            "layers: [{b: {p: 2}}]\n",
            "{p: 1}}]",
        ),
    ],
)
def test_a_variable_or_a_call_that_gives_it_is_set(wrong: str, right: str) -> None:
    text = f"input: 8x8x6\n{wrong}"
    assert offered(text)[0].text == text.replace(right.replace("1", "2"), right)


def test_a_transposed_conv_says_what_the_largest_output_pad_makes() -> None:
    spec = f"{HEAD}  - conv_transpose: {{filters: 4, kernel: 2, stride: 2, output_pad: 5}}\n"
    (finding,) = analyze(load("net.yaml", spec.encode())).findings
    assert finding.help == ("`output_pad: 1` (17x17x4)",)


@pytest.mark.parametrize(("params", "groups"), [(38_720, 1), (20_288, 2), (11_072, 4)])
def test_groups_that_make_what_the_file_states_come_first(params: int, groups: int) -> None:
    """64*(64/G)*3*3 + 64 of 11 groups that were meant, of which 8, 16 and 4 are the nearest."""
    spec = (
        "input: 8x8x3\nlayers:\n  - conv3-64\n"
        "  - conv: {filters: 64, kernel: 3, groups: 11, pad: 1}\n"
        f"expect: {{params: {params}}}\n"
    )
    best, *others = offered(spec)
    assert told(best) == [("conv2", "groups", str(groups))] and faults(best.text) == []
    numbers = {number for offer in others for _, _, number in told(offer)}
    assert numbers == {"8", "16", "4", "1"} - {str(groups)}
