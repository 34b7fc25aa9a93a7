"""Keras of every bundled net: counted and sized."""

import math
from typing import Any

import pytest

from convcalc.interop.write.words import CannotWriteError
from tests.interop.nets import analysis, one


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "unet", "mobilenet_v2", "resnet20-a"])
def test_keras_counts_and_shapes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "torch":
        pytest.skip("another backend is loaded")
    from convcalc.interop.write.keras import write

    found = analysis(name)
    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    with keras.device("meta"):
        model = names["build"]()
    count = sum(math.prod(w.shape) for w in model.trainable_weights)
    assert count == found.totals.params
    assert model.output_shape[1:] == found.network.steps[found.network.outputs[-1]].output


def test_keras_names_what_it_lacks() -> None:
    from convcalc.interop.write.keras import write

    with pytest.raises(CannotWriteError, match="lrn1: Keras has no local response"):
        write(one("  - lrn\n"))
