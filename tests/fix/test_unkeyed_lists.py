"""A list of layers below a block's arguments or a repeat's times gets its forgotten key."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

BLOCK = "input: 8x8x3\nblocks:\n{}layers:\n  - b: {{c: 8}}\n"
LIST = "- conv: {{filters: =c, kernel: 3, pad: 1}}\n{0}- relu\n"


def entries(column: int) -> str:
    blanks = " " * column
    return f"{blanks}{LIST.format(blanks)}"


@pytest.mark.parametrize(
    ("given", "repaired"),
    [
        (
            "  b:\n    args: {c: }\n" + entries(4),
            "  b:\n    args: {c: }\n    layers:\n" + entries(4),
        ),
        (
            "  b:\n    args:\n      c:\n    notes: n\n" + entries(4),
            "  b:\n    args:\n      c:\n    notes: n\n    layers:\n" + entries(4),
        ),
        (
            "  b:\n    args: {c: }\n" + entries(6),
            "  b:\n    args: {c: }\n    layers:\n" + entries(6),
        ),
        ("  b: {c: }\n" + entries(4), "  b:\n    args: {c: }\n    layers:\n" + entries(4)),
        (
            "  b: {c: }  # one\n    layers:\n" + entries(6),
            "  b:\n    args: {c: }  # one\n    layers:\n" + entries(6),
        ),
    ],
)
def test_the_layers_of_a_block_without_their_key(given: str, repaired: str) -> None:
    (found,) = load("net.yaml", BLOCK.format(given).encode()).findings
    assert "`layers:`" in found.message
    assert first(BLOCK.format(given)) == BLOCK.format(repaired)


def test_the_layers_of_a_repeat_without_their_key() -> None:
    text = "input: 8x8x3\nlayers:\n  - repeat:\n      times: 2\n{}      - conv3-8\n      - relu\n"
    assert first(text.format("")) == text.format("      layers:\n")


@pytest.mark.parametrize(
    "text",
    [
        "input: 8x8x3\nlayers:\n  - conv3-8:\n    name: a\n    - relu\n",
        "input: 8x8x3\nvars:\n  width: 3\n  - relu\nlayers: [relu]\n",
        "input: 8x8x3\nblocks:\n  b:\n    other: 3\n    - relu\nlayers: [b]\n",
    ],
)
def test_other_lists_beside_keys_lack_no_layers(text: str) -> None:
    (found,) = load("net.yaml", text.encode()).findings
    assert "`layers:`" not in found.message
    assert not any("layers:\n    - relu" in offer.text for offer in offered(text))
