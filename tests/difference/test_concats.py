"""A concat onto a concat is one of all that they read, as a folded import writes it."""

from itertools import pairwise

import pytest

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.spec.load import load

SPEC = """\
input: 8x8x3
layers:
  - {conv: {filters: 4, kernel: 3, pad: 1}, name: a}
  - {conv: {filters: 4, kernel: 3, pad: 1}, from: a, name: b}
  - {conv: {filters: 4, kernel: 3, pad: 1}, from: b, name: c}
  - {concat: {}, from: [a, b], name: ab}
  - {conv: {filters: 2, kernel: 1}, from: ab, name: d}
  - {concat: {}, from: [READS], name: all}
  - {conv: {filters: 2, kernel: 1}, from: all, name: e}
outputs: [d, e]
"""


def changed(*reads: str) -> list[tuple[str, tuple[str, ...]]]:
    """The layers that differ, and how."""
    nets = (analyze(load("net.yaml", SPEC.replace("READS", one).encode())) for one in reads)
    found = difference(*nets)
    assert not found.added and not found.removed
    return [(change.before.step.name, change.own) for change in found.changed]


@pytest.mark.parametrize(
    "reads",
    [
        ("ab, c", "a, b, c"),
        ("a, b, c", "ab, c"),
        ("c, ab", "c, a, b"),
        ("c, a, b", "c, ab"),
        ("ab, c, ab", "a, b, c, a, b"),
    ],
)
def test_a_join_onto_a_join_is_one_of_all(reads: tuple[str, str]) -> None:
    assert changed(*reads) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("ab, c", "b, a, c"), ("a, b, c", "b, a, c"), ("c, ab", "ab, c"), ("ab, c", "c, a, b")],
)
def test_another_order_is_a_difference_and_said_as_it_is_written(before: str, after: str) -> None:
    assert changed(before, after) == [("all", (f"reads {before} -> {after}",))]


def test_a_net_of_thousands_of_joins_onto_joins_is_compared() -> None:
    names = ["a", *(f"j{number}" for number in range(3000))]
    chain = "".join(
        f"  - {{concat: {{}}, from: [{last}, a], name: {name}}}\n" for last, name in pairwise(names)
    )
    spec = f"input: 2x2x1\nlayers:\n  - {{conv: {{filters: 1, kernel: 1}}, name: a}}\n{chain}"
    nets = [analyze(load("net.yaml", text.encode())) for text in (spec, spec + "  - relu\n")]
    found = difference(*nets)
    assert len(found.added) == 1 and not found.changed
