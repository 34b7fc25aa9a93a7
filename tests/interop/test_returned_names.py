"""Outputs have the names that the source gives them: a dictionary's keys, an ONNX file's names."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.interop.flat import Flat
from convcalc.interop.fold.spec import flat_text, write
from convcalc.interop.network import network_of
from convcalc.interop.read.model import Asked, read
from convcalc.interop.read.pt2.returned import returned
from convcalc.network.record import Network
from convcalc.spec.load import load
from tests.interop.stated_programs import archived, call, stated, tensor

OTHERWISE = "outputs that are called otherwise in the source: "


def names(network: Network) -> list[str]:
    assert network.findings == ()
    return [network.steps[i].name for i in network.returned]


def everywhere(flat: Flat) -> list[list[str]]:
    """The names of the outputs in the net itself, in its folded text and in its long one."""
    texts = [write(flat).text, flat_text(flat)]
    loaded = [load("net.yaml", text.encode()) for text in texts]
    assert all("outputs: [" in text for text in texts)
    return [names(net) for net in (network_of(flat), *loaded)]


def tree(value: Any) -> Any:
    """A value as `torch.utils._pytree` writes it: dictionaries, tuples, numbers for tensors."""
    if isinstance(value, dict):
        parts, sort, context = list(value.values()), "builtins.dict", json.dumps([*value])
    elif isinstance(value, tuple):
        parts, sort, context = list(value), "builtins.tuple", "null"
    else:
        return {"type": None, "context": None, "children_spec": []}
    return {"type": sort, "context": context, "children_spec": [tree(part) for part in parts]}


def module(spec: str | None, outputs: int) -> Any:
    entry = {"fqn": "", "signature": {"out_spec": spec}}
    specs = [{"user_output": {"arg": tensor(f"y{i}")}} for i in range(outputs)]
    return {"module_call_graph": [entry], "signature": {"output_specs": specs}}


def said(value: Any, outputs: int) -> list[str]:
    return returned(module(json.dumps([1, tree(value)]), outputs), outputs)


def relus(keys: Any, outputs: list[str], until: str = "") -> Flat:
    """A program of relus `a`, `b`, `c` in a row that gives back some of them in a dictionary."""
    calls = [
        {**call("relu.default", {"self": tensor(x)}, y), "name": y}
        for x, y in (("x", "a"), ("a", "b"), ("b", "c"))
    ]

    graph = {
        "outputs": [tensor(name) for name in outputs],
        "nodes": calls,
        "tensor_values": {name: stated((1, 3, 8, 8)) for name in "xabc"},
    }
    made = module(json.dumps([1, tree(keys)]), len(outputs))
    made["signature"]["input_specs"] = [{"user_input": {"arg": tensor("x")}}]
    root = {
        "schema_version": {"major": 8, "minor": 20},
        "verifiers": ["TRAINING"],
        "graph_module": {**made, "graph": graph},
    }
    return read("net.pt2", io.BytesIO(archived(json.dumps(root))), Asked(until=until))


def test_the_keys_of_a_dictionary_name_the_outputs_of_a_program() -> None:
    flat = relus({"logits": 0, "low": 1}, ["c", "a"])
    assert everywhere(flat) == [["logits", "low"]] * 3
    assert write(flat).text.splitlines()[2:] == [
        "layers:",
        "  - {relu: {}, name: low}",
        "  - relu",
        "  - {relu: {}, name: logits}",
        "outputs: [logits, low]",
        "expect: {macs: 0, output: 8x8x3}",
    ]


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"out": 0, "v1": 0}, ["out", "v1"]),
        ({"no": 0, "0_2": 0}, ["no", "0_2"]),
        ({"z": (0, {"low": 0})}, ["z.0", "z.1.low"]),
        (({"x": 0}, {"y": 0}), ["x", "y"]),
    ],
)
def test_names_of_every_kind_are_kept(keys: Any, wanted: list[str]) -> None:
    flat = relus(keys, ["c", "a"])
    assert everywhere(flat) == [wanted] * 3
    assert network_of(flat).notes == ""


@pytest.mark.parametrize(
    ("keys", "here"),
    [
        ({"a b": 0, "input": 0}, ["a_b", "a"]),
        ({"数": 0, "\x1b[31m::error": 0}, ["c", "31m__error"]),
        ({"b": 0, "b ": 0}, ["b_2", "b_3"]),
    ],
)
def test_names_that_no_layer_can_have_are_changed_with_a_note(keys: Any, here: list[str]) -> None:
    network = network_of(relus(keys, ["c", "a"]))
    assert names(network) == here
    assert network.notes.startswith(OTHERWISE)
    assert "\x1b" not in network.notes


def test_a_tuple_names_nothing() -> None:
    flat = relus((0, 0), ["c", "a"])
    assert names(network_of(flat)) == ["c", "a"]
    assert said((0, 0, 0), 3) == [""] * 3


def test_what_is_no_tree_of_the_outputs_names_nothing() -> None:
    assert said({"a": 0, "b": 0}, 2) == ["a", "b"]
    assert said({"a": 0, "b": 0}, 3) == [""] * 3
    deep: Any = 0
    for _ in range(40):
        deep = {"a": deep}
    assert said(deep, 1) == [""]
    wide = {"type": "builtins.tuple", "context": "null", "children_spec": [tree((0,))] * 1000}
    for spec in (
        None,
        "",
        "{",
        "[" * 100_000,
        "[1]",
        "[1, 2]",
        '[1, {"type": "builtins.dict", "children_spec": 3}]',
        json.dumps([1, wide]),
        json.dumps([1, {**tree({"a": 0, "b": 0}), "context": "__import__('os')"}]),
        json.dumps([1, {**tree({"a": 0, "b": 0}), "context": '["a"]'}]),
        json.dumps([1, {**tree({"a": 0, "b": 0}), "context": "[[1], {}]"}]),
    ):
        assert returned(module(spec, 2), 2) == ["", ""], spec
    assert returned({"signature": {}}, 2) == ["", ""]
    (long,) = said({"k" * 10_000: 0}, 1)
    assert len(long) == 200


def test_dictionaries_of_pytorch_and_dataclasses() -> None:
    fields = {**tree({"a": 0, "b": 0}), "type": "net.Output", "context": '[["a", "b"], ["c"]]'}
    factory = {"default_factory_module": "builtins", "dict_context": ["a", "b"]}
    by_default = {**fields, "type": "collections.defaultdict", "context": factory}
    ordered = {**tree({"a": 0, "b": 0}), "type": "collections.OrderedDict"}
    for one in (fields, by_default, ordered):
        assert returned(module(json.dumps([1, one]), 2), 2) == ["a", "b"]
    pairs = {**ordered, "context": '[["a", "b"], ["c", "d"]]'}
    assert returned(module(json.dumps([1, pairs]), 2), 2) == ["", ""]


def test_a_program_of_pytorch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch: Any = pytest.importorskip("torch")
    nn = torch.nn

    class Heads(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.body, self.box, self.cls = (
                nn.Conv2d(3, 8, 3),
                nn.Conv2d(8, 4, 1),
                nn.Conv2d(8, 5, 1),
            )

        def forward(self, x: Any) -> Any:
            x = self.body(x)
            return {"boxes": self.box(x), "logits": self.cls(x).sigmoid()}

    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(Heads().eval(), (torch.zeros(1, 3, 16, 16),)), file)
    with file.open("rb") as stream:
        flat = read("net.pt2", stream)
    # a layer with arrays keeps the name by which `verify --weights` finds them, and says so
    assert everywhere(flat) == [["box", "logits"], ["boxes", "logits"], ["box", "logits"]]
    assert network_of(flat).notes == f"{OTHERWISE}boxes (here box)"
    assert run(["import", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "outputs: [boxes, logits]" in out
    assert err == ""
    assert run(["explain", str(file), "logits"]) == 0


def test_a_model_of_keras() -> None:
    keras: Any = pytest.importorskip("keras")
    layers = keras.layers
    x = keras.Input((16, 16, 3))
    body = layers.Conv2D(8, 3, name="body")(x)
    heads = {
        "logits": layers.Flatten(name="row")(layers.Conv2D(5, 1)(body)),
        "boxes": {"low": layers.ReLU(name="relu")(body)},
    }
    flat = read("net.json", io.BytesIO(keras.Model(x, heads).to_json().encode()))
    assert everywhere(flat) == [["boxes.low", "logits"]] * 3
    plain = keras.Model(x, [heads["logits"], body])
    network = network_of(read("net.json", io.BytesIO(plain.to_json().encode())))
    assert names(network) == ["row", "body"]


def test_names_in_an_onnx_file() -> None:
    onnx = pytest.importorskip("onnx")
    make = onnx.helper

    def flat(outputs: list[str], nodes: tuple[str, str] = ("p", "q")) -> Flat:
        made = ("x", *outputs)[:3]
        calls = [
            make.make_node("Relu", [made[i]], [made[i + 1]], name=nodes[i])
            for i in range(len(outputs))
        ]
        value = [make.make_tensor_value_info(name, 1, (1, 3, 8, 8)) for name in made]
        graph = make.make_graph(calls, "net", value[:1], value[1:])
        data = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
        return read("net.onnx", io.BytesIO(data.SerializeToString()))

    assert everywhere(flat(["boxes", "logits"])) == [["boxes", "logits"]] * 3
    # exporters' own: numbers, and what is made of the node's name
    assert names(network_of(flat(["495", "p_output_0"], ("p", "p")))) == ["p", "p_2"]
    assert names(network_of(flat(["relu", "q:0"], ("node_relu", "q")))) == ["node_relu", "q"]
    assert names(network_of(flat(["logits"]))) == ["p"]


def test_a_net_that_ends_at_a_node_has_none_of_the_names() -> None:
    assert names(network_of(relus({"logits": 0, "low": 1}, ["c", "a"], until="b"))) == ["b"]
