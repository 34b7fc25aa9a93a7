"""The true bytes of eager PyTorch 2.13, case by case, to the byte.

`reference/expected.json` was measured by tracking every storage of the networks beside it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.allocator import Reserved, replay
from convcalc.memory.forward import inference
from convcalc.memory.training import training
from convcalc.network.record import Network
from convcalc.spec.load import load

_HERE = Path(__file__).parent / "reference"
_NETS: dict[str, Any] = json.loads((_HERE / "expected.json").read_text())["nets"]
_OPTIMIZERS = {
    "sgd": ("sgd", 0.0),
    "momentum": ("sgd-momentum", 0.0),
    "momentum_wd": ("sgd-momentum", 1e-4),
    "adam": ("adam", 0.0),
}
_PHASES = {"fwd": "forward", "bwd": "backward", "opt": "step"}


@cache
def _network(spec: str) -> Network:
    return load(spec, (_HERE / spec).read_bytes())


def _cases(mode: str) -> list[Any]:
    return [
        pytest.param(net["spec"], case, id="-".join(map(str, (name, *list(case.values())[:4]))))
        for name, net in _NETS.items()
        for case in net["cases"]
        if case["mode"] == mode
    ]


def _trained(spec: str, case: dict[str, Any]) -> Account:
    optimizer, decay = _OPTIMIZERS[case["optimizer"]]
    settings = Settings(
        case["batch"], "float32", optimizer, decay, "foreach" if case["foreach"] else "loop"
    )
    analysis = analyze(_network(spec), settings)
    assert not analysis.broken
    return Account(training(analysis, case["batch"]), case["batch"])


def test_the_reference_holds_all_its_cases() -> None:
    assert len(_cases("infer")) == 36
    assert len(_cases("train")) == 252


@pytest.mark.parametrize(("spec", "case"), _cases("infer"))
def test_inference_peak(spec: str, case: dict[str, Any]) -> None:
    analysis = analyze(_network(spec), Settings(case["batch"]))
    account = Account(inference(analysis), case["batch"])
    assert account.peak == case["peak"]
    assert sum(account.breakdown()) == case["peak"]


@pytest.mark.parametrize(("spec", "case"), _cases("train"))
def test_training_peaks(spec: str, case: dict[str, Any]) -> None:
    account = _trained(spec, case)
    phases = {short: account.phase(name) for short, name in _PHASES.items()}
    assert phases == {short: case[short] for short in _PHASES}
    assert account.peak == case["peak"]
    assert account.at.phase == _PHASES[case["where"]]
    assert account.saved == case["saved_total"]
    assert sum(account.breakdown()) == case["peak"]


@pytest.mark.parametrize(
    ("spec", "case"),
    [param for mode in ("infer", "train") for param in _cases(mode)
     if param.values[1].get("cuda_alloc_sim")],
)  # fmt: skip
def test_the_allocator_reserves_what_the_true_events_make_it_reserve(
    spec: str, case: dict[str, Any]
) -> None:
    if case["mode"] == "infer":
        account = Account(
            inference(analyze(_network(spec), Settings(case["batch"]))), case["batch"]
        )
    else:
        account = _trained(spec, case)
    expected = case["cuda_alloc_sim"]
    assert account.peak == expected["requested"]
    assert replay(account.trace, case["batch"]) == Reserved(
        expected["rounded512"], expected["allocated"], expected["reserved"]
    )
