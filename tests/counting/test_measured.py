"""Every total, sum by kind, parameter and byte that another tool reported, to the integer."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from measured import GIVEN, NAMES, analysis

from convcalc.counting.known import find
from convcalc.counting.tally import Counter


def _kept(sums: dict[str, int]) -> dict[str, int]:
    return {kind: number for kind, number in sums.items() if number}


@pytest.mark.parametrize("net", GIVEN)
def test_every_measured_number_of_a_net(net: str) -> None:
    counter = Counter(analysis(net))
    held = 0
    for tool, measured in GIVEN[net]["tools"].items():
        if "error" in measured:
            continue
        convention = find(NAMES[tool])
        count = counter.count(convention)
        where = (net, tool)
        if tool == "netscope":
            if not measured["shapes_differ"]:
                held += _hold_netscope(counter, measured)
            continue
        found: dict[str, Any] = {
            "total": count.operations,
            "by_kind": count.by_kind,
            "params": count.params,
            "activations": count.activations,
            "macs": count.also.get("macs"),
            "macs_by_kind": counter.by_kind(convention.also.get("macs")),
            "forward_backward_bytes": count.memory,
            "param_bytes": count.also.get("parameter_bytes"),
            "input_bytes": count.also.get("input_bytes"),
            "memory": count.memory,
        }
        if convention.memory:
            found["forward_backward_bytes_by_kind"] = counter.by_kind(convention.memory.table)
        for key, value in measured.items():
            if key in found:
                expected = _kept(value) if isinstance(value, dict) else value
                assert found[key] == expected, (*where, key)
                held += 1
    assert held > 20, net


def _hold_netscope(counter: Counter, measured: dict[str, Any]) -> int:
    """Its columns, each total and by kind."""
    convention = find("netscope")
    columns = {
        "macc": convention.operations,
        "param": convention.parameters,
        "activation": convention.activations,
        **convention.also,
    }
    for name, table in columns.items():
        assert counter.total(table) == measured["totals"][name], name
        expected = {kind: sums[name] for kind, sums in measured["by_kind"].items()}
        found = counter.by_kind(table)
        found.pop("input", None)
        assert found == _kept(expected), name
    return 2 * len(columns)
