"""Models that Keras builds and writes here: their sizes and parameters are Keras's own."""

import io
import math
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals


@pytest.fixture
def keras(monkeypatch: pytest.MonkeyPatch) -> Any:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    found = pytest.importorskip("keras")
    if found.backend.backend() != "torch":
        pytest.skip("another backend is loaded")
    found.backend.clear_session()
    return found


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


Built = Callable[[Any], Any]


def conv(keras: Any, name: str, filters: int = 4, **more: Any) -> Any:
    return keras.layers.Conv2D(filters, 3, padding="same", name=name, **more)


def nested(keras: Any) -> Any:
    x = keras.Input((None, None, 4))
    return keras.Model(x, conv(keras, "inner")(x), name="m")


def second_is_smaller(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    p = m(x)
    q = m(keras.layers.MaxPooling2D(2)(p))
    return keras.Model(x, [keras.layers.Flatten()(q), p])


def both_are_outputs(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    p = m(x)
    return keras.Model(x, [m(keras.layers.MaxPooling2D(4)(p)), p])


def of_itself(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    return keras.Model(x, m(m(x)))


def in_another(keras: Any) -> Any:
    m, x, y = nested(keras), keras.Input((16, 16, 4)), keras.Input((16, 16, 4))
    n = keras.Model(y, m(keras.layers.ReLU()(m(y))), name="n")
    return keras.Model(x, keras.layers.Flatten()(n(n(x))))


def with_a_sequential(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    s = keras.Sequential([conv(keras, "c"), keras.layers.ReLU()], name="s")
    return keras.Model(x, [m(s(m(x))), s(x), s(s(x))])


def called_outside(keras: Any) -> Any:
    """Of its calls, one is another model's."""
    m, x, z = nested(keras), keras.Input((16, 16, 4)), keras.Input((8, 8, 4))
    m(z)
    c = conv(keras, "c")
    c(z)
    p = m(c(x))
    return keras.Model(x, [c(keras.layers.AveragePooling2D(2)(p)), p])


def several_outputs(keras: Any) -> Any:
    a, b = keras.Input((None, None, 4)), keras.Input((None, None, 4))
    m = keras.Model([a, b], [conv(keras, "u")(a), conv(keras, "v", 6)(b)], name="m")
    x = keras.Input((16, 16, 4))
    y = keras.layers.Conv2D(4, 2, strides=2, name="y")(x)
    p, q = m([y, x])
    r, s = m([y, p])
    return keras.Model(x, [s, q, r])


@pytest.mark.parametrize(
    "build",
    [
        second_is_smaller,
        both_are_outputs,
        of_itself,
        in_another,
        with_a_sequential,
        called_outside,
        several_outputs,
    ],
)
def test_outputs_of_a_model_that_is_called_twice(build: Built, keras: Any) -> None:
    agree(build(keras))
