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


def _text(lines: str) -> str:
    return "input: 32x32x3\nlayers:\n" + "".join(f"  {line}\n" for line in lines.splitlines())


def test_lines_of_pytorch_without_dashes_are_entries_with_names() -> None:
    text = _text(
        "self.conv1 = nn.Conv2d(3, 6, 5)\nself.pool = nn.MaxPool2d(2, 2)\n"
        "self.drop = nn.Dropout(0.5)\nself.fc1 = nn.Linear(16 * 5 * 5, 120)"
    )
    found = load("a.yaml", text.encode()).findings
    entries = "conv5-6p0:", "pool2:", "dropout: {rate: 0.5}", "fc-120:"
    names = "conv1", "pool", "drop", "fc1"
    assert [f.help for f in found] == [
        (f"layers are a list, each with its own `- `: `- {entry}`, and `name: {name}` below it",)
        for entry, name in zip(entries, names, strict=True)
    ]
    assert [(f.span.line, f.span.column) for f in found if f.span] == [(n, 3) for n in range(3, 7)]
    assert not offered(text)  # where each is called is not said


def test_what_the_help_for_such_lines_says_is_read() -> None:
    text = "input: 32x32x3\nlayers:\n  - conv5-6p0:\n    name: conv1\n  - pool2:\n    name: pool\n"
    assert not load("a.yaml", text.encode()).findings


def test_lines_of_keras_without_dashes_are_the_words_of_a_pattern() -> None:
    text = _text(
        "x = layers.Conv2D(32, 3)(x)\nx = layers.MaxPooling2D(2)(x)\nx = layers.Flatten()(x)"
    )
    (offer, *_) = offered(text)
    assert offer.text == _text("conv3-32p0\npool2\nflatten")


def test_no_call_behind_an_equals_sign_is_replaced_alone() -> None:
    for lines in (
        "x = self.pool(F.relu(self.conv1(x)))\nx = F.relu(x)\nreturn x",
        "conv1 = nn.Conv2d(3, 6, 5)\nrelu = nn.ReLU()\ny = add(a, b)(c, d)",
    ):
        assert not any("= relu" in offer.text for offer in offered(_text(lines)))


def test_a_line_that_reads_another_volume_is_no_edit() -> None:
    text = _text("x = layers.Conv2D(32, 3)(inputs)\nx = layers.Conv2D(32, 3)(inputs)")
    first, second = load("a.yaml", text.encode()).findings
    assert first.help == ("did you mean `conv3-32p0`?",)
    assert second.help == ("write `conv3-32p0`",)
