"""Lines of code in a list in brackets: YAML cuts them at their commas."""

import pytest

from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.fix.repairs import offered

SPEC = (
    "input: 32x32x3\nlayers: [nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3600, 10)]\n"
)


def test_a_call_that_is_cut_says_where_it_goes() -> None:
    found = [f for f in load("net.yaml", SPEC.encode()).findings if f.severity is Severity.ERROR]
    begins = "inside [ ] YAML ends an entry at each comma: write `- nn."
    assert [
        f.help[0].startswith(begins) for f in found if "(" in f.message and ")" not in f.message
    ]
    assert found[0].help == (f"{begins}Conv2d(...)` on a line of its own below `layers:`",)


def test_no_part_of_a_call_is_a_layer() -> None:
    assert all("fc-3600" not in offer.text for offer in offered(SPEC))


def test_one_finding_is_about_a_call_and_not_its_parts() -> None:
    found = [f for f in load("net.yaml", SPEC.encode()).findings if f.severity is Severity.ERROR]
    assert [f.message for f in found] == [
        f"unknown layer kind {word!r}"
        for word in ("nn.Conv2d(3", "nn.ReLU()", "nn.Flatten()", "nn.Linear(3600")
    ]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("[nn.Conv2d(3, 16, 3), nn.ReLU()]", ["conv3-16p0", "relu"]),
        ("[Conv(3,16,k=3,s=2), relu]", ["conv3-16s2", "relu"]),
        ("[conv3-8,\n  nn.Conv2d(8, 16,\n  (3, 3), padding='same'),\n  relu,\n]",
         ["conv3-8", "conv3-16", "relu"]),
        ("[nn.Conv2d(3, 8, 3, padding=1), {dropout: {rate: 0.5}}]",
         ["conv3-8p1", "{dropout: {rate: 0.5}}"]),
    ],
)  # fmt: skip
def test_the_list_is_written_with_one_entry_a_line(given: str, lines: list[str]) -> None:
    spec = f"input: 31x31x3\nlayers: {given}\noutputs: [conv1]\n"
    listed = "".join(f"\n  - {line}" for line in lines)
    assert offered(spec)[0].text == spec.replace(f" {given}", listed)


def test_in_a_block_and_a_branch_it_is_too() -> None:
    calls = "[nn.Conv2d(8, 8, 3, padding=1), relu]"
    spec = (
        "input: 8x8x8\nblocks:\n  b:\n    layers: {0}\nlayers:\n  - b\n  - add:\n"
        "      branches:\n        body: {1}\n        skip: []\n"
    )
    made = spec.format(
        "{0}      - conv3-8p1{0}      - relu", "{0}          - conv3-8p1{0}          - relu"
    )
    made = made.replace(" {0}", "\n").replace("{0}", "\n")
    assert offered(spec.format(calls, calls))[0].text == made


@pytest.mark.parametrize(
    "given",
    [
        "[nn.Conv2d(3, 16, 3), # the first\n  relu]",
        "[nn.Conv2d(3, 16, relu]",
        "[nn.Conv2d(3, 16, 3), relu] # all",
    ],
)
def test_what_is_not_whole_or_has_a_comment_stays(given: str) -> None:
    spec = f"input: 32x32x3\nlayers: {given}\n"
    assert all(given in offer.text for offer in offered(spec))
