"""Entries of Keras layers with values of a wrong type: none of them counts as absent."""

from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.layers import CLASSES
from convcalc.interop.read.keras.shaping import PREPARING
from tests.interop.test_keras_unread import keras

#: entries that functions of Keras layers read, in any of them
READ = (
    *("activation", "alpha", "axis", "bias", "center", "data_format", "depth_multiplier"),
    *("dilation_rate", "epsilon", "filters", "groups", "interpolation", "keepdims", "kernel_size"),
    *("max_value", "negative_slope", "output_padding", "output_size", "padding", "pool_size"),
    *("projection_dim", "rate", "rms_scaling", "scale", "shared_axes", "size", "strides"),
    *("target_shape", "threshold", "units", "use_bias"),
)
WRONG: tuple[Any, ...] = ({"a": 1}, ["channels_first"], [], "x", [[1]], 0.5)


@pytest.mark.parametrize("cls", sorted(set(CLASSES) - PREPARING))
def test_no_value_of_a_wrong_type_is_passed_over(cls: str) -> None:
    """An entry that has none of its values is not as good as one that is absent."""
    for key in READ:
        for value in WRONG:
            if (key, value) in RIGHT:
                continue
            try:
                found = keras(cls, {key: value})
            except UnreadableError as error:
                found = str(error)
            assert found, (key, value)


#: numbers where a number is meant, and a list without anything where Keras takes it for none
RIGHT: list[tuple[str, Any]] = [
    *((key, 0.5) for key in ("alpha", "epsilon", "negative_slope", "rate")),
    ("scale", 0.5),
    ("shared_axes", []),
]
