"""Layers that several nested Keras models share are one, with as many weights as Keras counts."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.graph import read
from tests.interop.conftest import totals
from tests.interop.keras_models import conv

pytestmark = pytest.mark.filterwarnings("ignore:__array__")  # of Keras on PyTorch

Built = Callable[[Any], Any]


def given(keras: Any) -> Any:
    return keras.Input((8, 8, 4))


def sequential(keras: Any, name: str, *layers: Any) -> Any:
    return keras.Sequential([given(keras), *layers], name=name)


def functional(keras: Any, name: str, *layers: Any) -> Any:
    """A model of layers in a row."""
    x = y = given(keras)
    for layer in layers:
        y = layer(y)
    return keras.Model(x, y, name=name)


def of_two_sequentials(keras: Any) -> Any:
    c = conv(keras, "c")
    return functional(keras, "net", sequential(keras, "a", c), sequential(keras, "b", c))


def all_sequential(keras: Any) -> Any:
    c = conv(keras, "c")
    inner = [keras.Sequential([c], name=name) for name in "ab"]
    return sequential(keras, "net", *inner)


def a_model_in_two_models(keras: Any) -> Any:
    inner, relu = functional(keras, "inner", conv(keras, "c")), keras.layers.ReLU
    two = functional(keras, "a", inner, relu()), functional(keras, "b", relu(), inner)
    return functional(keras, "net", *two)


def a_model_called_twice(keras: Any) -> Any:
    inner = functional(keras, "inner", conv(keras, "c"))
    return functional(keras, "net", inner, inner)


def three_deep(keras: Any) -> Any:
    c = conv(keras, "c")
    a = sequential(keras, "a", c)
    return functional(keras, "net", functional(keras, "d", c, a, functional(keras, "b", c, a)))


def inside_and_outside(keras: Any) -> Any:
    c = conv(keras, "c")
    return functional(keras, "net", c, sequential(keras, "a", c))


def inside_first(keras: Any) -> Any:
    c = conv(keras, "c")
    return functional(keras, "net", sequential(keras, "a", c), c, sequential(keras, "b", c))


def inside_and_in_a_model_of_it(keras: Any) -> Any:
    a = sequential(keras, "a", conv(keras, "c"))
    return functional(keras, "net", functional(keras, "b", a), a)


def a_part_and_the_whole(keras: Any) -> Any:
    x = given(keras)
    y = conv(keras, "c")(x)
    part, whole = keras.Model(x, y, name="part"), keras.Model(x, conv(keras, "e")(y), name="whole")
    z = given(keras)
    return keras.Model(z, [part(z), whole(z)])


def several_kinds(keras: Any) -> Any:
    x, layers = keras.Input((16,)), keras.layers
    shared = layers.Dense(4, name="d"), layers.BatchNormalization(name="n"), layers.PReLU(name="p")
    ends = []
    for name in "ab":
        own = [keras.Input((16,)), layers.Dense(7, name="first"), *shared]
        ends.append(keras.Sequential(own, name=name)(x))
    return keras.Model(x, layers.Add()(ends))


def of_one_name(keras: Any) -> Any:
    two = (sequential(keras, name, conv(keras, "c")) for name in "ab")
    return functional(keras, "net", *two)


def of_one_name_with_parts(keras: Any) -> Any:
    """Two models with a part each: what an id was found to mean, no other means."""
    x, ends = given(keras), []
    for name in "ab":
        y = given(keras)
        z = conv(keras, "c")(y)
        part = keras.Model(y, z, name=f"part_{name}")
        whole = keras.Model(y, conv(keras, "e")(z), name=f"whole_{name}")
        ends += [part(x), whole(x)]
    return keras.Model(x, ends)


def one_of_two_twins_again(keras: Any) -> Any:
    """Two layers of one name and options, of which the second's model is in another one again."""
    a, b = (sequential(keras, name, conv(keras, "c")) for name in "ab")
    return functional(keras, "net", a, b, functional(keras, "d", b))


def its_own_though_of_one_name(keras: Any) -> Any:
    """The first with an id is the one outside, met again in `b`; that in `a` is another one."""
    c = conv(keras, "c")
    two = sequential(keras, "a", conv(keras, "c")), sequential(keras, "b", c)
    return functional(keras, "net", two[0], c, two[1])


SHAPES = [
    of_two_sequentials,
    all_sequential,
    a_model_in_two_models,
    a_model_called_twice,
    three_deep,
    inside_and_outside,
    inside_first,
    inside_and_in_a_model_of_it,
    a_part_and_the_whole,
    several_kinds,
    of_one_name,
    of_one_name_with_parts,
    one_of_two_twins_again,
    its_own_though_of_one_name,
]


def learned(model: Any) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


@pytest.mark.parametrize("built", SHAPES)
def test_a_saved_model_has_the_parameters_that_keras_counts(
    built: Built, keras: Any, tmp_path: Path
) -> None:
    model = built(keras)
    model.save(tmp_path / "m.keras")
    flat = read("m.keras", (tmp_path / "m.keras").read_bytes())
    assert totals(flat)[0] == learned(model)
    assert not any("one name" in note for note in flat.notes)
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    assert [flat.items[i].output for i in flat.outputs] == shapes


@pytest.mark.parametrize("built", SHAPES)
def test_its_layers_are_as_many_in_what_is_imported_and_exported(
    built: Built, keras: Any, tmp_path: Path
) -> None:
    model = built(keras)
    model.save(tmp_path / "m.keras")
    (tmp_path / "m.yaml").write_text(str(convcalc.import_(tmp_path / "m.keras")))
    found = convcalc.analyze(tmp_path / "m.yaml")
    assert found.totals.params == learned(model)
    names: dict[str, Any] = {}
    exec(convcalc.export(tmp_path / "m.yaml", to="keras"), names)
    again = names["build"]()
    assert learned(again) == learned(model)
    assert [output.shape for output in again.outputs] == [out.shape for out in model.outputs]


@pytest.mark.parametrize("built", SHAPES)
def test_json_counts_as_keras_does_that_reads_it(built: Built, keras: Any) -> None:
    """`to_json` does not say which layers are one: Keras builds several of it."""
    text = built(keras).to_json()
    flat = read("m.json", text.encode())
    assert totals(flat)[0] == learned(keras.models.model_from_json(text))
    said = [note for note in flat.notes if "`to_json` does not say whether they are one" in note]
    assert len(said) == (built is not a_model_called_twice)


def test_one_of_several_is_refused_by_name(keras: Any, tmp_path: Path) -> None:
    c = conv(keras, "c")
    two = sequential(keras, "a", conv(keras, "c")), sequential(keras, "b", c)
    functional(keras, "net", *two, sequential(keras, "d", c)).save(tmp_path / "m.keras")
    with pytest.raises(UnreadableError, match="layer d/c is one with a layer of another nested"):
        read("m.keras", (tmp_path / "m.keras").read_bytes())


def test_layers_without_weights_may_be_any(keras: Any, tmp_path: Path) -> None:
    relu = keras.layers.ReLU(name="r")
    two = sequential(keras, "a", keras.layers.ReLU(name="r")), sequential(keras, "b", relu)
    functional(keras, "net", *two, sequential(keras, "d", relu)).save(tmp_path / "m.keras")
    flat = read("m.keras", (tmp_path / "m.keras").read_bytes())
    assert [item.kind for item in flat.items] == ["input", "relu", "relu", "relu"]


@pytest.mark.parametrize("inner", [[1], [{"config": 1}], [{"class_name": "Conv2D"}], {}])
def test_a_class_of_somebodys_own_may_call_anything_its_layers(inner: Any) -> None:
    first = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 8, 8, 3]}}
    own = {"module": "mine", "class_name": "Own", "config": {"name": "o", "layers": inner}}
    net = {"class_name": "Sequential", "config": {"name": "n", "layers": [first, own]}}
    with pytest.raises(Exception, match=r"Own \(not Keras's own\): o"):
        read("m.json", json.dumps(net).encode())


@pytest.mark.parametrize("more", [{}, {"shared_object_id": 1}])
def test_a_config_that_is_nested_too_deep_is_refused(more: dict[str, int]) -> None:
    deep: Any = 1
    for _ in range(600):
        deep = [deep]
    first = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 8, 8, 3]}}
    config = {"name": "c", "filters": 4, "kernel_size": [1, 1], "kernel_initializer": deep}
    layers = [first, {"class_name": "Conv2D", "config": config, **more}]
    net = {"class_name": "Sequential", "config": {"name": "n", "layers": layers}}
    with pytest.raises(UnreadableError, match="the model is nested too deep"):
        read("m.json", json.dumps(net).encode())
