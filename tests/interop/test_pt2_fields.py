"""What a .pt2 says that torch.export does not is told by its field, never in Python's words."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.pt2.graph import read
from convcalc.interop.read.pt2.recorded import Recorded
from tests.interop.stated_programs import archived

#: what Python says of values that are not what they were taken for
PYTHON = re.compile(
    r"Error\(|must be|subscript|NoneType|unpack|has no attribute|unhashable|iterable"
)


def tensor(name: str) -> dict[str, Any]:
    return {"as_tensor": {"name": name}}


def sizes(*given: int) -> dict[str, Any]:
    return {"sizes": [{"as_int": size} for size in given]}


PROGRAM: dict[str, Any] = {
    "schema_version": {"major": 8, "minor": 8},
    "torch_version": "2.8.0",
    "verifiers": ["TRAINING"],
    "graph_module": {
        "signature": {
            "input_specs": [
                {"parameter": {"arg": {"name": "w"}, "parameter_name": "conv.weight"}},
                {"user_input": {"arg": tensor("x")}},
            ]
        },
        "graph": {
            "tensor_values": {"x": sizes(1, 3, 8, 8), "w": sizes(4, 3, 3, 3)},
            "sym_int_values": {},
            "nodes": [
                {
                    "target": "torch.ops.aten.conv2d.default",
                    "inputs": [
                        {"name": "input", "arg": tensor("x")},
                        {"name": "weight", "arg": tensor("w")},
                        {"name": "bias", "arg": {"as_none": True}},
                        {"name": "stride", "arg": {"as_ints": [1, 1]}},
                    ],
                    "outputs": [tensor("y")],
                    "metadata": {"nn_module_stack": "a,conv,torch.nn.Conv2d"},
                },
                {
                    "target": "torch.ops.aten.cat.default",
                    "inputs": [
                        {"name": "tensors", "arg": {"as_tensors": [{"name": "y"}, {"name": "y"}]}},
                        {"name": "dim", "arg": {"as_int": 1}},
                    ],
                    "outputs": [tensor("z")],
                },
                {
                    "target": "torch.ops.aten.leaky_relu.default",
                    "inputs": [
                        {"name": "self", "arg": tensor("z")},
                        {"name": "negative_slope", "arg": {"as_float": 0.1}},
                    ],
                    "outputs": [tensor("end")],
                },
            ],
            "outputs": [tensor("end")],
        },
    },
}


def places(value: Any, past: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        inside = [*(value.items() if isinstance(value, dict) else enumerate(value))]
    for key, one in inside:
        yield (*past, key)
        yield from places(one, (*past, key))


def said(place: tuple[Any, ...], value: Any, gone: bool = False) -> str:
    """The refusal of the program with another value at a place, or without it; '' for none."""
    root = json.loads(json.dumps(PROGRAM))
    at = root
    for key in place[:-1]:
        at = at[key]
    if gone:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    try:
        read("net.pt2", archived(json.dumps(root)))
    except UnreadableError as error:
        return str(error)
    return ""


def test_the_program_is_read() -> None:
    assert said(("torch_version",), "2.8.0") == ""


NODE = ("graph_module", "graph", "nodes", 0)


@pytest.mark.parametrize(
    ("place", "value", "wanted"),
    [
        (("schema_version",), "8.8", "schema_version is text, not an object"),
        (("graph_module",), [], "graph_module is a list, not an object"),
        (NODE, 7, "graph_module.graph.nodes[0] is a whole number, not an object"),
        (
            (*NODE, "inputs", 0, "arg", "as_tensor"),
            "x",
            "graph_module.graph.nodes[0].inputs[0].arg.as_tensor is text, not an object",
        ),
        (
            (*NODE, "inputs", 0, "arg"),
            {},
            "graph_module.graph.nodes[0].inputs[0].arg has 0 keys, "
            "not the one that says what it is",
        ),
        (
            ("graph_module", "graph", "tensor_values", "x", "sizes", 2),
            {"as": 1},
            "graph_module.graph.tensor_values[x].sizes[2].as is neither as_int nor as_expr",
        ),
    ],
)
def test_the_field_is_named(place: tuple[Any, ...], value: Any, wanted: str) -> None:
    assert said(place, value) == f"models/model.json is not an exported program: {wanted}"


def test_a_field_that_lacks_is_named() -> None:
    text = said(("graph_module", "signature"), None, gone=True)
    assert text == "models/model.json is not an exported program: graph_module has no signature"


VALUES = st.sampled_from(
    [None, 1, -1, 2.5, True, "x", [], {}, [1], {"a": 1}, [[]], "\n\x1b", 10**30, {"as_int": "x"}]
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(places(PROGRAM), key=str)), VALUES, st.booleans())
def test_no_field_is_answered_in_the_words_of_python(
    place: tuple[Any, ...], value: Any, gone: bool
) -> None:
    text = said(place, value, gone)
    assert not PYTHON.search(text) and "\n" not in text and "\x1b" not in text
    assert "do not fit together as" not in text


@pytest.mark.parametrize("size", [{"as_int": 2**40}, {"as": 1}, {"as_int": "8"}, {}])
def test_an_odd_size_of_what_a_call_makes_is_none(size: dict[str, Any]) -> None:
    """All readers of a size ask the same function: what is no size in one is none in the others."""
    listed: Any = {"y": {"sizes": [size], "strides": [{"as_int": 1}], "dtype": 7}}
    assert Recorded(listed, {}).lies("y") is None
