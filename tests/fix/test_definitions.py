"""A misspelt argument is written as its uses spell it, in its definition alone."""

import pytest

from tests.fix.repairs import faults, first

BLOCK = """\
input: 16x16x3
blocks:
  b:
    args: {{{}: }}
    layers:
      - conv: {{filters: ={}, kernel: 3}}
      - conv: {{filters: ={}, kernel: 3}}
layers:
  - b: {}
"""


@pytest.mark.parametrize("call", ["8", "[8]", "{channels: 8}"])
def test_the_definition_is_edited_where_all_its_uses_agree(call: str) -> None:
    repaired = first(BLOCK.format("chanels", "channels", "channels", call))
    assert repaired == BLOCK.format("channels", "channels", "channels", call)
    assert faults(repaired) == []


def test_two_blocks_with_the_same_slip_are_both_edited() -> None:
    block = BLOCK.format("chanels", "channels", "channels", "8")
    other = block[block.index("  b:") : block.index("layers:\n  - b")].replace("  b:", "  c:")
    both = block.replace("layers:\n  - b", f"{other}layers:\n  - c: 8\n  - b")
    assert first(both) == both.replace("chanels", "channels")


@pytest.mark.parametrize(
    ("one", "other", "call"),
    [("chanels", "channels", "8"), ("channels", "channels", "{chanels: 8}")],
)
def test_a_definition_that_is_read_stays(one: str, other: str, call: str) -> None:
    assert "args: {chanels: }" in first(BLOCK.format("chanels", one, other, call))
