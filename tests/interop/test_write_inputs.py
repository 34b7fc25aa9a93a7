"""An input that is an output too is given back as it came."""

from typing import Any

import pytest

from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.spec.load import load
from tests.interop.nets import one
from tests.interop.test_write_keras import built

NETS = [  # layers, what forward returns
    ("  - conv3-2\n  - relu\noutputs: [input, relu1]\n", "return x, y"),
    ("  - conv3-3\noutputs: [conv1, input]\n", "return y, x"),
    ("  - {identity: , name: same}\n  - conv3-3\noutputs: [same, conv1]\n", "return x, y"),
]
#: nets that begin with a layer that makes no code
FREE = [
    "  - identity\n  - conv3-4\n  - relu\n",
    "  - identity\n  - {identity: , name: same}\n  - relu\n  - relu\noutputs: [same, relu2]\n",
    "  - {identity: , name: a}\n  - conv3-2\n  - relu\n  - {add: , from: [a, relu1]}\n  - relu\n",
    "  - add:\n      branches: [[identity, conv3-2, relu], [identity]]\n  - relu\n",
]


@pytest.mark.parametrize(("layers", "returned"), NETS)
def test_code_keeps_an_input_that_it_returns(layers: str, returned: str) -> None:
    assert returned in pytorch(one(layers, "8x8x2"))


@pytest.mark.parametrize("layers", [layers for layers, _ in NETS])
def test_pytorch_returns_the_input(layers: str) -> None:
    torch: Any = pytest.importorskip("torch")
    found, names = one(layers, "8x8x2"), dict[str, Any]()
    exec(compile(pytorch(found), "net.py", "exec"), names)
    x = torch.randn(1, 2, 8, 8)
    given = [out for out in names["Net"]().eval()(x) if torch.equal(out, x)]
    assert len(given) == 1


@pytest.mark.parametrize("layers", [*(layers for layers, _ in NETS), *FREE])
def test_keras_has_every_layer_between_its_ends(layers: str, keras: Any) -> None:
    found = one(layers, "8x8x2")
    model = built(keras, found, "meta")
    written = sum(step.kind not in {"input", "identity"} for step in found.network.steps)
    assert sum(layer.count_params() for layer in model.layers) == found.totals.params
    assert len(model.layers) - len(model.inputs) == written
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    assert shapes == [found.network.steps[i].output for i in found.network.returned]


def test_keras_keeps_each_of_several_inputs(keras: Any) -> None:
    text = (
        "inputs: {a: 4x4x2, b: 4x4x2}\nlayers:\n  - {identity: , from: a}\n  - relu\n  - relu\n"
        "  - add: {branches: [[], [{identity: , from: b}, tanh]]}\n  - relu\n"
    )
    found = analyze(load("x.yaml", text.encode()))
    assert not found.findings
    model = built(keras, found, "meta")
    assert ([*map(tuple, model.input_shape)], len(model.layers)) == ([(None, 4, 4, 2)] * 2, 7)
