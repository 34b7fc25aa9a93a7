"""True bytes of PyTorch 2.13 for the kinds and optimizers that `reference/` lacks.

`measured.json` was made by tracking every storage of the equivalent torch modules on a CPU, through
the second step of training and through inference; every volume was let go after its last reader.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.memory.training import training
from convcalc.spec.load import load

_NETS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "measured.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("spec", "case"),
    [
        pytest.param(net["spec"], case, id="-".join(map(str, (net["name"], *case.values()))))
        for net in _NETS
        for case in net["cases"]
    ],
)
def test_peaks(spec: str, case: dict[str, Any]) -> None:
    batch = case["batch"]
    settings = Settings(
        batch,
        "float32",
        case["optimizer"],
        case["weight_decay"],
        "foreach" if case["foreach"] else "loop",
    )
    analysis = analyze(load("measured.yaml", spec.encode()), settings)
    assert not analysis.broken
    trained = Account(training(analysis, batch), batch)
    found = {phase: trained.phase(phase) for phase in ("forward", "backward", "step")}
    found["inference"] = Account(inference(analysis), batch).peak
    assert found == {name: case[name] for name in found}
