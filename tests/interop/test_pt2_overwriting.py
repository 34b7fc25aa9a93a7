"""What activations, sums and dropouts overwrite in an exported program: peaks that PyTorch has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.live_peak import live_peak

torch: Any = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

Forward = Callable[[Any, Any], Any]

#: activations by what makes one that overwrites its input, or does not
ACTIVATIONS: dict[str, Callable[[bool], Any]] = {
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "silu": nn.SiLU,
    "mish": nn.Mish,
    "hard_swish": nn.Hardswish,
    "hard_sigmoid": nn.Hardsigmoid,
    "leaky_relu": lambda over: nn.LeakyReLU(0.1, over),
    "elu": lambda over: nn.ELU(inplace=over),
    "selu": nn.SELU,
    "sigmoid": lambda over: torch.sigmoid_ if over else torch.sigmoid,
    "tanh": lambda over: torch.tanh_ if over else torch.tanh,
}


def chain(net: Any, x: Any) -> Any:
    return net.c(net.b(net.act(net.a(x)))).mean((2, 3))


def residual(net: Any, x: Any) -> Any:
    x = net.act(net.a(x))
    return net.act(x + net.c(net.act(net.b(x)))).mean((2, 3))


def residual_over(net: Any, x: Any) -> Any:
    x = net.act(net.a(x))
    y = net.c(net.act(net.b(x)))
    y += x
    return net.act(y).mean((2, 3))


def first_normed(net: Any, x: Any) -> Any:
    x = net.a(x)
    return (x + net.c(net.act(net.b(x)))).mean((2, 3))


def read_before(net: Any, x: Any) -> Any:
    x = net.a(x)
    y = net.b(x)
    return torch.cat([net.c(y), net.act(x)], 1).mean((2, 3))


FORWARDS: tuple[Forward, ...] = (chain, residual, residual_over, first_normed, read_before)


def exported(act: Any, forward: Forward, file: Path) -> tuple[Any, Any]:
    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(3, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
            self.c, self.act = nn.Conv2d(16, 16, 1), act

        def forward(self, x: Any) -> Any:
            return forward(self, x)

    module, x = Net().eval(), torch.randn(1, 3, 24, 24)
    torch.export.save(torch.export.export(module, (x,)), file)
    return module, x


@pytest.mark.parametrize("overwrites", [False, True])
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_the_peak_of_inference_is_pytorchs(kind: str, overwrites: bool, tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    for forward in FORWARDS:
        exported(ACTIVATIONS[kind](overwrites), forward, file)
        program = torch.export.load(file).module()
        found = convcalc.analyze(file).memory
        assert found.inference.peak == live_peak(program, torch.randn(1, 3, 24, 24)), forward
        text = convcalc.import_(file).text
        again = convcalc.analyze(text).memory
        assert again.inference.peak == found.inference.peak
        assert again.training.peak == found.training.peak
        assert again.training.saved == found.training.saved


def test_the_option_is_written_where_the_default_is_another(tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    texts = []
    for overwrites in (False, True):
        exported(nn.ReLU(overwrites), residual, file)
        texts.append(convcalc.import_(file).text)
    apart, over = texts
    assert apart.count("relu: {in_place: false}") == 3
    assert "relu: {" not in over
    exported(nn.ReLU(), first_normed, file)
    assert convcalc.import_(file).text.count("in_place") == 1  # the sum is, x + y: x is read again


def test_dropouts_that_overwrite(tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    exported(nn.Dropout(0.5, inplace=True), chain, file)
    assert "dropout: {in_place: true" in convcalc.import_(file).text.replace("rate: 0.5, ", "")
    exported(nn.Dropout(0.5), chain, file)
    assert "in_place" not in convcalc.import_(file).text


def test_a_written_out_silu_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    exported(lambda x: x * torch.sigmoid(x), chain, file)
    assert "silu: {in_place: false}" in convcalc.import_(file).text
