"""What other tools really reported, read from tests/data/counts."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

DATA = Path(__file__).resolve().parents[1] / "data" / "counts"
GIVEN: dict[str, Any] = json.loads((DATA / "conventions.json").read_text())["given"]

#: the measured tools by the names of our conventions
NAMES = {
    "torchinfo": "torchinfo",
    "fvcore": "fvcore",
    "timm": "timm",
    "thop": "thop",
    "ptflops": "ptflops",
    "ptflops-aten": "ptflops-aten",
    "torch-flop-counter": "torch-flop-counter",
    "calflops": "calflops",
    "deepspeed": "deepspeed",
    "torchprofile": "torchprofile",
    "onnx-tool": "onnx-tool",
    "onnx-tool-bn-folded": "onnx-tool-folded",
    "keras": "keras",
    "tensorflow-profiler": "tensorflow-profiler",
    "netscope": "netscope",
}


@lru_cache(maxsize=64)
def analysis(net: str) -> Analysis:
    path = DATA / "specs" / GIVEN[net]["spec"]
    found = analyze(load(str(path), path.read_bytes()))
    assert not found.broken, net
    return found
