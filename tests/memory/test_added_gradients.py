"""When gradients of parameters are made and added up, beside those of volumes."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.account import Account
from convcalc.memory.training import training
from convcalc.spec.load import load

AGAIN = """\
input: 8x8x3
layers:
  - conv1-128
  - slice: {start: 0, stop: 8}
  - conv1-16
  - scale: {bias: true}
  - conv1-2
  - global_avg_pool
"""
WIDE = """\
input: 8x8x3
layers: [conv1-64, scale: {bias: true}, conv1-2, global_avg_pool]
"""
HANDED = """\
input: 6x6x1
layers:
  - scale
  - sigmoid
  - tanh
  - conv3-1
  - {concat: {}, from: [conv1, tanh1]}
  - global_avg_pool
"""


@pytest.mark.parametrize(
    ("text", "settings", "measured"),
    [
        (AGAIN, Settings(2, optimizer="sgd", checkpoint="conv1..scale1"), 82_488),
        (AGAIN, Settings(2, optimizer="sgd"), 74_936),
        (WIDE, Settings(2, optimizer="sgd"), 135_736),
        (WIDE, Settings(2, optimizer="sgd", keep_grads=True), 137_016),
        (WIDE, Settings(2, optimizer="sgd", accumulate=2), 137_016),
        (WIDE, Settings(2, optimizer="sgd", keep_grads=True, checkpoint="conv1..scale1"), 136_760),
        (HANDED, Settings(2, optimizer="sgd", accumulate=2), 2_184),
    ],
)
def test_backward_peaks_are_as_measured(text: str, settings: Settings, measured: int) -> None:
    """With PyTorch 2.13, two images in each (micro-)batch, every storage followed.

    A shift was added last: its gradient comes before all others of a `scale`. A slice of a concat's
    gradient is added to before the layer's own gradients are added to those that are there.
    """
    trace = training(analyze(load("net.yaml", text.encode()), settings), 2)
    assert Account(trace, 2).phase("backward") == measured
