"""PyTorch's arguments behind Keras's name: padding is a number where Keras has a word."""

import pytest

from convcalc.spec.load import load


def told(layer: str, channels: int = 3) -> str:
    text = f"input: 32x32x{channels}\nlayers:\n  - {layer}\n"
    return load("net.yaml", text.encode()).findings[0].help[0]


@pytest.mark.parametrize(
    ("layer", "entry"),
    [
        ("Conv2D(3, 16, 3, padding=1)", "conv3-16p1"),
        ("Conv2D(3, 16, 3, 1, 1)", "conv3-16p1"),
        ("Conv2D: [3, 16, 3, 1, 1]", "conv3-16p1"),
        ("Conv2D(3, 16, 5, padding=(2, 2))", "conv5-16p2"),
        (
            "Conv2DTranspose(3, 16, 2, padding=1)",
            "conv_transpose: {filters: 16, kernel: 2, pad: 1}",
        ),
        ("Conv2D(16, 3, padding=1)", "conv3-16p1"),
        ("Conv2D(16, 3, 1, 'same')", "conv3-16"),
        ("Conv2D(16, 3, 1, padding='valid')", "conv3-16p0"),
    ],
)
def test_a_number_is_padding_of_pytorch(layer: str, entry: str) -> None:
    assert f"`{entry}`" in told(layer)


def test_what_it_states_of_its_input_is_held_against_it() -> None:
    assert not told("Conv2D(16, 8, 3, padding=1)").startswith("did you mean")
