"""The true bytes of PyTorch 2.13 with mixed precision, checkpointing, every optimizer and loop.

`reference2/expected.json` was measured with every storage followed from creation to last reference
(its `about` says how), on the nets of `reference/`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.memory.precisions import with_precision
from convcalc.memory.segments import segments_of
from convcalc.memory.training import trained
from convcalc.network.record import Network
from convcalc.spec.load import load

_HERE = Path(__file__).parent
_NETS: dict[str, Any] = json.loads((_HERE / "reference2" / "expected.json").read_text())["nets"]
_PHASES = {"fwd": "forward", "bwd": "backward", "opt": "step"}
_NAMES = {"momentum": "sgd-momentum", "rmsprop_momentum": "rmsprop-momentum",
          "rmsprop_centered": "rmsprop-centered"}  # fmt: skip


@cache
def _network(spec: str) -> Network:
    return load(spec, (_HERE / "reference" / spec).read_bytes())


def _cases(mode: str) -> list[Any]:
    return [
        pytest.param(net["spec"], case, id=f"{name}-{number}-{case.get('precision', 'fp32')}")
        for name, net in _NETS.items()
        for number, case in enumerate(net["cases"])
        if case["mode"] == mode
    ]


def _analysis(spec: str, case: dict[str, Any]) -> Analysis:
    name = case.get("optimizer", "none")
    decay = name.endswith("_wd")
    name = name.removesuffix("_wd")
    settings = Settings(
        case["batch"],
        optimizer=_NAMES.get(name, name),
        weight_decay=1e-4 if decay else 0.0,
        optimizer_impl=case.get("impl", "foreach"),
        accumulate=case.get("accumulate", 1),
        clip_grad="" if case.get("clip", "none") == "none" else case["clip"],
        ema=case.get("ema", False),
        keep_grads=case.get("zero", "none") == "zero",
    )
    settings = with_precision(settings, case.get("precision", "fp32"))
    analysis = analyze(_network(spec), settings)
    assert not analysis.broken
    return analysis


def trained_account(spec: str, case: dict[str, Any]) -> Account:
    analysis = _analysis(spec, case)
    steps = {row.step.name: number for number, row in enumerate(analysis.rows)}
    spans = [(steps[first], steps[last]) for first, last in case.get("checkpoint", ())]
    segments = segments_of(analysis.rows, spans)
    return Account(trained(analysis, case["batch"], segments), case["batch"])


def test_the_reference_holds_all_its_cases() -> None:
    assert len(_cases("infer")) == 28
    assert len(_cases("train")) == 204


@pytest.mark.parametrize(("spec", "case"), _cases("infer"))
def test_inference(spec: str, case: dict[str, Any]) -> None:
    account = Account(inference(_analysis(spec, case)), case["batch"])
    assert (account.base, account.peak) == (case["base"], case["peak"])
    assert sum(account.breakdown()) == case["peak"]


@pytest.mark.parametrize(("spec", "case"), _cases("train"))
def test_training(spec: str, case: dict[str, Any]) -> None:
    account = trained_account(spec, case)
    found = {short: account.phase(name) for short, name in _PHASES.items()}
    found |= {
        "base": account.base,
        "end_fwd": account.end_forward,
        "end_bwd": account.end_backward,
        "peak": account.peak,
    }
    assert found == {name: case[name] for name in found}
    assert account.at.phase == _PHASES[case["where"]]
    assert sum(account.breakdown()) == case["peak"]
