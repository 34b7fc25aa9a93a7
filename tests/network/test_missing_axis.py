"""Inputs without their channels: windows have a number for each size, the last one too."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered

VOLUME = "a volume has a depth, a height, a width and channels: `input: 64x64x64x1`"


def helps(text: str) -> tuple[str, ...]:
    (found,) = load("net.yaml", text.encode()).findings
    assert found.code == "CC014"
    return found.help


@pytest.mark.parametrize(
    "layer",
    [
        "conv: {filters: 8, kernel: [3, 3, 3]}",
        "conv: {filters: 8, kernel: 3, stride: [1, 2, 2]}",
        "conv: {filters: 8, kernel: 3, pad: [1, 1, 1]}",
        "conv3x3x3-8",
        "max_pool: {kernel: [2, 2, 2]}",
        "upsample: {scale: [1, 2, 2]}",
    ],
)
def test_three_numbers_for_three_sizes_mean_a_volume(layer: str) -> None:
    text = f"input: 64x64x64\nlayers:\n  - relu\n  - {layer}\n"
    first, *rest = helps(text)
    assert first == VOLUME and rest and not any("did you mean" in line for line in rest)
    assert not offered(text)  # each edit of a kernel would make an image with 64 channels of it


def test_two_numbers_for_two_sizes_mean_this_image() -> None:
    text = "input: 64x48\nlayers:\n  - conv: {filters: 8, kernel: [3, 3]}\n"
    image = "an image has a height, a width and channels: `input: 64x48x1`"
    assert helps(text) == ("give one number, 3, for the length", image)


def test_the_input_is_named_where_there_are_others() -> None:
    text = (
        "inputs: {ct: 64x64x64, age: 3}\nlayers:\n  - {max_pool: {kernel: [2, 2, 2]}, from: ct}\n"
    )
    found = load("net.yaml", f"{text}outputs: [max_pool1, age]\n".encode()).findings[0]
    assert found.help[0] == VOLUME.replace("input:", "ct:")


@pytest.mark.parametrize(
    ("size", "above"), [("224x224x3", "relu"), ("64x64x64", "max_pool: {kernel: [2, 1]}")]
)
def test_colours_and_other_layers_say_that_it_is_an_image(size: str, above: str) -> None:
    text = f"input: {size}\nlayers:\n  - {above}\n  - conv: {{filters: 8, kernel: [3, 3, 3]}}\n"
    assert helps(text)[0] == "did you mean `3`?"


def test_a_class_for_volumes_says_what_shape_it_takes() -> None:
    text = "input: 64x64x64\nlayers:\n  - MaxPool3d: {kernel_size: 2}\n"
    (found,) = load("net.yaml", text.encode()).findings
    assert found.help[0].endswith("64x64x64 has 2: with one channel it is 64x64x64x1")
