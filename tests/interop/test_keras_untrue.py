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
    with pytest.raises(UnreadableError, match="layer b has the shared_object_id 7 of another"):
        read("net.keras", model(given(batch_shape=SMALL), first, last))
