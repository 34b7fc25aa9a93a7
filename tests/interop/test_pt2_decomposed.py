"""Programs after `run_decompositions`: layers of one operator are read, others name a way out."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import Asked, read

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
nn = torch.nn
SIZES = {1: (12,), 2: (12, 10), 3: (6, 4, 6)}


def of(name: str, axes: int) -> Any:
    return getattr(nn, f"{name}{axes}d")


class Last(nn.Module):  # type: ignore[misc, name-defined]
    """A layer on channels last."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Any) -> Any:
        return self.layer(x.movedim(1, -1)).movedim(-1, 1)


#: layers for volumes of 8 channels and so many axes
LAYERS: dict[str, Callable[[int], Any]] = {
    "layer norm": lambda n: Last(nn.LayerNorm(8)),
    "layer norm without factors": lambda n: Last(nn.LayerNorm(8, elementwise_affine=False)),
    "layer norm of all": lambda n: nn.LayerNorm((8, *SIZES[n])),
    "group norm": lambda n: nn.GroupNorm(4, 8),
    "group norm without factors": lambda n: nn.GroupNorm(2, 8, affine=False),
    "instance norm": lambda n: of("InstanceNorm", n)(8),
    "instance norm with factors": lambda n: of("InstanceNorm", n)(8, affine=True),
    "instance norm by kept numbers": lambda n: of("InstanceNorm", n)(8, track_running_stats=True),
    "batch norm": lambda n: of("BatchNorm", n)(8),
    "batch norm without factors": lambda n: of("BatchNorm", n)(8, affine=False),
    "adaptive average": lambda n: of("AdaptiveAvgPool", n)(4),
    "uneven adaptive average": lambda n: of("AdaptiveAvgPool", n)(5),
    "adaptive maximum": lambda n: of("AdaptiveMaxPool", n)(4),
    "global average": lambda n: of("AdaptiveAvgPool", n)(1),
    "global maximum": lambda n: of("AdaptiveMaxPool", n)(1),
    "max pool": lambda n: of("MaxPool", n)(3, 2, 1),
    "average pool": lambda n: of("AvgPool", n)(2, ceil_mode=True),
    "Linear": lambda n: Last(nn.Linear(8, 5)),
    "Linear without bias": lambda n: Last(nn.Linear(8, 5, bias=False)),
    "transposed": lambda n: of("ConvTranspose", n)(8, 4, 3, 2, 1, 1),
    "gelu": lambda n: nn.GELU(),
    "silu": lambda n: nn.SiLU(),
    "hard swish": lambda n: nn.Hardswish(),
    "hard sigmoid": lambda n: nn.Hardsigmoid(),
    "leaky relu": lambda n: nn.LeakyReLU(),
    "elu": lambda n: nn.ELU(),
    "softmax": lambda n: nn.Softmax(1),
    "zeros": lambda n: of("ConstantPad", n)(1, 0.0),
}


#: those that are one operator for each number of axes
OF_AXES = ("norm", "average", "maximum", "pool", "Linear")
CASES = [(name, n) for name in LAYERS for n in SIZES if n == 2 or any(w in name for w in OF_AXES)]


def flat_of(layer: Any, axes: int, decomposed: bool) -> tuple[Flat, bytes]:
    net = nn.Sequential(of("Conv", axes)(8, 8, 1), layer, of("Conv", axes)(8, 8, 1)).eval()
    if isinstance(layer, Last) and isinstance(layer.layer, nn.Linear):
        net = net[:2]
    if isinstance(layer, of("ConvTranspose", axes)):
        net = net[:2]
    program = torch.export.export(net, (torch.zeros(1, 8, *SIZES[axes]),))
    file = io.BytesIO()
    torch.export.save(program.run_decompositions() if decomposed else program, file)
    file.seek(0)
    return read("net.pt2", file, Asked(format="pt2")), file.getvalue()


@pytest.mark.parametrize(("name", "axes"), CASES)
def test_the_same_layers(name: str, axes: int) -> None:
    """Kinds, options, sizes, parameters and notes are those of the program as it was."""
    (before, _), (after, _) = (flat_of(LAYERS[name](axes), axes, d) for d in (False, True))

    def seen(flat: Flat) -> list[Any]:
        return [(i.kind, i.output, i.inputs, _options(i.layer)) for i in flat.items]

    assert seen(after) == seen(before)
    assert (after.notes, after.counts) == (before.notes, before.counts)


def _options(layer: Any) -> dict[str, Any]:
    """A layer's options, but whether it overwrites its input: only whole programs say that."""
    found = {} if layer is None else dict(layer.__dict__)
    return {key: value for key, value in found.items() if key != "in_place"}


@pytest.mark.parametrize(
    "layer",
    [nn.PReLU(), nn.Mish(), nn.Upsample(scale_factor=2, mode="bicubic"), nn.ReflectionPad2d(1)],
)
def test_the_way_out(layer: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnsupportedError) as caught:
        flat_of(layer, 2, True)
    assert "before run_decompositions()" in caught.value.instead
    program = torch.export.export(layer.eval(), (torch.zeros(1, 8, 6, 6),))
    file = str(tmp_path / "net.pt2")
    torch.export.save(program.run_decompositions(), file)
    for words in (["import", file], ["check", file]):
        assert run(words) == 1
        said = capsys.readouterr()
        text = " ".join((said.out + said.err).split())
        assert "torch.export.save it before run_decompositions()" in text


def test_statistics_of_a_batch() -> None:
    """An instance norm of several images is no layer's; nor is a norm that trains."""
    for images in (1, 2):
        program = torch.export.export(nn.BatchNorm2d(8).train(), (torch.zeros(images, 8, 4, 4),))
        file = io.BytesIO()
        torch.export.save(program.run_decompositions(), file)
        file.seek(0)
        with pytest.raises(UnsupportedError) as caught:
            read("net.pt2", file, Asked(format="pt2"))
        assert "aten._native_batch_norm_legit" in caught.value.lines[0]
