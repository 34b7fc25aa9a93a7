"""An input that is an output too is given back as it came."""

from typing import Any

import pytest

from convcalc.interop.write.pytorch.net import write as pytorch
from tests.interop.nets import one

NETS = [  # layers, what forward returns
    ("  - conv3-2\n  - relu\noutputs: [input, relu1]\n", "return x, y"),
    ("  - conv3-3\noutputs: [conv1, input]\n", "return x, y"),
    ("  - {identity: , name: same}\n  - conv3-3\noutputs: [same, conv1]\n", "return x, y"),
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
