"""Keras's Resizing: where its pixels are not those of `upsample`, a note says so."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convcalc
from tests.interop.test_keras_layers import flat_of

NEAREST_EXACT = "nearest-exact upsampling is written as nearest: sizes are equal"


@pytest.mark.parametrize(
    ("size", "mode", "notes"),
    [
        ((7, 7), "nearest", (NEAREST_EXACT,)),
        ((10, 7), "nearest", (NEAREST_EXACT,)),  # one axis is enough
        ((10, 15), "nearest", ()),
        ((5, 5), "nearest", ()),
        ((7, 7), "bilinear", ()),
    ],
)
def test_nearest_by_a_factor_that_is_not_whole_is_noted(
    size: tuple[int, int], mode: str, notes: tuple[str, ...]
) -> None:
    config = {"height": size[0], "width": size[1], "interpolation": mode}
    flat = flat_of([("Resizing", config, ["x"])], (5, 5, 1))
    assert flat.notes == notes
    assert flat.items[-1].output == (*size, 1)


@pytest.mark.filterwarnings("ignore:__array__")
@pytest.mark.parametrize("size", [(7, 7), (10, 7), (10, 15), (5, 5), (8, 6)])
@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_without_a_note_the_numbers_are_keras_s(
    keras: Any, size: tuple[int, int], mode: str, tmp_path: Path
) -> None:
    i = keras.Input((5, 5, 1))
    model = keras.Model(i, keras.layers.Resizing(*size, interpolation=mode)(i))
    model.save(tmp_path / "m.keras")
    x = np.arange(25, dtype="float32").reshape(1, 5, 5, 1)
    np.save(tmp_path / "x.npy", x)
    made = convcalc.import_(tmp_path / "m.keras")
    (tmp_path / "net.yaml").write_text(made.text)
    convcalc.verify(tmp_path / "net.yaml", array=tmp_path / "x.npy", save=tmp_path / "y.npz")
    with np.load(tmp_path / "y.npz") as saved:
        own = saved[saved.files[-1]].reshape(1, *size, 1)
    theirs = np.asarray(keras.ops.convert_to_numpy(model(x)))
    assert bool(made.notes) != np.allclose(own, theirs, atol=1e-5)
