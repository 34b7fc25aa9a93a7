"""Arguments of blocks in PyTorch that have names of layers, of modules or of Python."""

import pytest

from convcalc.interop.write.keras.net import write as in_keras
from convcalc.interop.write.pytorch.names import is_taken
from convcalc.interop.write.pytorch.net import write
from tests.interop.test_write_names import keys, net

ARGUMENTS = ["depth", "train", "_modules", "__x", "__class__", "forward", "Conv2d", "math", "torch"]


@pytest.mark.parametrize("word", ARGUMENTS)
@pytest.mark.parametrize("layer", ["", "own", "with_"])
def test_an_argument_and_a_layer_of_one_name(word: str, layer: str) -> None:
    name = {"": "c", "own": word, "with_": f"{word}_"}[layer]
    found = net(
        f"  - {{b: {{{word}: 2}}}}\n  - {{b: {{{word}: 3}}}}\n  - fc-10\n",
        f"blocks:\n  b:\n    args: {{{word}: 1}}\n    layers:\n"
        f"      - {{tanh: , times: ={word}}}\n      - {{conv3-8: , name: {name}}}\n",
    )
    key = f"{name}_" if is_taken(name) else name
    assert keys(found) == {f"b1.{key}", f"b2.{key}", "fc1"}
    if not name.startswith("__"):
        assert write(found).count("class ") == 2  # the argument is one of the class


def test_arguments_that_python_calls_alike() -> None:
    found = net(
        "  - {b: {x: 8, x_: 16}}\n  - {b: {x: 16, x_: 8}}\n",
        "blocks:\n  b:\n    args: {x: 1, x_: 1}\n    layers:\n"
        "      - conv: {filters: =x, kernel: 1}\n      - conv: {filters: =x_, kernel: 1}\n",
    )
    assert keys(found) == {"b1.conv1", "b1.conv2", "b2.conv1", "b2.conv2"}


def test_an_activation_as_an_argument_beside_a_layer_of_its_name() -> None:
    found = net(
        "  - {b: {act: [relu]}}\n  - {b: {act: [hard_swish]}}\n",
        "blocks:\n  b:\n    args: {act: [relu]}\n    layers:\n"
        "      - {conv3-8: , name: act}\n      - =act\n",
    )
    assert keys(found) == {"b1.act", "b2.act"}


@pytest.mark.parametrize("first", ["c00", "c01", "c_007", "c95", "0", "c0"])
def test_numbers_in_loops_keep_their_zeros(first: str) -> None:
    start, width = int(first.lstrip("c_")), len(first.lstrip("c_"))
    names = [f"{first[:-width]}{start + turn:0{width}}" for turn in range(12)]
    calls = "".join(f"  - {{b: , name: '{name}'}}\n" for name in names)
    found = net(f"{calls}  - fc-10\n", "blocks:\n  b:\n    layers: [conv3-8, relu]\n")
    assert keys(found) == {*(f"{name}.conv1" for name in names), "fc1"}


def test_the_default_is_what_most_calls_give_equal_ones_counted() -> None:
    found = net(
        "  - {conv3-8: , name: a}\n  - b\n  - repeat: {times: 3, layers: [conv3-8, b]}\n"
        "  - {conv3-8: , name: z}\n  - {add: , from: [z, a]}\n"
        "  - {c: {size: 3}}\n  - {c: {size: 5}, times: 3}\n",
        "blocks:\n  b: {layers: [relu]}\n"
        "  c: {args: {size: 1}, layers: [{conv: {filters: 8, kernel: =size, pad: same}}]}\n",
    )
    assert "inplace: bool = True" in write(found)
    assert "kernel: int = 5" in in_keras(found)
