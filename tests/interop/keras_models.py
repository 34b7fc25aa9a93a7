"""Models that Keras built, held against what is read of the JSON that it writes."""

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convcalc
from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals


def flat_of(model: Any) -> Flat:
    return read("m.json", io.BytesIO(model.to_json().encode()))


def agree(model: Any, first: bool = False) -> Flat:
    """The flat graph of a model, held against Keras: learned parameters and sizes of outputs.

    Args:
        model: as Keras built it.
        first: its outputs have their channels first.
    """
    flat = flat_of(model)
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    shapes = [(*shape[1:], shape[0]) if first else shape for shape in shapes]
    assert sorted(flat.items[i].output for i in flat.outputs) == sorted(shapes)
    assert not flat.faults
    assert totals(flat)[0] == sum(math.prod(w.shape) for w in model.trainable_weights)
    return flat


def why(model: Any) -> str:
    """What a model is refused with."""
    with pytest.raises(UnsupportedError) as caught:
        flat_of(model)
    return "; ".join(caught.value.lines)


def conv(keras: Any, name: str, filters: int = 4, **more: Any) -> Any:
    return keras.layers.Conv2D(filters, 3, padding="same", name=name, **more)


def assert_computes_as_keras(model: Any, given: Any, folder: Path) -> None:
    """A model without weights, read and run here, gives Keras's very numbers."""
    import keras

    file, array, saved = (folder / name for name in ("net.json", "x.npy", "y.npz"))
    file.write_text(model.to_json(), encoding="utf-8")
    np.save(array, given)
    assert convcalc.verify(file, array=array, save=saved).ok
    kept = np.load(saved)
    (ours,) = (kept[name] for name in kept.files)
    wanted = keras.ops.convert_to_numpy(model(given))
    assert np.array_equal(ours.reshape(wanted.shape), wanted)
