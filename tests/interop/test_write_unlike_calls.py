"""PyTorch code of very many calls of one block, no two alike: memory in proportion to them."""

import gc
import tracemalloc

import pytest

from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.interop.write.pytorch.slots import Slot, slots
from convcalc.spec.load import load

CALLS = 500
SPEC = """
input: 32x32x3
blocks:
  b:
    args: {n: }
    layers: [conv: {filters: =n, kernel: 1}, relu, conv: {filters: =n+1, kernel: 1}, relu]
layers:
"""


def test_a_call_takes_few_kilobytes() -> None:
    text = SPEC + "".join(f"  - b: {{n: {i + 1}}}\n" for i in range(CALLS))
    analysis = analyze(load("x.yaml", text.encode()))
    write(analysis)  # what is loaded and compiled once
    gc.disable()  # as in short runs of the command
    tracemalloc.start()
    try:
        code = write(analysis)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert code.count(" = B(") == CALLS and code.count("class B(") == 1
    assert most < CALLS * 5_800, f"{most / CALLS:,.0f} bytes a call"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("nn.Conv2d(3, 4, kernel_size=(1, 3), bias=False)", [3, 4, (1, 3), False]),
        ("nn.BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True)", [4, 1e-05, 0.1, True]),
        ("x = self.conv1(x)", []),
        ("nn.Dropout(p=0.5)", [0.5]),
        ("without(nn.Foo(1e-3))", [0.001]),
    ],
)
def test_values_are_read_with_their_types(line: str, values: list[object]) -> None:
    found: list[Slot] = slots(line)
    assert [(type(one.value), one.value) for one in found] == [(type(v), v) for v in values]


def test_a_call_takes_few_kilobytes_beside_the_onnx_file() -> None:
    """Names of weights and of what layers make are not kept."""
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write as onnx_file

    text = SPEC + "".join(f"  - b: {{n: {i + 1}}}\n" for i in range(CALLS))
    analysis = analyze(load("x.yaml", text.encode()))
    size = len(onnx_file(analysis))  # what is loaded once
    tracemalloc.start()
    try:
        onnx_file(analysis)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 2.3 * size, f"{most / size:.2f} times the file"
