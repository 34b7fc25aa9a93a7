"""Small nets whose bytes PyTorch 2.13 was asked for: each differed once from what we said.

Measured as `reference2/` was: CUDA's dispatch on tensors without numbers, every storage followed.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.precisions import with_precision
from convcalc.memory.segments import segments_of
from convcalc.memory.training import trained
from convcalc.spec.load import load

_CASES = json.loads(Path(__file__).with_name("small_nets.json").read_text(encoding="utf-8"))[
    "cases"
]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["about"])
def test_a_step_needs_what_pytorch_needs(case: dict[str, Any]) -> None:
    layers = "".join(f"- {json.dumps(entry)}\n" for entry in case["layers"])
    spec = f"input: {case['input']}\nlayers:\n{layers}".encode()
    batch, micro_batches = case["batch"], case["accumulate"]
    settings = Settings(batch * micro_batches, optimizer="sgd", accumulate=micro_batches)
    analysis = analyze(load("a.yaml", spec), with_precision(settings, case["precision"]))
    assert not analysis.broken, analysis.findings
    segments = segments_of(analysis.rows, [(first, last) for first, last in case["checkpoint"]])
    found = Account(trained(analysis, batch, segments), batch)
    assert {
        "base": found.base,
        "forward": found.phase("forward"),
        "end_forward": found.end_forward,
        "backward": found.phase("backward"),
        "end_backward": found.end_backward,
        "step": found.phase("step"),
    } == case["bytes"]
