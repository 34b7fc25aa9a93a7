"""Operators whose operands are not to be exchanged: which is the volume, and which the constant."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import array, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

CHANNELS = (1, 4, 1, 1)
IMAGE = (1, 4, 6, 6)


def _net(*lines: str, **numbers: float) -> bytes:
    """A file of lines such as `y = Div w x`; w has one number a channel, others have one."""
    nodes = []
    for line in lines:
        made, _, call = line.partition(" = ")
        op, *names = call.split()
        attributes: dict[str, Any] = {"axes": [1]} if op == "ReduceMean" else {}
        if op == "AveragePool":
            attributes = {"kernel_shape": [3, 1, 1], "strides": [1, 1, 1], "pads": [1, 0, 0] * 2}
        nodes.append(onnx.helper.make_node(op, names, [made], name=made, **attributes))
    arrays = [array("w", CHANNELS, [2.0, 3.0, 4.0, 5.0])]
    arrays += [array(name, (), [number]) for name, number in numbers.items()]
    arrays.append(onnx.helper.make_tensor("first", onnx.TensorProto.INT64, (1,), [1]))
    return model(nodes, IMAGE, arrays)


def test_a_constant_divided_by_the_data_is_no_scale() -> None:
    assert refusal(_net("y = Div w x")) == ("Div of a constant by a volume: y",)
    assert [item.kind for item in flat_of(_net("y = Div x w")).items] == ["input", "scale"]


def test_what_a_constant_is_less_the_data_has_the_other_sign() -> None:
    flat = flat_of(_net("t = Sub w x", "y = Relu t"))
    assert [item.kind for item in flat.items] == ["input", "scale", "relu"]
    assert flat.items[1].layer is not None and flat.items[1].layer.__dict__["by"] == -1
    assert flat.notes == ("a number a channel that a volume is taken from is left out",)
    assert [item.kind for item in flat_of(_net("y = Sub w x")).items] == ["input", "scale"]
    flat = flat_of(_net("t = Sub x w", "y = Relu t"))
    assert [item.kind for item in flat.items] == ["input", "relu"]


def test_a_prelu_is_what_is_positive_less_the_rest() -> None:
    parts = ("p = Relu x", "m = Neg x", "n = Relu m", "s = Mul w n")
    for line in ("y = Sub p s", "y = Add p s", "y = Add s p"):
        assert [item.kind for item in flat_of(_net(*parts, line)).items] == ["input", "prelu"]
    assert refusal(_net(*parts, "y = Sub s p")) == ("Neg as a layer: m",)


@pytest.mark.parametrize("power", ["Pow v half", "Pow half v"])
def test_a_root_is_a_variance_to_a_power(power: str) -> None:
    lines = (
        "m = ReduceMean x",
        "c = Sub x m",
        "q = Mul c c",
        "a = ReduceMean q",
        "v = Add a e",
        f"r = {power}",
        "y = Div c r",
    )
    data = _net(*lines, half=0.5, e=1e-5)
    if power == "Pow v half":
        assert [item.kind for item in flat_of(data).items] == ["input", "layer_norm"]
    else:
        assert refusal(data) == ("ReduceMean: mean over the channels: m",)


@pytest.mark.parametrize(
    ("square", "power", "reads"),
    [
        ("Mul x x", "Pow k beta", True),
        ("Pow x two", "Pow k beta", True),
        ("Pow x three", "Pow k beta", False),
        ("Pow two x", "Pow k beta", False),
        ("Mul x g", "Pow k beta", False),
        ("Mul x x", "Pow beta k", False),
    ],
)
def test_a_local_response_is_of_squares_to_a_power(square: str, power: str, reads: bool) -> None:
    lines = (
        "g = Tanh x",
        f"q = {square}",
        "o = Unsqueeze q first",
        "p = AveragePool o",
        "s = Squeeze p first",
        "a = Mul s alpha",
        "k = Add a one",
        f"d = {power}",
        "y = Div x d",
    )
    data = _net(*lines, two=2.0, three=3.0, beta=0.75, alpha=1e-4, one=1.0)
    if reads:
        assert [item.kind for item in flat_of(data).items] == ["input", "lrn"]
    else:
        with pytest.raises(UnsupportedError):
            flat_of(data)


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
def test_powers_of_programs_are_refused_by_name() -> None:
    torch: Any = pytest.importorskip("torch")

    class Powers(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.nn.Parameter(torch.ones(CHANNELS))

        def forward(self, x: Any) -> Any:
            return self.w / (x**self.w + 2**x)

    file = io.BytesIO()
    torch.export.save(torch.export.export(Powers().eval(), (torch.zeros(IMAGE),)), file)
    file.seek(0)
    with pytest.raises(UnsupportedError) as refused:
        read("net.pt2", file)
    assert refused.value.lines == ("pow with a computed exponent: 2 (first: pow_1)",)
