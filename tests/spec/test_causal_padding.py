"""`pad: causal`, Keras's word, is told the sides that it means."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

HEAD = "input: 100x4\nlayers:\n  - "


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("conv: {filters: 8, kernel: 7, pad: causal}", "pad: [6, 0]}"),
        ("conv: {filters: 8, kernel: 7, pad: causal, dilation: 4}", "pad: [24, 0], dilation: 4}"),
        ("Conv1D(8, 3, padding='causal', dilation_rate=2)", "pad: [4, 0], dilation: 2}"),
        ("Conv1D: {filters: 8, kernel_size: 7, padding: causal}", "pad: [6, 0]}"),
    ],
)
def test_the_sides_are_written(entry: str, meant: str) -> None:
    repair = words_replaced(load("net.yaml", f"{HEAD}{entry}\n".encode()))
    assert repair is not None and repair.text.endswith(f"{meant}\n")
    network = load("net.yaml", repair.text.encode())
    assert network.findings == () and network.steps[-1].output == (100, 8)


def test_where_the_window_is_no_number_a_sample_is_given(layers) -> None:
    spec = layers("- conv: {filters: 8, kernel: [7], pad: causal}", shape="100x4")
    assert (
        spec.help
        == "what lies before a sequence alone: `[2, 0]` for a window of 3, times its dilation"
    )
