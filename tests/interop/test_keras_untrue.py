"""Keras files that say one thing of themselves twice: what Keras would build is not counted."""

import json
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.read.keras.graph import read


def conv(name: str, kernel: int = 3, **more: Any) -> dict[str, Any]:
    config = {"name": name, "filters": 8, "kernel_size": [kernel, kernel], "padding": "same"}
    return {"module": "keras.layers", "class_name": "Conv2D", "config": config | more}


def given(**shapes: Any) -> dict[str, Any]:
    return {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"name": "i", **shapes},
    }


def model(*layers: dict[str, Any], **more: Any) -> bytes:
    config = {"name": "net", "layers": layers, **more}
    entry = {"module": "keras", "class_name": "Sequential", "config": config}
    return json.dumps(entry).encode()


SMALL, LARGE = [None, 16, 16, 3], [None, 512, 512, 3]


@pytest.mark.parametrize(
    "data",
    [
        model(given(batch_shape=SMALL, batch_input_shape=LARGE), conv("a")),
        model(given(batch_shape=SMALL, input_shape=LARGE[1:]), conv("a")),
        model(conv("a", input_shape=LARGE[1:]), build_input_shape=SMALL),
        model(conv("a", batch_input_shape=LARGE), build_input_shape=SMALL),
    ],
)
def test_an_input_of_two_shapes_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="states two shapes of its input"):
        read("net.keras", data)


@pytest.mark.parametrize(
    "data",
    [
        model(given(batch_input_shape=SMALL), conv("a", batch_input_shape=SMALL)),
        model(conv("a", input_shape=SMALL[1:]), build_input_shape=SMALL),
        model(given(batch_shape=SMALL), conv("a") | {"shared_object_id": 1}),
    ],
)
def test_a_shape_that_is_said_twice_is_one(data: bytes) -> None:
    assert [item.kind for item in read("net.keras", data).items] == ["input", "conv"]


@pytest.mark.parametrize("nested", [False, True])
def test_unlike_layers_that_are_said_to_be_one_are_refused(nested: bool) -> None:
    first, second = (
        conv(name, size) | {"shared_object_id": 7} for name, size in (("a", 7), ("b", 1))
    )
    last = json.loads(model(second)) if nested else second
    said = "layer b has the shared_object_id 7 of another" if nested else "of one model have the"
    with pytest.raises(UnreadableError, match=said):
        read("net.keras", model(given(batch_shape=SMALL), first, last))


def nested(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    inner: dict[str, Any] = json.loads(model(*layers))
    return inner | more


@pytest.mark.parametrize("wrong", [None, 7.0, True, "7", [7], {}])
def test_an_id_that_is_no_whole_number_is_refused(wrong: Any) -> None:
    marked = conv("a") | {"shared_object_id": wrong}
    with pytest.raises(UnreadableError, match="an id is a whole number"):
        read("net.keras", model(given(batch_shape=SMALL), marked))
    inside = conv("a", kernel_initializer=marked)
    with pytest.raises(UnreadableError, match="an id is a whole number"):
        read("net.keras", model(given(batch_shape=SMALL), inside))


def test_one_id_twice_in_a_model_is_refused() -> None:
    two = [{**conv("c"), "name": name, "shared_object_id": 7} for name in "ab"]
    with pytest.raises(UnreadableError, match="of one model have the shared_object_id 7"):
        read("net.keras", model(given(batch_shape=SMALL), *two))


def test_a_layer_whose_id_something_unlike_has_elsewhere_is_refused() -> None:
    large, small = (conv("c", size) | {"shared_object_id": 9} for size in (7, 1))
    inner = nested(conv("a"), name="A", compile_config={"loss": large})
    with pytest.raises(UnreadableError, match="layer c has the shared_object_id 9 of something"):
        read("net.keras", model(given(batch_shape=SMALL), inner, small))


def convs_in_two_models(first: dict[str, Any], second: dict[str, Any]) -> Any:
    a, b = ({**nested(entry), "name": name} for name, entry in (("A", first), ("B", second)))
    shape = given(batch_shape=[None, 16, 16, 8])
    return read("net.keras", model(shape, a, b))


def test_without_a_module_ids_are_none() -> None:
    entry = conv("c") | {"shared_object_id": 7}
    del entry["module"]
    flat = convs_in_two_models(entry, entry)
    assert [item.shares for item in flat.items] == [None, None, None]


def test_an_id_that_is_met_once_is_noted() -> None:
    flat = convs_in_two_models(conv("c"), conv("c") | {"shared_object_id": 7})
    assert any("Keras builds two where it reads the file" in note for note in flat.notes)


def test_json_alone_with_ids_says_that_keras_builds_two() -> None:
    layer = conv("c", 1) | {"shared_object_id": 7}
    nested = [json.loads(model(layer, name=name)) | {"name": name} for name in "AB"]
    found = read("net.json", model(given(batch_shape=[None, 16, 16, 8]), *nested))
    assert [note for note in found.notes if "Keras builds two where it reads the file" in note]


def called_twice(number: int, *, lists: int) -> bytes:
    """A model that is called on 4x4 and on 64x64; a conv reads one of both.

    Args:
        number: the number of the call that the conv reads.
        lists: how many of the four calls are written as Keras 2 does, the conv's last.
    """
    calls = iter(range(4))

    def reading(*refs: tuple[str, int]) -> list[Any]:
        written = []
        for name, at in refs:
            tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [name, at, 0]}}
            new = {"args": [tensor], "kwargs": {}}
            written.append([[name, at, 0, {}]] if next(calls) < lists else new)
        return written

    pool = {"name": "s", "pool_size": [16, 16], "strides": [16, 16], "padding": "valid"}
    layers = [
        given(batch_shape=[None, 64, 64, 3]) | {"name": "i", "inbound_nodes": []},
        {"class_name": "AveragePooling2D", "name": "s", "config": pool}
        | {"inbound_nodes": reading(("i", 0))},
        functional("A", [given(batch_shape=[None, None, None, 3]), conv("c")], ["c", 0, 0])
        | {"inbound_nodes": reading(("s", 0), ("i", 0))},
        conv("last") | {"name": "last", "inbound_nodes": reading(("A", number))},
    ]
    return json.dumps(functional("net", layers, ["last", 0, 0])).encode()


def functional(name: str, layers: list[dict[str, Any]], output: list[Any]) -> dict[str, Any]:
    for layer in layers:
        layer.setdefault("name", layer["config"]["name"])
        layer.setdefault("inbound_nodes", [] if layer["name"] == "i" else [[["i", 0, 0, {}]]])
    config = {"name": name, "layers": layers, "input_layers": ["i", 0, 0], "output_layers": output}
    return {"class_name": "Functional", "name": name, "config": config}


@pytest.mark.parametrize("lists", [0, 1, 2])
def test_calls_count_from_0_where_keras_3_alone_reads_the_file(lists: int) -> None:
    for number, side in ((0, 4), (1, 64)):
        flat = read("net.keras", called_twice(number, lists=lists))
        assert flat.items[-1].output == (side, side, 8)


def test_calls_count_from_1_where_keras_3_has_none_of_that_number() -> None:
    assert read("net.keras", called_twice(2, lists=4)).items[-1].output == (64, 64, 8)


def test_numbers_that_keras_2_and_3_read_as_two_calls_are_refused() -> None:
    with pytest.raises(UnreadableError, match="Keras 2 counts from 1 and Keras 3 from 0"):
        read("net.keras", called_twice(1, lists=4))


@pytest.mark.parametrize("built", [[None, 16, 16, 9], [None, 8], [[None, 16, 16, 8]], 8])
@pytest.mark.parametrize("key", ["input_shape", "shapes_dict"])
def test_weights_of_a_norm_that_are_made_for_another_volume_are_refused(
    built: object, key: str
) -> None:
    """Keras makes them before it calls the layer, and spreads them where they do not fit."""
    config = {"name": "n", "axis": [3]}
    norm = {"module": "keras.layers", "class_name": "LayerNormalization", "config": config}
    layers = given(batch_shape=SMALL), conv("a"), norm | {"build_config": {key: built}}
    with pytest.raises(UnreadableError, match=r"layer n is built for .* and reads 16x16x8: save"):
        read("net.keras", model(*layers))


@pytest.mark.parametrize("built", [None, {}, {"input_shape": [None, 4, 4, 8]}])
def test_weights_of_a_norm_that_are_made_for_other_positions_are_read(built: object) -> None:
    norm = {"module": "keras.layers", "class_name": "LayerNormalization", "build_config": built}
    layers = given(batch_shape=SMALL), conv("a"), norm | {"config": {"name": "n", "axis": -1}}
    assert read("net.keras", model(*layers)).items[-1].kind == "layer_norm"


def on_a_vector(cls: str, reads: int, **config: Any) -> bytes:
    """An operator that reads a vector of 192 once or more."""
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["f", 0, 0]}}
    given: Any = [tensor] * reads if reads > 1 else tensor
    layers = [
        given_image(),
        {"class_name": "Flatten", "name": "f", "config": {"name": "f"}}
        | {"inbound_nodes": [[["i", 0, 0, {}]]]},
        {"module": "keras.src.ops.numpy", "class_name": cls, "name": "o"}
        | {"config": {"name": "o", **config}}
        | {"inbound_nodes": [{"args": [given], "kwargs": {}}]},
    ]
    return json.dumps(functional("net", layers, ["o", 0, 0])).encode()


def given_image() -> dict[str, Any]:
    return given(batch_shape=[None, 8, 8, 3]) | {"name": "i", "inbound_nodes": []}


@pytest.mark.parametrize(
    ("cls", "reads", "config", "why"),
    [
        ("Concatenate", 3, {"axis": 0}, "keras.ops.Concatenate along the batch: o"),
        ("Concatenate", 3, {"axis": -2}, "keras.ops.Concatenate along the batch: o"),
        ("Reshape", 1, {"newshape": [-1, 3]}, "keras.ops.Reshape of the batch: o"),
        ("Reshape", 1, {"newshape": [-1, 8, 3]}, "keras.ops.Reshape of the batch: o"),
    ],
)
def test_vectors_that_become_more_of_them_are_refused(
    cls: str, reads: int, config: dict[str, Any], why: str
) -> None:
    with pytest.raises(UnsupportedError) as refused:
        read("net.keras", on_a_vector(cls, reads, **config))
    assert refused.value.lines == (why,)


def test_vectors_that_are_joined_or_turned_are_read() -> None:
    joined = read("net.keras", on_a_vector("Concatenate", 3, axis=1))
    assert joined.items[-1].output == (576,)
    turned = read("net.keras", on_a_vector("Reshape", 1, newshape=[-1, 8, 24]))
    assert turned.items[-1].output == (8, 24)


@pytest.mark.parametrize("key", ["batch_shape", "batch_input_shape"])
@pytest.mark.parametrize(
    ("batches", "refused"), [((1, 9), True), ((9, 9), False), ((9, None), False)]
)
def test_inputs_of_unlike_batches_are_refused(
    key: str, batches: tuple[int | None, ...], refused: bool
) -> None:
    """A conv of each: one image is one of every input."""
    layers = []
    for name, batch in zip("ab", batches, strict=True):
        layer = given(**{key: [batch, 8, 8, 3]})
        layers.append(
            layer | {"name": name, "inbound_nodes": [], "config": layer["config"] | {"name": name}}
        )
        layers.append(
            conv(f"{name}c") | {"name": f"{name}c", "inbound_nodes": [[[name, 0, 0, {}]]]}
        )
    outputs = [["ac", 0, 0], ["bc", 0, 0]]
    made = functional("net", layers, outputs)
    made["config"]["input_layers"] = [["a", 0, 0], ["b", 0, 0]]
    if refused:
        with pytest.raises(UnreadableError, match="the inputs are of 1 and 9 images"):
            read("net.keras", json.dumps(made).encode())
    else:
        assert len(read("net.keras", json.dumps(made).encode()).outputs) == 2


def shared_by_two(input_id: int, layer_id: int) -> bytes:
    """A model within another, an input and a conv of each with these ids and 1 and 2."""

    def entry(made: dict[str, Any], number: int, *reads: str) -> dict[str, Any]:
        calls = [[[name, 0, 0, {}] for name in reads]] if reads else []
        own = {"name": made["config"]["name"], "inbound_nodes": calls}
        return made | own | {"shared_object_id": number}

    shape = {"batch_shape": [None, 16, 16, 3]}
    inner = functional(
        "A", [entry(given(**shape), input_id), entry(conv("c"), layer_id, "i")], ["c", 0, 0]
    )
    config = {"name": "p", "pool_size": [4, 4]}
    pool = {"module": "keras.layers", "class_name": "AveragePooling2D", "config": config}
    layers = [
        entry(given(**shape), 1),
        entry(inner | {"module": "keras.models"}, 3, "i"),
        entry(pool, 4, "i"),
        entry(conv("c"), 2, "p"),
    ]
    return json.dumps(functional("net", layers, ["c", 0, 0])).encode()


@pytest.mark.parametrize("ids", [(1, 5), (5, 2), (5, 6)])
def test_models_that_share_an_input_or_a_layer_are_read(ids: tuple[int, int]) -> None:
    assert read("net.keras", shared_by_two(*ids)).items[-1].output == (4, 4, 8)


def test_models_that_share_an_input_and_a_layer_are_refused() -> None:
    with pytest.raises(UnreadableError, match="layer c is called in two models that share their"):
        read("net.keras", shared_by_two(1, 2))
