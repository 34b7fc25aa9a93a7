"""Nets drawn at random from the declarations of every kind: always an analysis, never a crash."""

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.layers import BY_NAME
from convcalc.layers.option import (
    Count,
    Extent,
    Flag,
    InPlace,
    Number,
    Option,
    OptionalNumber,
    PerAxis,
    RoundingChoice,
    Sides,
)
from convcalc.layers.words import Choice, FlagOr, Reference
from convcalc.network.build import Builder
from convcalc.network.place import NOWHERE
from convcalc.network.record import Network
from convcalc.spec.load import load

VALUES: dict[type[Option[Any]], list[Any]] = {
    Count: [1, 2, 3, 4, 8],
    PerAxis: [1, 2, 3, [1, 2], [3, 3, 3]],
    Extent: [1, 4, [2, 3], "4x4x8", "8x8"],
    Sides: [0, 1, 2, "same", "valid", [1, 2], [0, 1, 1, 0]],
    Flag: [True, False],
    InPlace: [True, False],
    Number: [0, 0.5, 0.7, 1, 1.5],
    OptionalNumber: [0, 0.17, 2],
    RoundingChoice: ["exact", "floor", "ceil"],
    Reference: ["input", "l0", "l1"],
}


def _values(option: Option[Any]) -> list[Any]:
    if isinstance(option, FlagOr):
        return [True, False, *option.words]
    return list(option.words) if isinstance(option, Choice) else VALUES[type(option)]


@st.composite
def nets(draw: st.DrawFn) -> dict[str, Any]:
    layers: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        kind = BY_NAME[draw(st.sampled_from(sorted(BY_NAME)))]
        options = {
            option.key: draw(st.sampled_from(_values(option)))
            for option in kind.options()
            if option.required or draw(st.booleans())
        }
        entry: dict[str, Any] = {kind.kind: options, "name": f"l{number}"}
        before = ["input", *(f"l{i}" for i in range(number))]
        if kind.merges:
            entry["from"] = draw(st.lists(st.sampled_from(before), min_size=1, max_size=3))
        elif draw(st.integers(0, 4)) == 0:
            entry["from"] = draw(st.sampled_from(before))
        if kind.has_weights and number and draw(st.integers(0, 9)) == 0:
            entry["weights"] = draw(st.sampled_from(before[1:]))
        layers.append(entry)
    shape = draw(st.sampled_from(["8x8x4", "16x16x8", "32x4", "9x7x4", "4x4x4x2", "64"]))
    rounding = draw(st.sampled_from(VALUES[RoundingChoice]))
    return {"input": shape, "rounding": rounding, "layers": layers}


@given(nets())
@settings(max_examples=300, deadline=None)
def test_every_net_is_tallied_or_told_why_not(net: dict[str, Any]) -> None:
    found = analyze(load("net.yaml", yaml.safe_dump(net).encode()))
    totals, rows = found.totals, found.rows
    assert len(rows) == len(net["layers"]) + 1
    if found.broken:
        assert any(f.severity is Severity.ERROR for f in found.findings)
        assert totals.params is totals.macs is totals.activations is None
        return
    assert totals.params == sum(row.params or 0 for row in rows)
    assert totals.macs == sum(row.macs or 0 for row in rows)
    assert totals.activations == sum(row.activations or 0 for row in rows if row.new_volume)
    # positions that a reshape makes of a vector, or of fewer axes, all see the same: no step
    reshaped = any("reshape" in entry for entry in net["layers"])
    for row in rows:
        assert row.step.output is not None and min(row.step.output) >= 1
        assert all(isinstance(field.size, int) and field.size >= 1 for field in row.receptive_field)
        assert reshaped or all(field.stride > 0 for field in row.receptive_field)


def _built(net: dict[str, Any]) -> Network:
    """The same net as `load` makes of it, by the builder."""
    shape = tuple(map(int, net["input"].split("x")))
    builder = Builder("net.yaml", rounding=net["rounding"]).input("input", shape)
    for entry in net["layers"]:
        (kind, options), *_ = entry.items()
        given = {key: entry[word] for key, word in _WORDS.items() if word in entry}
        builder.add(kind, **given, **options)
    return builder.build()


_WORDS = {"name": "name", "inputs": "from", "weights": "weights"}


@given(nets())
@settings(max_examples=150, deadline=None)
def test_the_builder_makes_the_same_net_as_the_spec(net: dict[str, Any]) -> None:
    alone = json.loads(json.dumps(net))  # no anchors: what stands at one place is said once
    built, read = _built(net), load("net.yaml", yaml.safe_dump(alone).encode())
    fewer = [[step._replace(place=NOWHERE) for step in one.steps] for one in (built, read)]
    assert fewer[0] == fewer[1]
    assert built.outputs == read.outputs
    ours, theirs = analyze(built), analyze(read)
    assert ours.totals == theirs.totals
    assert [row[1:] for row in ours.rows] == [row[1:] for row in theirs.rows]
    said = [{(f.code, f.severity, f.layer) for f in one.findings} for one in (ours, theirs)]
    if not any(f.code < "CC1" for f in theirs.findings):  # those of options name no layer
        assert said[0] == said[1]
