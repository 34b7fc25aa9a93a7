"""A layer of an exported program that is one module is called by the module's path."""

import io
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
np: Any = pytest.importorskip("numpy")
nn: Any = torch.nn

VOLUME = {1: (1, 4, 16), 2: (1, 4, 16, 16), 3: (1, 4, 8, 8, 8)}
OF_AXES: list[tuple[str, tuple[Any, ...]]] = [
    ("Conv", (4, 4, 3)),
    ("ConvTranspose", (4, 4, 3)),
    ("BatchNorm", (4,)),
    ("InstanceNorm", (4, 1e-5, 0.1, True)),
    ("MaxPool", (2,)),
    ("AvgPool", (2,)),
    ("LPPool", (2, 2)),
    ("AdaptiveAvgPool", (4,)),
    ("AdaptiveAvgPool", (1,)),
    ("AdaptiveMaxPool", (4,)),
    ("AdaptiveMaxPool", (1,)),
    ("Dropout", ()),
    ("ZeroPad", (1,)),
    ("ConstantPad", (1, 0.0)),
    ("ReflectionPad", (1,)),
    ("ReplicationPad", (1,)),
]
FLAT: list[tuple[str, tuple[Any, ...]]] = [
    ("GroupNorm", (2, 4)),
    ("LayerNorm", ((4, 16, 16),)),
    ("LocalResponseNorm", (5,)),
    ("SyncBatchNorm", (4,)),
    *((name, ()) for name in ("ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "SELU", "GELU")),
    *((name, ()) for name in ("SiLU", "Mish", "Hardswish", "Hardsigmoid", "Sigmoid", "Tanh")),
    ("Softmax", (1,)),
    ("Softmax2d", ()),
    ("Dropout", ()),
    ("AlphaDropout", ()),
    ("FeatureAlphaDropout", ()),
    ("Upsample", (None, 2)),
    ("UpsamplingNearest2d", (None, 2)),
    ("UpsamplingBilinear2d", (None, 2)),
    ("PixelShuffle", (2,)),
    ("PixelUnshuffle", (2,)),
    ("ChannelShuffle", (2,)),
]
CASES = [
    *((f"{name}{axes}d", given, axes) for axes in VOLUME for name, given in OF_AXES),
    *((name, given, 2) for name, given in FLAT),
]


def exported(net: Any, axes: int) -> bytes:
    data = io.BytesIO()
    torch.export.save(torch.export.export(net.eval(), (torch.zeros(VOLUME[axes]),)), data)
    return data.getvalue()


def stemmed(module: Any, axes: int = 2) -> Any:
    return nn.Sequential(getattr(nn, f"Conv{axes}d")(4, 4, 1), module)


@pytest.mark.parametrize(
    ("name", "given", "axes"), CASES, ids=[f"{name}{given}" for name, given, _ in CASES]
)
def test_one_module_is_one_layer_of_its_name(name: str, given: tuple[Any, ...], axes: int) -> None:
    data = exported(stemmed(getattr(nn, name)(*given), axes), axes)
    flat = read("net.pt2", io.BytesIO(data))
    assert [item.name for item in flat.items] == ["input", "0", "1"]


class Normed(nn.LayerNorm):  # type: ignore[misc]
    """A norm over channels that come first, as torchvision and timm have one."""

    def forward(self, x: Any) -> Any:
        made = nn.functional.layer_norm(
            x.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps
        )
        return made.permute(0, 3, 1, 2)


class Same(nn.Conv2d):  # type: ignore[misc]
    """A convolution that pads by itself."""

    def forward(self, x: Any) -> Any:
        return nn.functional.relu(
            self._conv_forward(nn.functional.pad(x, (1, 1, 1, 1)), self.weight, self.bias)
        )


WEIGHTED = [
    (nn.InstanceNorm3d(4, affine=True), 3),
    (nn.InstanceNorm1d(4, affine=True), 1),
    (Normed(4), 2),
    (Same(4, 4, 3), 2),
]


@pytest.mark.parametrize(("module", "axes"), WEIGHTED)
def test_a_state_dict_is_taken_by_the_program(tmp_path: Path, module: Any, axes: int) -> None:
    net = stemmed(module, axes)
    (tmp_path / "net.pt2").write_bytes(exported(net, axes))
    np.savez(tmp_path / "own.npz", **{k: v.numpy() for k, v in net.state_dict().items()})
    assert convcalc.verify(tmp_path / "net.pt2", weights=tmp_path / "own.npz").ok
