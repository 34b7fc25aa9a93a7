"""Keras layers that work on some of the axes: sizes and parameters are Keras's own."""

from typing import Any

import pytest

from tests.interop.keras_models import agree, conv, why


@pytest.mark.parametrize(
    ("cls", "config", "words"),
    [
        ("Dense", {"units": 10}, "Dense over positions"),
        ("Activation", {"activation": "softmax"}, "softmax over positions"),
        ("LayerNormalization", {}, "LayerNormalization over some of the axes"),
        ("Softmax", {}, "Softmax over positions"),
        ("Cropping1D", {}, "Cropping1D over the channels"),
        ("UpSampling1D", {}, "UpSampling1D over the channels"),
        ("ZeroPadding1D", {}, ""),
    ],
)
def test_the_last_axis_is_not_the_channels_where_those_are_first(
    cls: str, config: dict[str, Any], words: str, keras: Any
) -> None:
    axes = 1 if "1D" in cls else 2
    x = keras.Input((3, 16, 20)[: axes + 1])
    window = getattr(keras.layers, f"Conv{axes}D")
    y = window(8, 3, padding="same", name="c", data_format="channels_first")(x)
    more = {"data_format": "channels_first"} if cls == "ZeroPadding1D" else {}
    z = getattr(keras.layers, cls)(**config, **more, name="l")(y)
    model = keras.Model(x, z)
    if words:
        assert why(model) == f"{words}: l"
    else:
        agree(model, first=True)


def test_a_softmax_inside_a_convolution_with_channels_first_is_refused(keras: Any) -> None:
    x = keras.Input((3, 16, 20))
    for activation in ("softmax", keras.layers.Softmax(), keras.layers.Softmax(axis=2)):
        y = conv(keras, "c", activation=activation, data_format="channels_first")(x)
        assert why(keras.Model(x, y)).lower() == "softmax over positions: c"
    own = keras.layers.Softmax(axis=1)
    y = conv(keras, "c", activation=own, data_format="channels_first")(x)
    agree(keras.Model(x, y), first=True)


def test_what_keras_computes_alike_with_channels_first_is_read(keras: Any) -> None:
    x, layers, first = keras.Input((3, 16, 20)), keras.layers, {"data_format": "channels_first"}
    y = conv(keras, "c", 8, activation="relu", **first)(x)
    y = layers.MaxPooling2D(2, **first)(layers.BatchNormalization(axis=1)(y))
    y = layers.Concatenate(axis=1)([y, layers.PReLU(shared_axes=[2, 3])(y)])
    y = layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D(**first)(y))
    agree(keras.Model(x, y), first=True)


@pytest.mark.parametrize(
    ("shape", "shared", "slopes"),
    [
        ((16, 20, 3), [1, 2], "channel"),
        ((16, 20, 3), [2, 1], "channel"),
        ((16, 20, 3), [1, 2, 3], "one"),
        ((16, 20, 3), [1, 3], ""),
        ((16, 20, 3), [1], ""),
        ((16, 20, 3), [2, 3], ""),
        ((16, 20, 3), None, ""),
        ((16, 3), [1], "channel"),
        ((16, 3), [2], ""),
        ((10,), None, "channel"),
        ((10,), [1], "one"),
    ],
)
def test_prelu_has_the_slopes_that_its_shared_axes_leave(
    shape: tuple[int, ...], shared: list[int] | None, slopes: str, keras: Any
) -> None:
    x = keras.Input(shape)
    model = keras.Model(x, keras.layers.PReLU(shared_axes=shared, name="p")(x))
    if not slopes:
        assert why(model) == "PReLU with a slope for each position: p"
        return
    flat = agree(model)
    assert vars(flat.items[-1].layer)["slopes"] == slopes


@pytest.mark.parametrize(("shared", "slopes"), [([2, 3], 4), ([1, 2], 0), ([1, 2, 3], 1)])
def test_prelu_with_channels_first(shared: list[int], slopes: int, keras: Any) -> None:
    x = keras.Input((3, 16, 20))
    y = conv(keras, "c", data_format="channels_first")(x)
    model = keras.Model(x, keras.layers.PReLU(shared_axes=shared, name="p")(y))
    if slopes:
        agree(model, first=True)
    else:
        assert why(model) == "PReLU with a slope for each position: p"
