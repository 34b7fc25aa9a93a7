"""The input written as a layer, as Keras has it: the key of the file, and no layer in its place."""

import pytest

from convcalc.fix.search import offers
from convcalc.spec.load import load

CALLS = [
    "Input(shape=(32,32,3))",
    "Input((32, 32, 3))",
    "keras.Input(shape=(32,32,3), batch_size=8)",
    "Input(batch_shape=(None, 32, 32, 3))",
    "tf.keras.layers.InputLayer(input_shape=[32, 32, 3])",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_input_that_arrives_is_left_out(read, call) -> None:
    text = f"input: 32x32x3\nlayers:\n  - {call}\n  - conv3-16\n"
    assert read(text).help == f"leave out `{call}`: the input is a key of the file"
    (offer,) = offers(load("net.yaml", text.encode()))
    assert offer.text == "input: 32x32x3\nlayers:\n  - conv3-16\n"


@pytest.mark.parametrize("call", CALLS)
def test_a_file_without_input_gets_the_one_that_the_call_states(call) -> None:
    text = f"layers:\n  - {call}  # the image\n  - conv3-16\n"
    (offer,) = offers(load("net.yaml", text.encode()))
    assert offer.text == "input: 32x32x3\nlayers:\n  # the image\n  - conv3-16\n"


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ("\n  - Input(shape=(28,28,1))\n  - conv3-16", "28x28x1"),
        ("\n  - Input()\n  - conv3-16", "224x224x3"),
        ("\n  - conv3-16\n  - Input(shape=(32,32,3))", "32x32x3"),  # what arrives is another
        (" [Input(shape=(32,32,3)), conv3-16]", "224x224x3"),  # YAML ends the word at its comma
        (" Input(shape=(28,28,1)) -> conv3-16 -> relu", "28x28x1"),
    ],
)
def test_another_input_is_named_with_its_key(read, layers, shape) -> None:
    text = f"input: 32x32x3\nlayers:{layers}\n"
    first = read(text).analysis.findings[0]
    assert first.help == (f"the input is a key of the file: `input: {shape}`",)


def test_it_stays_where_it_is_the_only_layer() -> None:
    assert not offers(load("net.yaml", b"input: 32x32x3\nlayers:\n  - Input((32, 32, 3))\n"))
