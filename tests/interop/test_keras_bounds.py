"""Small Keras files that say very much: models in models, each called twice."""

import io
import json
import tracemalloc
from itertools import pairwise
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.read.keras import graph
from convcalc.interop.read.keras.models import Model
from convcalc.interop.read.keras.order import Plan, plan_of
from convcalc.interop.read.model import read


def tensor(name: str, call: int = 0) -> dict[str, Any]:
    history = {"keras_history": [name, call, 0]}
    return {"class_name": "__keras_tensor__", "config": history}


def call(*reads: dict[str, Any]) -> dict[str, Any]:
    return {"args": [list(reads) if len(reads) > 1 else reads[0]], "kwargs": {}}


def layer(cls: str, name: str, *calls: dict[str, Any], **config: Any) -> dict[str, Any]:
    own = {"name": name, **config}
    return {
        "class_name": cls,
        "module": "keras.layers",
        "name": name,
        "config": own,
        "inbound_nodes": calls,
    }


def model(name: str, *layers: dict[str, Any], output: list[Any]) -> dict[str, Any]:
    first = layer("InputLayer", "x", batch_shape=[None, 8, 8, 3])
    return {
        "class_name": "Functional",
        "module": "keras",
        "name": name,
        "config": {
            "name": name,
            "layers": [first, *layers],
            "input_layers": [["x", 0, 0]],
            "output_layers": [output],
        },
    }


def called_twice(depth: int, inner: dict[str, Any]) -> dict[str, Any]:
    """Models in models: the innermost is called 2**depth times."""
    for level in range(depth):
        name = inner["name"]
        inner["inbound_nodes"] = [call(tensor("x")), call(tensor(name))]
        inner = model(f"{name[:-1]}{level % 10}", inner, output=[name, 2, 0])
    return inner


def wide(reads: int) -> dict[str, Any]:
    """A layer that reads its input so many times."""
    add = layer("Add", "add", call(*[tensor("x")] * reads))
    return model("wide0", add, output=["add", 0, 0])


def chain(name: str, layers: int) -> dict[str, Any]:
    names = ["x", *(f"r{i}" for i in range(layers))]
    steps = [layer("ReLU", own, call(tensor(before))) for before, own in pairwise(names)]
    return model(name, *steps, output=[names[-1], 0, 0])


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (called_twice(25, chain("m0", 1)), "more than 20,000 calls of layers"),
        (called_twice(12, chain("m0", 30)), "more than 20,000 calls of layers"),
        (called_twice(9, wide(1000)), "calls of layers read more than 200,000 volumes"),
        (
            called_twice(11, chain("L" * 190 + "0", 8)),
            "the names of the layers in their models have more than 4,194,304 letters",
        ),
    ],
)
def test_models_in_models_are_bounded(file: dict[str, Any], why: str) -> None:
    data = json.dumps(file).encode()
    tracemalloc.start()
    with pytest.raises(UnreadableError, match=why):
        read("m.json", io.BytesIO(data))
    assert tracemalloc.get_traced_memory()[1] < 150 * 2**20  # it was a gigabyte
    tracemalloc.stop()


def test_a_model_that_is_called_often_is_ordered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs what it calls: not each time all that it lists."""
    ordered: list[str] = []

    def counted(found: Model) -> Plan:
        ordered.append(found.name)
        return plan_of(found)

    monkeypatch.setattr(graph, "plan_of", counted)
    data = json.dumps(called_twice(8, chain("m0", 1))).encode()
    assert len(read("m.json", io.BytesIO(data)).items) == 2**8 + 1
    assert len(ordered) == 9


def test_a_model_is_given_as_many_volumes_as_it_has_inputs() -> None:
    inner = chain("m0", 1)
    inner["inbound_nodes"] = [call(tensor("x"), tensor("x"))]
    file = model("n", inner, output=["m0", 1, 0])
    with pytest.raises(UnreadableError, match=r"^model m0 takes 1 input, got 2$"):
        read("m.json", io.BytesIO(json.dumps(file).encode()))


def test_a_class_without_a_kind_may_have_several_outputs() -> None:
    """It is named, not the layer that reads its second output."""
    second = {"class_name": "__keras_tensor__", "config": {"keras_history": ["l", 0, 1]}}
    lstm, last = layer("LSTM", "l", call(tensor("x"))), layer("ReLU", "r", call(second))
    file = model("n", lstm, last, output=["r", 0, 0])
    with pytest.raises(UnsupportedError, match=r"^LSTM: l$"):
        read("m.json", io.BytesIO(json.dumps(file).encode()))


def test_a_model_is_given_its_own_inputs() -> None:
    inner = chain("m0", 1)
    inner["inbound_nodes"] = [{"args": [{"x": tensor("x")}], "kwargs": {}}]
    file = model("n", inner, output=["m0", 1, 0])
    with pytest.raises(UnreadableError, match=r"^model m0 has no inputs x$"):
        read("m.json", io.BytesIO(json.dumps(file).encode()))


@pytest.mark.parametrize("outputs", ["m0", 3, [["r", "0", 0]], [[["r", 0]]], {"a": 1}])
def test_what_is_no_reference_is_refused(outputs: Any) -> None:
    file = chain("m0", 1)
    file["config"]["output_layers"] = outputs
    with pytest.raises(UnreadableError, match=r"^a reference to a layer is not \[name, call"):
        read("m.json", io.BytesIO(json.dumps(file).encode()))
