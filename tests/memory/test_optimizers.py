"""Every optimizer against torch.optim, measured: its state, and what a step allocates."""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.memory import trace as kind_of
from convcalc.memory.optimizer_step import OptimizerStep
from convcalc.memory.optimizers import BY_NAME, FUSED, IMPLEMENTATIONS, OPTIMIZERS, Optimizer
from convcalc.memory.settings import contradiction
from convcalc.memory.trace import Trace

_MEASURED = json.loads((Path(__file__).parent / "optimizers.json").read_text(encoding="utf-8"))
_CASES = {(c["optimizer"], c["impl"], c["decay"]): c for c in _MEASURED["cases"]}
_WAYS = [(impl, decay) for impl in IMPLEMENTATIONS for decay in (False, True)]


def _bytes(settings: Settings, sizes: list[int]) -> tuple[int, int]:
    """State and temporary bytes of a step over parameters of so many elements."""
    trace = Trace()
    step = OptimizerStep(settings, lambda: enumerate(4 * size for size in sizes))
    for number, size in enumerate(sizes):
        trace.make(kind_of.PARAMETER, number, 0, 4 * size)
    before = trace.live(1)[-1]
    step.settle(trace)
    base = trace.live(1)[-1]
    step.step(trace)
    assert trace.live(1)[-1] == base, "everything temporary goes"
    return base - before, max(trace.live(1)) - base


@pytest.mark.parametrize("record", OPTIMIZERS[1:], ids=lambda record: record.name)
@pytest.mark.parametrize(("impl", "decay"), _WAYS)
def test_state_and_temporaries(record: Optimizer, impl: str, decay: bool) -> None:
    settings = Settings(1, "float32", record.name, 1e-4 if decay else 0.0, impl)
    if impl == "fused" and not record.fused:
        assert contradiction(settings, ())
        return
    case: dict[str, Any] | None = _CASES.get((record.name, impl, decay))
    assert case is not None, (
        f"no measured case of {record.name}, {impl}, {decay=}: "
        "run tests/memory/measure_optimizers.py"
    )
    found = [_bytes(settings, sizes) for sizes in _MEASURED["sizes"]]
    assert [state for state, _ in found] == case["state"], "its `state` or `counter`"
    field = impl + "_decay" * decay
    assert [temporary for _, temporary in found] == case["temporary"], f"its `{field}`"


def test_every_optimizer_is_measured_and_no_other() -> None:
    assert {name for name, _, _ in _CASES} == {*BY_NAME} - {"none"}


def test_fused_is_refused_where_there_is_none() -> None:
    sentence = contradiction(Settings(optimizer="rmsprop", optimizer_impl="fused"), ())
    assert sentence is not None
    assert sentence.startswith("rmsprop has no fused implementation: choose foreach or loop")
    for name in FUSED:
        assert contradiction(Settings(optimizer=name, optimizer_impl="fused"), ()) == ""


def test_no_optimizer_keeps_and_allocates_nothing() -> None:
    assert _bytes(Settings(optimizer="none"), [5, 6]) == (0, 0)
