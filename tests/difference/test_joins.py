"""`convcalc diff`: a sum of three volumes, and two sums of two."""

import json

import pytest

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.difference.record import Difference
from convcalc.report.diff import json as diff_json
from convcalc.report.diff.view import DiffView, remarks
from convcalc.spec.load import load

HEAD = (
    "input: 8x8x8\nlayers:\n- {conv3-8: , name: a}\n- {conv1-8: , name: b}\n"
    "- {conv3-8: , from: a, name: c}\n- {conv1-8: , from: a, name: d}\n"
)


def compare(old: str, new: str, head: str = HEAD) -> Difference:
    return difference(*(analyze(load("a.yaml", (head + text).encode())) for text in (old, new)))


def join(kind: str, reads: str, name: str) -> str:
    return f"- {{{kind}: , from: [{reads}], name: {name}}}\n"


@pytest.mark.parametrize("kind", ["add", "multiply", "maximum"])
def test_one_join_of_several_is_joins_of_two(kind: str) -> None:
    whole = join(kind, "b, c, d", "s") + "- relu\n"
    pairs = join(kind, "b, c", "t") + join(kind, "t, d", "s") + "- relu\n"
    other = join(kind, "d, c", "u") + join(kind, "b, u", "v") + "- relu\n"
    for old, new in ((whole, pairs), (pairs, whole), (pairs, other), (other, whole)):
        found = compare(old, new)
        assert found.none
        assert (found.added, found.removed, found.changed) == ((), (), ())
    assert compare(pairs, pairs).joins == ()
    found = compare(whole, pairs)
    assert found.joins == ((("s",), ("t", "s")),)
    assert "the same join, grouped otherwise: s -> t, s" in remarks(found)
    stated = json.loads(diff_json.render(DiffView(found, [])))["joins"]
    assert stated == [{"before": ["s"], "after": ["t", "s"]}]


def test_the_totals_stay_those_of_each_net() -> None:
    """What `analyze` says of either: two products of two make a volume more."""
    found = compare(
        join("multiply", "b, c, d", "s"),
        join("multiply", "b, c", "t") + join("multiply", "t, d", "s"),
    )
    totals = {total.name: total for total in found.totals}
    assert totals["activations"].increase == 8 * 8 * 8
    assert found.none


def test_a_gate_may_stand_anywhere() -> None:
    gate = "- {global_avg_pool: , from: d, name: g}\n"
    whole = gate + join("multiply", "b, g, c", "s")
    pairs = gate + join("multiply", "g, b", "t") + join("multiply", "t, c", "s")
    assert compare(whole, pairs).none


def test_a_long_chain_is_one_join() -> None:
    names = [f"m{i}" for i in range(300)]
    pairs = "".join(
        join("multiply", f"{'b' if i == 0 else names[i - 1]}, {'cd'[i % 2]}", name)
        for i, name in enumerate(names)
    )
    reads = ", ".join(["b", *("cd"[i % 2] for i in range(300))])
    found = compare(join("multiply", reads, "s"), pairs)
    assert found.none
    assert len(found.joins[0][1]) == 300


@pytest.mark.parametrize(
    "other",
    [
        join("add", "b, c", "t") + join("add", "t, a", "s"),  # another volume
        join("add", "b, c", "t") + join("multiply", "t, d", "s"),
        join("add", "b, c", "t") + join("add", "t, d", "s") + join("add", "t, s", "u"),
        join("add", "b, c", "t") + join("add", "t, t", "s"),
        join("add", "b, c", "t") + join("add", "t, d", "s") + "outputs: [t]\n",
        join("add", "b, c", "t") + "- {relu: , name: r}\n" + join("add", "r, d", "s"),
    ],
)
def test_another_net_stays_another_one(other: str) -> None:
    assert not compare(join("add", "b, c, d", "s"), other).none


def test_a_layer_between_two_sums_is_a_difference() -> None:
    """Summed as they are made, branches are let go of; as one sum it holds all of them."""
    head = "input: 8x8x8\nlayers:\n- {conv3-8: , name: a}\n- {conv1-8: , name: b}\n"
    c, d = "- {conv3-8: , from: a, name: c}\n", "- {conv1-8: , from: a, name: d}\n"
    whole = c + d + join("add", "b, c, d", "s")
    between = c + join("add", "b, c", "t") + d + join("add", "t, d", "s")
    assert not compare(whole, between, head).none
