"""Code and ONNX files give the outputs in the order in which a spec lists them."""

from typing import Any

import pytest

from convcalc.interop.write.keras.net import write as keras
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.spec.load import load
from convcalc.spec.plain import written_out
from tests.interop.nets import one

LAYERS = "  - conv3-4:\n    name: a\n  - conv3-5:\n    name: b\n  - conv3-6:\n    name: c\n"
CASES = [  # what is listed, the channels of what is given
    ("[c, b, a]", [6, 5, 4]),
    ("[b, c, a]", [5, 6, 4]),
    ("[b, a]", [5, 4, 6]),
]


@pytest.mark.parametrize(("listed", "channels"), CASES)
def test_pytorch(listed: str, channels: list[int]) -> None:
    torch: Any = pytest.importorskip("torch")
    names = dict[str, Any]()
    code = pytorch(one(f"{LAYERS}outputs: {listed}\n", "8x8x3"))
    exec(compile(code, "net.py", "exec"), names)
    given = names["Net"]()(torch.zeros(1, 3, 8, 8))
    assert [out.shape[1] for out in given] == channels


@pytest.mark.parametrize(("listed", "channels"), CASES)
def test_onnx(listed: str, channels: list[int]) -> None:
    onnx: Any = pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    model = onnx.load_from_string(write(one(f"{LAYERS}outputs: {listed}\n", "8x8x3")))
    shapes = [out.type.tensor_type.shape.dim[1].dim_value for out in model.graph.output]
    assert shapes == channels


@pytest.mark.parametrize(("listed", "channels"), CASES)
def test_the_last_layer_stays_the_output_of_the_net(listed: str, channels: list[int]) -> None:
    network = one(f"{LAYERS}outputs: {listed}\n", "8x8x3").network
    assert network.steps[network.outputs[-1]].name == "c"
    assert [(network.steps[i].output or ())[-1] for i in network.returned] == channels


def test_keras() -> None:
    assert "return keras.Model(inputs, [z, y, x])" in keras(one(f"{LAYERS}outputs: [c, b, a]\n"))


def test_a_spec_that_is_written_out_lists_them_alike() -> None:
    network = one(f"{LAYERS}outputs: [c, b, a]\n", "8x8x3").network
    assert load("again", written_out(network, {}).encode()).returned == network.returned
