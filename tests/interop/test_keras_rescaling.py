"""Keras's Rescaling is left out where its numbers leave the volume as large as it is."""

import pytest

from tests.interop.keras_models import agree, conv, why

keras = pytest.importorskip("keras")


def model(shape: tuple[int, ...], scale: object, offset: object = 0.0) -> object:
    x = keras.Input(shape)
    return keras.Model(x, conv(keras, "conv")(keras.layers.Rescaling(scale, offset)(x)))


@pytest.mark.parametrize("scale", [1 / 255, [1.0, 2.0, 3.0], [2.0], [[[1.0, 2.0, 3.0]]]])
def test_numbers_of_each_channel_prepare_data(scale: object) -> None:
    flat = agree(model((8, 8, 3), scale, scale))
    assert [item.kind for item in flat.items if item.kind != "input"] == ["conv"]


@pytest.mark.parametrize(
    ("scale", "offset"),
    [([[[1.0]] * 64] * 64, 0.0), (1.0, [[[1.0]] * 64] * 64), ([[[[1.0]]]] * 7, 0.0)],
)
def test_an_array_that_enlarges_the_volume_is_refused(scale: object, offset: object) -> None:
    assert "which is not the volume's" in why(model((1, 1, 3), scale, offset))
