"""A repair drops no number that says something else than the net has."""

import pytest

from tests.fix.repairs import faults, offered

HEAD = "input: 32x32x8\nlayers:\n"

#: what a layer says of its input, in every tool's spelling, and the layer without it
STATED = {
    "conv: {{filters: 8, kernel: 3, {}}}": ("in_channels", "input_shape", "batch_input_shape"),
    "Conv2D: {{filters: 8, kernel_size: 3, {}}}": ("input_shape", "batch_input_shape"),
    "Conv2d: {{out_channels: 8, kernel_size: 3, {}}}": ("in_channels",),
    "Conv2D(8, 3, {})": ("input_shape", "batch_input_shape"),
    "nn.Conv2d(out_channels=8, kernel_size=3, {})": ("in_channels",),
    "{{type: Conv2D, filters: 8, kernel_size: 3, {}}}": ("input_shape",),
    "BatchNorm2d: {{{}}}": ("num_features",),
    "BatchNorm2d({})": ("num_features",),
    "fc: {{units: 3, {}}}": ("in_features", "input_dim"),
    "Linear(out_features=3, {})": ("in_features",),
}
VALUES = {
    "input_shape": ("[32, 32, 8]", "[28, 28, 1]"),
    "batch_input_shape": ("[null, 32, 32, 8]", "[null, 28, 28, 1]"),
    "in_channels": ("8", "16"),
    "num_features": ("8", "16"),
    "in_features": ("8192", "100"),
    "input_dim": ("8192", "100"),
}


def given(form: str, word: str, value: str) -> str:
    pair = f"{word}: {value}"
    if "(" in form:
        pair = f"{word}={value.replace('null', 'None').replace('[', '(').replace(']', ')')}"
    return form.format(pair)


@pytest.mark.parametrize(("form", "word"), [(f, w) for f, words in STATED.items() for w in words])
def test_what_states_the_input_goes_only_where_it_agrees(form: str, word: str) -> None:
    right, wrong = (given(form, word, value) for value in VALUES[word])
    (mended,) = offered(f"{HEAD}  - {right}\n")
    assert word not in mended.text and not faults(mended.text)
    for above in ("", "  - foo\n"):  # where what arrives is not known either
        for offer in offered(f"{HEAD}{above}  - {wrong}\n"):
            assert VALUES[word][1][-4:].strip("[]") in offer.text


def test_the_second_of_two_layers_says_another_number() -> None:
    conv = "Conv2d: {{in_channels: {}, out_channels: 16, kernel_size: 3}}"
    both = f"{HEAD}  - {conv.format(8)}\n  - {conv.format(99)}\n"
    assert all("in_channels: 99" in offer.text for offer in offered(both))
    both = f"{HEAD}  - {conv.format(8)}\n  - {conv.format(16)}\n"
    (mended,) = offered(both)
    assert mended.text == HEAD + "  - conv: {filters: 16, kernel: 3}\n" * 2


def test_one_of_many_calls_says_another_number() -> None:
    calls = ["Conv2d(8, 8, 3, padding=1)"] * 30
    (mended,) = offered(HEAD + "".join(f"  - {call}\n" for call in calls))
    assert mended.text == HEAD + "  - conv3-8p1\n" * 30
    calls[9] = "Conv2d(5, 8, 3, padding=1)"
    for offer in offered(HEAD + "".join(f"  - {call}\n" for call in calls)):
        assert "Conv2d(5, 8" in offer.text and "conv3-8p1" in offer.text


@pytest.mark.parametrize(
    ("entry", "shape"),
    [
        ("Conv2D: {filters: 8, kernel_size: 3, input_shape: [28, 28, 1]}", "28x28x1"),
        ("Conv2D(8, 3, input_shape=(28, 28, 1))", "28x28x1"),
        ("Conv2D: {filters: 8, kernel_size: 3, batch_input_shape: [null, 28, 28, 1]}", "28x28x1"),
        ("Dense: {units: 8, input_dim: 100}", "100"),
        ("Linear(100, 8)", "100"),
    ],
)
def test_the_input_of_a_file_without_one_is_what_its_first_layer_says(entry, shape) -> None:
    (mended,) = offered(f"name: t\nlayers:\n  - {entry}\n")
    assert f"name: t\ninput: {shape}\nlayers:" in mended.text and not faults(mended.text)


@pytest.mark.parametrize(
    "entry",
    [
        "Conv2D: {filters: 8, kernel_size: 3, input_shape: [null, null, 1]}",
        "Conv2D(8, 3, input_shape=(1, 28, 28), data_format='channels_first')",
        "Conv2d(3, 8, 3)",
    ],
)
def test_no_input_is_made_up(entry: str) -> None:
    for offer in offered(f"name: t\nlayers:\n  - {entry}\n"):
        assert "input: " not in offer.text


#: norms by whether they keep running means and variances as the kind of the name does
TRACKED = [
    ("batch_norm: {{track_running_stats: {}}}", True),
    ("BatchNorm2d: {{num_features: 8, track_running_stats: {}}}", True),
    ("BatchNorm2d(8, track_running_stats={})", True),
    ("BatchNorm2d(8, 1e-5, 0.1, True, {})", True),
    ("SyncBatchNorm(8, track_running_stats={})", True),
    ("{{type: BatchNorm2d, num_features: 8, track_running_stats: {}}}", True),
    ("instance_norm: {{track_running_stats: {}}}", False),
    ("InstanceNorm2d: {{num_features: 8, track_running_stats: {}}}", False),
    ("InstanceNorm2d(8, track_running_stats={})", False),
]


@pytest.mark.parametrize(("form", "kept"), TRACKED)
def test_running_means_go_only_with_a_kind_that_has_them(form: str, kept: bool) -> None:
    (mended,) = offered(f"{HEAD}  - {form.format(str(kept))}\n")
    assert "track" not in mended.text and not faults(mended.text)
    for offer in offered(f"{HEAD}  - {form.format(str(not kept))}\n"):
        assert str(not kept) in offer.text


@pytest.mark.parametrize(
    ("form", "usual", "other"),
    [
        ("conv: {{filters: 8, kernel: 3, trainable: {}}}", "true", "false"),
        ("conv: {{filters: 8, kernel: 3, dtype: {}}}", "float32", "float16"),
        ("Conv2D(8, 3, trainable={})", "True", "False"),
        ("Conv2D(8, 3, dtype={})", "'float32'", "'float16'"),
    ],
)
def test_what_is_said_of_one_layer_alone_stays_where_it_is_not_usual(form, usual, other) -> None:
    (mended,) = offered(f"{HEAD}  - {form.format(usual)}\n")
    assert "t32" not in mended.text and "train" not in mended.text and not faults(mended.text)
    assert not offered(f"{HEAD}  - {form.format(other)}\n")
