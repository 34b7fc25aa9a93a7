"""Weights that the file works out from others, and square roots that are written in many ways."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.network import network_of
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


def exported(net: Any, onnx: bool = False) -> Flat:
    data, x = io.BytesIO(), torch.zeros(1, 3, 8, 8)
    if onnx:
        pytest.importorskip("onnx")
        torch.onnx.export(net.eval(), (x,), data, dynamo=False, opset_version=17)
    else:
        torch.export.save(torch.export.export(net.eval(), (x,)), data)
    data.seek(0)
    return read("net.onnx" if onnx else "net.pt2", data)


class Net(nn.Module):  # type: ignore[misc]
    def __init__(self, how: Any) -> None:
        super().__init__()
        self.conv, self.fc = how(nn.Conv2d(3, 8, 3)), how(nn.Linear(8, 10))

    def forward(self, x: Any) -> Any:
        return self.fc(self.conv(x).relu().mean((2, 3)))


FORMS = nn.utils.parametrizations


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("how", "more"),
    [
        (FORMS.weight_norm, 18),
        (nn.utils.weight_norm, 18),
        (FORMS.spectral_norm, 0),
        (nn.utils.spectral_norm, 0),
        (FORMS.orthogonal, 0),
    ],
)
def test_weights_that_are_worked_out(how: Any, more: int) -> None:
    flat = exported(Net(how))
    assert [item.kind for item in flat.items] == ["input", "conv", "relu", "global_avg_pool", "fc"]
    said = f"the source has {314 + more} learned parameters, the layers here 314: conv."
    assert flat.difference.startswith(said) if more else not flat.difference
    assert any("are worked into one there" in note for note in flat.notes)


class Masked(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4, 3, 3, 3))
        self.register_buffer("mask", torch.ones(4, 3, 3, 3))

    def forward(self, x: Any) -> Any:
        return nn.functional.conv2d(x, self.weight * self.mask)


def test_a_weight_times_a_buffer_is_said() -> None:
    """The layer has as many parameters as the file, and the file another array."""
    flat = exported(Masked())
    assert flat.counts.params == 108 and not flat.difference
    note = "mask, weight are worked into one there at each run"
    held = "(weights of 108 numbers, not counted in training: peaks are larger there)"
    assert flat.notes == (f"{note} {held}",)


def standardised(w: Any) -> Any:
    centred = w - w.mean((1, 2, 3), keepdim=True)
    return centred / (w.std((1, 2, 3), keepdim=True) + 1e-5)


class Anew(nn.Module):  # type: ignore[misc]
    def __init__(self, how: Any) -> None:
        super().__init__()
        self.weight, self.how = nn.Parameter(torch.rand(4, 3, 3, 3)), how

    def forward(self, x: Any) -> Any:
        convolve = nn.functional.conv2d
        return convolve(convolve(x, self.how(self.weight)), self.weight.transpose(0, 1))


ALONE = (
    "weight is worked into another array there at each run "
    "(weights of 108 numbers, not counted: peaks are larger there)"
)
IN_USE = ALONE.replace("counted", "counted in training")  # where a program is, in use it is


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("how", [lambda w: w * 0.2, torch.neg, torch.tanh, abs, standardised])
def test_a_weight_made_of_one_array_is_said(how: Any) -> None:
    """`w * 0.2`: a new array at each run, which the backward pass of its convolution keeps."""
    flat = exported(Anew(how))
    assert flat.notes[-1].endswith(IN_USE)
    assert network_of(flat).findings[0].message.endswith(IN_USE)


@pytest.mark.parametrize("how", [lambda w: w[:], lambda w: w.view(4, 27).view(4, 3, 3, 3)])
def test_views_of_a_weight_take_nothing(how: Any) -> None:
    assert not any("at each run" in note for note in exported(Anew(how)).notes)


@pytest.mark.filterwarnings("ignore")
def test_a_weight_made_of_one_array_is_said_of_onnx() -> None:
    pytest.importorskip("onnx")
    data = io.BytesIO()
    net, x = Anew(lambda w: w * 0.2).eval(), torch.zeros(1, 3, 8, 8)
    torch.onnx.export(net, (x,), data, dynamo=False, do_constant_folding=False)
    data.seek(0)
    assert read("net.onnx", data).notes[-1].endswith(ALONE)


@pytest.mark.filterwarnings("ignore")
def test_products_of_vectors_in_onnx() -> None:
    flat = exported(Net(nn.utils.spectral_norm), onnx=True)
    assert [item.kind for item in flat.items] == ["input", "conv", "relu", "global_avg_pool", "fc"]


class Norm(nn.Module):  # type: ignore[misc]
    def __init__(self, how: Any) -> None:
        super().__init__()
        self.how, self.conv = how, nn.Conv2d(3, 8, 3)
        self.weight, self.bias = (nn.Parameter(torch.rand(8, 1, 1)) for _ in range(2))

    def forward(self, x: Any) -> Any:
        return self.how(self.conv(x)) * self.weight + self.bias


def over(x: Any, root: Any) -> Any:
    centred = x - x.mean(1, keepdim=True)
    return root(centred, (centred * centred).mean(1, keepdim=True) + 1e-5)


def by_var_mean(x: Any) -> Any:
    variance, mean = torch.var_mean(x, 1, keepdim=True, correction=0)
    return (x - mean) * torch.rsqrt(variance + 1e-5)


ROOTS = [
    lambda x: over(x, lambda a, b: a * torch.rsqrt(b)),
    lambda x: over(x, lambda a, b: b**-0.5 * a),
    lambda x: over(x, lambda a, b: a / b**0.5),
    lambda x: over(x, lambda a, b: a * (1 / torch.sqrt(b))),
    lambda x: over(x, lambda a, b: a * torch.reciprocal(b.sqrt())),
    lambda x: (
        (x - x.mean(1, keepdim=True)) * (x.var(1, keepdim=True, unbiased=False) + 1e-5).rsqrt()
    ),
    by_var_mean,
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("onnx", [False, True])
@pytest.mark.parametrize("how", ROOTS)
def test_a_layer_norm_written_out(how: Any, onnx: bool) -> None:
    flat = exported(Norm(how), onnx)
    assert [item.kind for item in flat.items] == ["input", "conv", "layer_norm"]
    assert flat.counts.params == 8 * 3 * 9 + 8 + 16


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda x: torch.rsqrt(x.abs()), "aten.rsqrt as a layer: rsqrt"),
        (lambda x: x - x.var(1, keepdim=True), "var of a sample: divided by one less than its siz"),
    ],
)
def test_what_is_no_norm_is_refused(how: Any, why: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        exported(Norm(how))
    assert any(line.startswith(why) for line in caught.value.lines)
