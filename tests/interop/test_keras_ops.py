"""Functions of `keras.ops` between layers: activations, means and maxima over all positions."""

import io

import pytest

from convcalc.interop.flat import UnsupportedError
from convcalc.interop.read.model import read

keras = pytest.importorskip("keras")


def kinds(*functions: object, shape: tuple[int, ...] = (8, 6, 3)) -> list[str]:
    y = x = keras.Input(shape)
    for function in functions:
        y = function(y)  # type: ignore[operator]
    data = keras.Model(x, y).to_json().encode()
    flat = read("net.json", io.BytesIO(data))
    assert flat.items[-1].output == tuple(y.shape[1:])
    return [item.kind for item in flat.items[1:]]


def test_activations() -> None:
    names = ["relu", "relu6", "sigmoid", "tanh", "silu", "selu", "hard_sigmoid", "elu"]
    ops = keras.ops
    assert kinds(*(getattr(ops, name) for name in names)) == names
    assert kinds(ops.hard_silu, ops.leaky_relu) == ["hard_swish", "leaky_relu"]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_means_and_maxima(axes: int) -> None:
    ops, shape, over = keras.ops, (*(8, 6, 4)[:axes], 3), list(range(1, axes + 1))
    mean = kinds(lambda x: ops.mean(x, axis=over), keras.layers.Dense(2), shape=shape)
    assert mean == ["global_avg_pool", "flatten", "fc"]
    kept = kinds(lambda x: ops.max(x, axis=over, keepdims=True), shape=shape)
    assert kept == ["global_max_pool"]


def test_over_other_axes() -> None:
    for axis in (-1, [1], None):
        with pytest.raises(UnsupportedError):
            kinds(lambda x, axis=axis: keras.ops.mean(x, axis=axis, keepdims=True))


@pytest.mark.parametrize("approximate", [True, False])
def test_gelu_is_noted_in_its_tanh_form(approximate: bool) -> None:
    """The default of `keras.ops.gelu`, unlike that of the activation of its name."""
    x = keras.Input((8, 6, 3))
    y = keras.ops.gelu(x, approximate=approximate)
    flat = read("net.json", io.BytesIO(keras.Model(x, y).to_json().encode()))
    assert [item.kind for item in flat.items] == ["input", "gelu"]
    assert [note.startswith("gelu in its tanh form") for note in flat.notes] == [True] * approximate


def test_parts_by_index_are_refused_with_a_way_out() -> None:
    with pytest.raises(UnsupportedError, match="Cropping layer"):
        kinds(lambda x: x[:, 1:-1])
