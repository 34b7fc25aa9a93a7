"""Layers taken apart: once for all runs of a network, with one object for parts that are equal."""

import pytest

from convcalc.analysis.rows import Rows
from convcalc.analysis.walk import analyze
from convcalc.memory import apart as module
from convcalc.memory import beforehand
from convcalc.memory.apart import apart
from convcalc.memory.beforehand import TakenApart, taken_apart
from convcalc.memory.devices import Device
from convcalc.memory.fit import Simulation, fit
from convcalc.memory.forward import Forward
from convcalc.memory.placement import place
from convcalc.spec.load import load

LAYERS = "[conv: {filters: 8, kernel: 1, pad: [0, 1, 0, 1]}]"
NET = load(
    "n.yaml", f"input: 8x8x3\nlayers:\n  - repeat: {{times: 30, layers: {LAYERS}}}\n".encode()
)


def test_parts_that_are_equal_are_one_object() -> None:
    found = apart(analyze(NET))
    layers = {id(step.layer) for step in found.analysis.network.steps}
    assert len(found.analysis.rows) == 61
    assert len(layers) == 3  # the input's none, the padded copy's, the conv's


def test_a_long_net_is_taken_apart_as_a_short_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    short = apart(analyze(NET)).analysis.rows
    monkeypatch.setattr(module, "LONG", 10)
    long = apart(analyze(NET)).analysis.rows
    assert type(long) is Rows and list(long) == list(short)
    assert [long[number] for number in range(len(short))] == list(short)


def test_of_unlike_layers_few_records_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    unlike = ", ".join(f"conv: {{filters: {n}, kernel: 2, pad: [0, 1, 0, 1]}}" for n in range(1, 9))
    layers = "[{" + unlike.replace(", conv", "}, {conv") + "}]"
    spec = f"input: 8x8x3\nlayers:\n  - repeat: {{times: 5, layers: {layers}}}\n"
    analysis, asked = analyze(load("n.yaml", spec.encode())), list[object]()
    made = module.parts_of
    monkeypatch.setattr(module, "parts_of", lambda *of: (asked.append(of), made(*of))[1])
    whole = apart(analysis)
    few = len(asked)
    asked.clear()
    monkeypatch.setattr(module, "_MOST_KNOWN", 4)
    assert apart(analysis) == whole
    assert few == 10 and len(asked) == 41  # the input, 8 or 9 unlike inputs; every layer anew


def test_a_network_is_taken_apart_once_for_all_its_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, run = [], []
    settle = Forward.settle
    monkeypatch.setattr(Forward, "settle", lambda own: (run.append(own.training), settle(own))[1])
    monkeypatch.setattr(
        beforehand, "taken_apart", lambda analysis: (taken.append(1), taken_apart(analysis))[1]
    )
    analysis = analyze(NET)
    found = place(analysis, Device("", 1 << 20, "", context=0), None, lambda shape: None)
    alone = [fit(Simulation(analysis, learning), 1 << 20, 0) for learning in (True, False)]
    assert [found.training, found.inference] == alone
    assert len(run) > 5  # what would fit is tried, too
    assert len(taken) == 2  # once more for whole numbers, whose kernels pad


def test_settings_are_those_of_each_run() -> None:
    taking, analysis = TakenApart(), analyze(NET)
    for dtype in ("float32", "float16", "int8", "float32"):
        own = analysis._replace(settings=analysis.settings._replace(dtype=dtype))
        found = taking(own)
        assert (found is None) == (dtype == "int8")
        assert found is None or found.analysis.settings.dtype == dtype
