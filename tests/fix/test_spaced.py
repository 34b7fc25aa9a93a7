"""One layer in several words, the input as a layer, numbers that are an axis or channels."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, offered

HEAD = "input: 32x32x8\nlayers:\n"


def help_of(text: str) -> str:
    return next(f.help[0] for f in load("net.yaml", text.encode()).findings if f.help)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ("fc 10", "fc-10"),
        ("FC 10", "fc-10"),
        ("pool 2", "pool2"),
        ("max pool 2", "maxpool2"),
        ("avg pool 2", "avgpool2"),
        ("conv 3 64", "conv3-64"),
        ("conv 64 3", "conv3-64"),
        ("batch norm", "batch_norm"),
        ("Layer Norm", "layer_norm"),
        ("global avgpool", "global_avg_pool"),
    ],
)
def test_a_layer_in_several_words_is_one_word(words: str, word: str) -> None:
    (mended,) = offered(f"{HEAD}  - {words}\n")
    assert mended.text == f"{HEAD}  - {word}\n" and not faults(mended.text)
    assert not faults(f"blocks:\n  max: {{layers: [relu]}}\n{HEAD}  - max pool2\n")


@pytest.mark.parametrize("words", ["conv 64", "pool 2 2", "relu 2", "max pool", "dropout 0.5"])
def test_no_number_is_made_up_or_lost_in_one_word(words: str) -> None:
    assert not offered(f"{HEAD}  - {words}\n")


@pytest.mark.parametrize("entry", ["input: {}", "InputLayer: {{shape: {}}}", "nn.Input: {}"])
def test_the_input_as_a_layer_is_a_key_of_the_file(entry: str) -> None:
    same, other = entry.format("[32, 32, 8]"), entry.format("[16, 16, 3]")
    (mended,) = offered(f"{HEAD}  - {same}\n  - relu\n")
    assert mended.text == f"{HEAD}  - relu\n"
    assert help_of(f"{HEAD}  - {other}\n").endswith("`input: 16x16x3`")
    assert not offered(f"{HEAD}  - {other}\n  - relu\n")
    (mended,) = offered(f"name: t\nlayers:\n  - {other}\n  - relu\n")
    assert mended.text == "name: t\ninput: 16x16x3\nlayers:\n  - relu\n"


def test_the_input_as_a_call() -> None:
    text = "name: t\nlayers:\n  - Input(shape=(28, 28, 1))\n  - relu\n"
    assert help_of(text) == "write `input: 28x28x1` above `layers:`, as the first layer says"


#: a number that may be another axis, or other channels, than those that the kind works over
DOUBTFUL = [
    "Softmax(-1)",
    "Softmax(1)",
    "Softmax: -1",
    "softmax: -1",
    "softmax: 1",
    "bn-32",
    "bn32",
]


@pytest.mark.parametrize("entry", DOUBTFUL)
def test_an_axis_or_a_number_of_channels_is_not_dropped(entry: str) -> None:
    assert not offered(f"{HEAD}  - {entry}\n")


@pytest.mark.parametrize("entry", ["Softmax(-1)", "Softmax(1)", "softmax: -1", "Softmax: -1"])
def test_a_vector_has_one_axis(entry: str) -> None:
    (mended,) = offered(f"{HEAD}  - fc-3\n  - {entry}\n")
    assert mended.text == f"{HEAD}  - fc-3\n  - softmax\n"


def test_the_first_norm_of_a_net_has_a_number() -> None:
    (mended,) = offered(f"{HEAD}  - bn1\n")
    assert mended.text == f"{HEAD}  - batch_norm\n"
