"""Numbers of another tool's layers that are not what arrives: the input of an fc, channels."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("fc: {in_features: 512, units: 10}", "pool makes 4x4x8 = 128 numbers, not 512"),
        ("fc: {in_features: 128, units: 10}", ""),
        ("conv: {in_channels: 3, filters: 4, kernel: 1}", "pool makes 4x4x8: 8 channels, not 3"),
        ("conv: {in_channels: 8, filters: 4, kernel: 1}", ""),
        ("batch_norm: {num_features: 4}", "pool makes 4x4x8: 8 channels, not 4"),
        ("Linear(512, 10)", "pool makes 4x4x8 = 128 numbers, not 512"),
        ("nn.Linear(in_features=512, out_features=10)", "pool makes 4x4x8 = 128 numbers, not 512"),
        ("Linear(128, 10)", ""),
        ("Conv2d(3, 8, 3, padding=1)", "pool makes 4x4x8: 8 channels, not 3"),
        ("Conv2d(8, 8, 3, padding=1)", ""),
        ("BatchNorm2d(4)", "pool makes 4x4x8: 8 channels, not 4"),
        ("Conv2D(3, 8)", ""),
    ],
)
def test_a_number_that_does_not_arrive_is_told_and_not_dropped(layers, entry, told) -> None:
    spec = layers(f"- conv3-8\n- pool2:\n  name: pool\n- {entry}")
    assert spec.help.startswith(told) if told else "makes" not in spec.help
    text = f"input: 8x8x3\nlayers:\n- conv3-8\n- pool2:\n  name: pool\n- {entry}\n"
    assert bool(offers(load("net.yaml", text.encode()))) is not bool(told)


def test_what_is_above_is_corrected_first() -> None:
    text = "input: 8x8x3\nlayers:\n- Conv2d(3, 8, 3, padding=1)\n- ReLU()\n- Linear(500, 10)\n"
    (best,) = offers(load("net.yaml", text.encode()))
    assert best.text == "input: 8x8x3\nlayers:\n- conv3-8p1\n- relu\n- Linear(500, 10)\n"


@pytest.mark.parametrize(
    ("shape", "entry", "last"),
    [
        ("1x28x28", "Conv2d(1, 6, 5)", "28x28x1"),
        ("1x28x28", "Conv2d(1, 6, 5, padding=2)", "28x28x1"),
        ("3x32x32", "Conv2d: {in_channels: 3, out_channels: 8, kernel_size: 3}", "32x32x3"),
        ("3x32x32", "conv: {in_channels: 3, filters: 8, kernel: 3}", "32x32x3"),
        ("1x16000", "Conv1d(1, 8, 9)", "16000x1"),
        ("8x32x32", "BatchNorm2d(8)", "32x32x8"),
        ("3x32x64", "Conv2D(8, 3, input_shape=(32, 64, 3))", "32x64x3"),
    ],
)
def test_channels_that_come_first_in_the_input(shape: str, entry: str, last: str) -> None:
    net = load("net.yaml", f"input: {shape}\nlayers:\n- {entry}\n".encode())
    told = f"channels come last: write `input: {last}` in place of {shape}"
    assert net.findings[0].help[0] == told
    assert not offers(net) or last in offers(net)[0].text
    (mended,) = offers(load("net.yaml", f"input: {last}\nlayers:\n- {entry}\n".encode()))
    assert not mended.errors


def test_the_order_of_an_input_is_doubted_only_where_it_is_proven() -> None:
    for shape, entry in (("32x32x3", "Conv2d(32, 8, 1)"), ("3x32x32", "Conv2d(5, 8, 3)")):
        net = load("net.yaml", f"input: {shape}\nlayers:\n- {entry}\n".encode())
        assert "come last" not in net.findings[0].help[0]


@pytest.mark.parametrize(
    ("entry", "stated"),
    [
        ("Linear: [30, 10]", "`in_features` 30"),
        ("nn.Linear(30, 10)", "`in_features` 30"),
        ('"nn.Linear(30, 10)"', "`in_features` 30"),
        ("Linear: {in_features: 30, out_features: 10}", "`in_features` 30"),
        ("(fc): Linear(in_features=30, out_features=10)", "`in_features` 30"),
        ("Conv2d: [8, 16, 3]", "`in_channels` 8"),
        ("BatchNorm2d(8)", "`num_features` 8"),
    ],
)
def test_a_class_behind_what_is_not_read_yet_says_why_it_waits(entry: str, stated: str) -> None:
    text = f"input: 32x30x8\nlayers:\n  - {{}}\n  - {entry}\n"
    why = (
        f"{stated} is compared with what arrives, which is not known yet: mend what is above first"
    )
    _, waiting = load("a.yaml", text.replace("{}", "Foo", 1).encode()).findings
    assert waiting.help[-1] == why
    for found in load("a.yaml", text.replace("{}", "relu", 1).encode()).findings:
        assert why not in found.help


@pytest.mark.parametrize("entry", ["Linear: 10", "nn.Linear(10)", "Dense(10, input_dim=30)"])
def test_a_class_that_states_nothing_or_has_its_reason_says_no_more(entry: str) -> None:
    text = f"input: 32x30x8\nlayers:\n  - Foo\n  - {entry}\n"
    *_, found = load("a.yaml", text.encode()).findings
    assert not any("is compared with" in line for line in found.help)
