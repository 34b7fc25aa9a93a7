"""Lines of code as they are pasted: several calls, printed names, means, another letter for d."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered


def _repaired(entry: str, shape: str = "32x32x8") -> str:
    text = f"input: {shape}\nlayers:\n  - {entry}\n"
    found = offered(text)
    return found[0].text.partition("\n")[2] if found else ""


def _help(entry: str, shape: str = "32x32x8") -> tuple[str, ...]:
    return load("a.yaml", f"input: {shape}\nlayers:\n  - {entry}\n".encode()).findings[0].help


NORM = "BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)"
#: an entry of a net of 32x32x8, and the file that is made of it below its input
LINES = [
    ("nn.Conv2d(8, 8, 3), nn.ReLU()", "layers:\n  - conv3-8p0 relu\n"),
    ("nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(),", "layers:\n  - conv3-8p1 relu\n"),
    (
        "nn.Conv2d(8, 8, 3, stride=2), nn.ReLU()",
        "rounding: {conv: floor}\nlayers:\n  - conv3-8s2p0 relu\n",
    ),
    (
        "nn.ReLU(), nn.MaxPool2d(3, 2)",
        "rounding: floor\nlayers:\n  - relu pool3s2\n",
    ),
    ("max_pool: [2, 2, 0]", "layers:\n  - max_pool: {kernel: 2, stride: 2, pad: 0}\n"),
    ("MaxPooling2d(2)", "layers:\n  - pool2\n"),
    ("ZeroPadding2d(1)", "layers:\n  - pad: {sides: 1}\n"),
    ("BatchNorm2D(8)", "layers:\n  - batch_norm\n"),
    ("x.mean([2, 3])", "layers:\n  - global_avg_pool\n"),
    ("x = torch.mean(x, dim=(2, 3), keepdim=True)", "layers:\n  - global_avg_pool\n"),
    ("x.mean((-2, -1))", "layers:\n  - global_avg_pool\n"),
    ("tf.reduce_mean(x, [1, 2])", "layers:\n  - global_avg_pool\n"),
    ("tf.reduce_max(x, axis=[1, 2])", "layers:\n  - global_max_pool\n"),
    (f'"(bn1): {NORM}"', "layers:\n  - {batch_norm: {affine: true}, name: bn1}\n"),
    (
        '"(0): Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1))"',
        "layers:\n  - conv3-8p0\n",
    ),
    (
        '"(conv): Conv2d(8, 8, kernel_size=(3, 3), stride=(2, 2))"',
        "rounding: {conv: floor}\nlayers:\n  - {conv3-8s2p0: , name: conv}\n",
    ),
]


@pytest.mark.parametrize(("entry", "made"), LINES)
def test_a_line_of_code_is_repaired_whole(entry: str, made: str) -> None:
    assert _repaired(entry) == made


def test_the_help_for_a_layer_of_a_class_keeps_its_rounding() -> None:
    assert _help("self.pool = nn.MaxPool2d(3, 2)") == (
        "write `max_pool: {kernel: 3, stride: 2, rounding: floor}`",
        "a name is a key beside the layer: `name: pool`",
    )
    *_, last = _help("self.conv1 = nn.Conv2d(8, 8, 3, stride=2)")
    assert last == "its size is rounded down: `rounding: {conv: floor}` at the top of the file"


def test_a_mean_over_other_axes_is_no_edit() -> None:
    (help,) = _help("torch.mean(x, (1, 2))")
    assert help == "`global_avg_pool` is over height and width: axes 1 and 2 may be others"
    assert _repaired("tf.reduce_mean(x, [2, 3])") == ""
    assert _repaired("x.mean([2, 3])", "32x8") == ""


def test_a_norm_of_other_channels_than_arrive_is_no_edit() -> None:
    assert _repaired("BatchNorm2D(3)") == ""
    assert _help("BatchNorm2D(3)")[0] == "input makes 32x32x8: 8 channels, not 3"
