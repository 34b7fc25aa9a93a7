"""The times of a page: those that `verify` measures, by a clock that the tests wind."""

import json
import re
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

import convcalc
from convcalc.analysis.settings import Settings
from convcalc.api.options import case
from convcalc.study import running
from convcalc.study.measured import measured
from convcalc.study.outcome import Case, study
from convcalc.study.verify import verify
from convcalc.verify import checks, run

SHARED = """\
input: 8x8x3
layers:
  - conv: {filters: 4, kernel: 3, pad: 1}
    name: a
  - batch_norm
  - relu
  - conv: {filters: 4, kernel: 3, pad: 1}
    name: b
  - add:
    from: [a, b]
  - {max_pool: {kernel: 2}}
  - dropout
  - fc: {units: 5}
"""
NETS = ("lenet5", SHARED, "input: 6x4\nlayers: [relu]\n")
Wind = Callable[[], None]


@pytest.fixture
def wind(monkeypatch: pytest.MonkeyPatch) -> Wind:
    """Sets the clock of the runs back; no two layers take as long by it."""
    monkeypatch.setattr(run, "product_rate", lambda dtype: 1)

    def back() -> None:
        ticks = count()
        monkeypatch.setattr(run, "perf_counter", lambda: next(ticks) ** 2 * 0.000_123_457)

    return back


def _nets(page: str) -> list[dict[str, Any]]:
    found = re.search(r'id="data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])["nets"]


def _times(net: dict[str, Any]) -> dict[str, int]:
    at = {name: place for place, name in enumerate(net["layers"]["fields"])}
    return {row[at["name"]]: row[at["time"]] for row in net["layers"]["rows"]}


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_times_are_those_that_verify_measures(wind: Wind, dtype: Any) -> None:
    wind()
    runs = [verify(case(net, dtype=dtype)).found for net in NETS]
    wind()
    page = convcalc.report(*NETS, measure=True, dtype=dtype, batch=32, optimizer="adam")
    found = _nets(page.html)
    assert len(found) == len(runs) == 3
    for net, verified in zip(found, runs, strict=True):
        expected = {one.row.step.name: round(one.seconds * 1e9) for one in verified.layers}
        assert len(set(expected.values())) == len(expected) and min(expected.values()) > 0
        assert _times(net) == {"input": 0} | expected
        assert f"one pass of one image in {dtype} with NumPy" in net["measured"]
        assert "on the machine that wrote this page" in net["measured"]


def test_nothing_runs_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convcalc.study.verify.one_pass", None)
    monkeypatch.setattr("convcalc.study.measured.one_pass", None)
    (net,) = _nets(convcalc.report("lenet5").html)
    assert "measured" not in net and "time" not in net["layers"]["fields"]
    with pytest.raises(TypeError):
        convcalc.report("lenet5", measure=True)


def test_all_nets_are_looked_at_before_one_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convcalc.study.measured.one_pass", None)
    broken = "input: 8x8x3\nlayers: [{max_pool: {kernel: 3}}]\n"
    with pytest.raises(convcalc.NetError, match="8 - 3") as refused:
        convcalc.report("lenet5", broken, measure=True)
    with pytest.raises(convcalc.NetError) as verified:
        convcalc.verify(broken)
    assert str(refused.value) == str(verified.value)
    monkeypatch.setattr(checks, "available_bytes", lambda: 1_000_000)
    with pytest.raises(convcalc.RequestError, match=r"needs .* bytes, 1,000,000 are free"):
        convcalc.report("lenet5", "vgg16", measure=True)
    with pytest.raises(convcalc.RequestError, match="float16, not int8: see `dtype`"):
        convcalc.report("lenet5", measure=True, dtype="int8")


def test_a_long_run_is_announced(wind: Wind, monkeypatch: pytest.MonkeyPatch) -> None:
    wind()
    said: list[str] = []
    seen: list[tuple[int, int, str]] = []
    monkeypatch.setattr(running, "_SLOW", 1000)
    outcome = study(Case("lenet5", Settings(batch=64)))
    (found,) = measured([outcome], lambda *shown: seen.append(shown), said.append)
    assert said == ["0 G MACs to run: this may take up to 7 minutes"]  # 416,520 MACs: one image
    assert [name for *_, name in seen] == [one.row.step.name for one in found.layers]
    assert {one.batch for one in found.layers} == {1}


def test_without_numpy_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ModuleNotFoundError("No module named 'numpy'", name="numpy")

    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "convcalc.backend.arrays":
                raise error

    monkeypatch.delitem(sys.modules, "convcalc.backend.arrays")
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(convcalc.RequestError, match="`measure` needs NumPy: pip install"):
        convcalc.report("lenet5", measure=True)
