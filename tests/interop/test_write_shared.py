"""Layers that share weights and have options of their own: written so, or refused."""

from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.keras.net import write as keras
from convcalc.interop.write.onnx.graph import write as onnx_file
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.interop.write.words import CannotWriteError
from convcalc.spec.load import load


def sized(first: str, second: str) -> Analysis:
    text = (
        f"input: 9x9x4\nlayers:\n  - {{{first}, name: a}}\n"
        f"  - {{{second}, from: input, weights: a, name: b}}\noutputs: [a, b]\n"
    )
    found = analyze(load("x.yaml", text.encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    return found


#: TridentNet's branches (arXiv:1901.01892), and others of one weight
UNLIKE = [
    ("conv: {filters: 4, kernel: 3, pad: 1}", "conv: {filters: 4, kernel: 3, pad: 2, dilation: 2}"),
    ("conv: {filters: 4, kernel: 3, pad: 1}", "conv: {filters: 4, kernel: 3, pad: 1, stride: 2}"),
    ("conv: {filters: 4, kernel: 1}", "conv_transpose: {filters: 4, kernel: 1}"),
    ("group_norm: {groups: 2}", "group_norm: {groups: 4}"),
    ("conv: {filters: 4, kernel: 3}", "conv: {filters: 4, kernel: 3, pad: same}"),
]


@pytest.mark.parametrize("write", [pytorch, keras])
@pytest.mark.parametrize("first, second", UNLIKE)
def test_one_module_has_one_set_of_options(write: Any, first: str, second: str) -> None:
    write(sized(first, first))
    with pytest.raises(CannotWriteError, match="b: shares the weights of a, whose options are"):
        write(sized(first, second))


def test_onnx_has_the_options_apart_from_the_weights() -> None:
    onnx = pytest.importorskip("onnx")
    for first, second in UNLIKE[:2]:
        graph = onnx.load_from_string(onnx_file(sized(first, second))).graph
        one, other = (node for node in graph.node if node.op_type == "Conv")
        assert one.input[1] == other.input[1]
        assert one.attribute != other.attribute


@pytest.mark.parametrize("write, wanted", [(pytorch, "x * 3"), (keras, "Rescaling(3")])
def test_a_constant_that_shares_nothing_stays(write: Any, wanted: str) -> None:
    code = write(sized("scale: {by: 2}", "scale: {by: 3}"))
    assert wanted in code, code
