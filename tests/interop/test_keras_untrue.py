"""Keras files that say one thing of themselves twice: what Keras would build is not counted."""

import json
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
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
