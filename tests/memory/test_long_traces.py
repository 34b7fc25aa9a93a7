"""What long nets keep in columns, and make again when it is asked for, answers as short nets do."""

from collections.abc import Callable
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory import apart, columns, layer_tensors, trace
from convcalc.memory.account import Account
from convcalc.memory.alike import AlikeColumns, Tensor
from convcalc.memory.beforehand import taken_apart
from convcalc.memory.fit import Simulation
from convcalc.memory.forward import inference
from convcalc.memory.made_again import MadeAgain
from convcalc.memory.part_steps import PartSteps
from convcalc.memory.remedies import Holder, holders
from convcalc.memory.training import training
from convcalc.spec.load import load

_UNEVEN = "conv: {filters: 6, kernel: 3, pad: [0, 2, 2, 0]}"
_SPECS = {
    "uneven padding": f"""
- {{{_UNEVEN}, name: a}}
- relu
- {{{_UNEVEN}, weights: a}}
- {{{_UNEVEN}}}
- max_pool: {{kernel: 2, stride: 1, pad: [0, 1, 0, 1]}}
- batch_norm
- {{{_UNEVEN}, times: 3}}
- fc-5
""",
    "several parts": f"""
- conv3-6
- {{relu: , name: a}}
- add: {{branches: [[{_UNEVEN}], [], [conv3-6], [tanh]]}}
- average: {{branches: [[], [conv1-6], [relu]]}}
- multiply: {{branches: [[], [conv1-6], [sigmoid]]}}
- crop: {{sides: [1, 2, 0, 1]}}
- conv_transpose: {{filters: 4, kernel: 3, stride: 2, pad: [0, 1, 1, 0]}}
- dropout
- flatten
- layer_norm
- fc-3
""",
    "channels last": f"""
- {_UNEVEN}
- layer_norm: {{axes: channels}}
- {_UNEVEN}
- relu
- conv3-4
""",
    "checkpoints": f"""
- {{{_UNEVEN}, checkpoint: a, name: a}}
- {{relu: , checkpoint: a}}
- {{{_UNEVEN}, checkpoint: b}}
- {{add: , from: [a, a, a], name: b}}
""",
}  # fmt: skip
_SETTINGS = {
    "plain": Settings(),
    "autocast": Settings(precision="amp-bf16"),
    "whole numbers": Settings(dtype="int8"),
    "shards": Settings(gpus=2, shard="zero3", optimizer="adam"),
}


def _analysis(spec: str, settings: str) -> Analysis:
    net = load("net.yaml", f"input: 12x12x3\nlayers:{_SPECS[spec]}".encode())
    found = analyze(net, _SETTINGS[settings])
    assert not found.broken, found.findings
    return found


def _said(trace_: trace.Trace) -> dict[str, Any]:
    """All that a trace says; sizes tensor by tensor, for equal ones may have several records."""
    account, alike = Account(trace_, 3), trace_.alike
    columns_ = (trace_.steps, trace_.references, trace_.events, trace_.leftovers())
    return {
        "tensors": [alike[number] for number in trace_.of],
        "columns": [[*column] for column in columns_],
        "marks": [*trace_.marks],
        "kept": [*trace_.kept],
        "roles": [*trace_.roles],
        "breakdown": account.breakdown(),
        "totals": {role: account.total(role) for role in trace_.roles},
        "peak": (account.peak, account.at, account.saved, account.gradients),
        "live": [*trace_.live(3)],
    }


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def set_bounds() -> None:
        for module in (apart, columns, trace):
            monkeypatch.setattr(module, "LONG", 1)
        for module in (layer_tensors, trace):
            monkeypatch.setattr(module, "_MOST_KNOWN", 2)

    return set_bounds


@pytest.mark.parametrize("settings", _SETTINGS)
@pytest.mark.parametrize("spec", _SPECS)
def test_traces_are_the_same(spec: str, settings: str, long: Callable[[], None]) -> None:
    analysis = _analysis(spec, settings)

    def all_said() -> list[object]:
        learns = settings != "whole numbers"
        traces = [inference(analysis)] + [training(analysis, n) for n in (1, 2) if learns]
        lines = [Simulation(analysis, learning, lambda _: None).lines(2) for learning in (False,)]
        return [*map(_said, traces), lines]

    short = all_said()
    long()
    assert all_said() == short


@pytest.mark.parametrize("spec", _SPECS)
def test_steps_of_parts_are_the_same(spec: str, long: Callable[[], None]) -> None:
    analysis = _analysis(spec, "plain")
    short = taken_apart(analysis)
    long()
    found = taken_apart(analysis)
    assert found is not None and short is not None
    steps, rows = found.analysis.network.steps, found.analysis.rows
    assert isinstance(steps, PartSteps)
    assert (tuple(steps), steps[-1]) == (short.analysis.network.steps, steps[len(steps) - 1])
    assert steps[1:3] == [*steps][1:3]
    assert [*rows] == [*short.analysis.rows]


def test_records_of_unlike_layers_are_not_kept(long: Callable[[], None]) -> None:
    analysis = _analysis("uneven padding", "plain")
    short = layer_tensors.Tabulation(analysis, training=True)
    long()
    found = layer_tensors.Tabulation(analysis, training=True)
    assert isinstance(short.layers, list)
    assert isinstance(found.layers, MadeAgain)
    assert found.widths == short.widths

    def sizes(layers: object) -> list[int]:
        return [own.size for own in layers if own is not None]  # type: ignore[attr-defined]

    assert sizes(found.layers) == sizes(found.layers[:]) == sizes(short.layers)


def test_columns_hold_numbers_of_any_size() -> None:
    alike = AlikeColumns()
    tensors = [Tensor("a", 2**63 - 1, -4), Tensor("b", 2**63, 0), Tensor("a", 5, -(2**70))]
    for tensor in tensors:
        alike.append(tensor)
    assert ([*alike], alike[1:], len(alike)) == (tensors, tensors[1:], 3)


@pytest.mark.parametrize("spec", _SPECS)
def test_what_layers_hold_at_the_peak_is_what_their_tensors_do(spec: str) -> None:
    account = Account(training(_analysis(spec, "plain"), 2), 2)
    totals: dict[int, int] = {}
    for tensor in account.alive_at_peak():
        totals[tensor.step] = totals.get(tensor.step, 0) + tensor.bytes
    of_layers = {step: held for step, held in enumerate(account.layers_at_peak()) if held}
    assert of_layers == {step: held for step, held in totals.items() if step >= 0}
    ordered = sorted(of_layers, key=lambda step: (-of_layers[step], step))
    assert holders(account) == [Holder(step, of_layers[step]) for step in ordered[:3]]
