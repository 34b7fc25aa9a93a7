"""Padding that PyTorch's kernels do not take, to the byte: measured by `measure_padding.py`."""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.memory.precisions import with_precision
from convcalc.memory.segments import segments_of
from convcalc.memory.training import trained
from convcalc.spec.load import load

_CASES = json.loads(Path(__file__).with_name("padding.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize(
    "case", _CASES, ids=lambda case: f"{case['about']}-{case['precision']}-{case['batch']}"
)
def test_a_padded_copy_is_counted_as_pytorch_makes_it(case: dict[str, Any]) -> None:
    layers = "".join(f"- {json.dumps(layer)}\n" for layer in case["layers"])
    spec = f"input: {case['input']}\nrounding: ceil\nlayers:\n{layers}".encode()
    batch = case["batch"]
    settings = with_precision(Settings(batch, optimizer="sgd"), case["precision"])
    analysis = analyze(load("a.yaml", spec), settings)
    segments = segments_of(analysis.rows, [(first, last) for first, last in case["checkpoint"]])
    found = Account(trained(analysis, batch, segments), batch)
    assert {
        "inference": Account(inference(analysis), batch).peak,
        "base": found.base,
        "forward": found.phase("forward"),
        "end_forward": found.end_forward,
        "backward": found.phase("backward"),
        "end_backward": found.end_backward,
    } == case["bytes"]
