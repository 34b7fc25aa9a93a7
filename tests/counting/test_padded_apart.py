"""What PyTorch pads or cuts in a step of its own is counted by its tools: a note says so."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.spec.load import load

UP = "conv_transpose: {kernel: 3, stride: 2, filters: 4"
POOL = "max_pool: {kernel: 3, stride: 2"


@pytest.mark.parametrize(
    ("layer", "tool", "said"),
    [
        (f"{UP}, pad: same}}", "thop", True),
        (f"{UP}, pad: same}}", "torchinfo", True),
        (f"{UP}, pad: same}}", "torchprofile", True),
        (f"{UP}, pad: same}}", "ptflops", True),
        (f"{UP}, pad: same, bias: false}}", "ptflops", False),
        (f"{UP}, pad: 1}}", "thop", False),
        (f"{UP}, pad: 1, output_pad: 1}}", "ptflops", False),
        (f"{UP}, pad: same}}", "fvcore", False),
        (f"{POOL}, pad: same}}", "ptflops", True),
        (f"{POOL}, pad: same}}", "ptflops@0.6", True),
        (f"{POOL}, pad: same}}", "thop", False),
        (f"{POOL}, pad: 1, rounding: floor}}", "ptflops", False),
        ("l2_pool: {kernel: 3, stride: 1, pad: 1}", "ptflops", True),
        ("l2_pool: {kernel: 2}", "ptflops", False),
    ],
)
def test_a_step_of_its_own_is_said(layer: str, tool: str, said: bool) -> None:
    analysis = analyze(load("n.yaml", f"input: 8x8x3\nlayers:\n  - {layer}\n".encode()))
    assert not analysis.broken, analysis.findings
    notes = Counter(analysis).count(find(tool)).notes
    assert any("in a step of its own" in note.text for note in notes) is said
