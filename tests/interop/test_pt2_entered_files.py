"""Calls of graphs as files state them: names that are taken twice, and what does not fit."""

from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnreadableError
from convcalc.interop.read.pt2.entered import entered
from tests.interop.stated_programs import CONV, SHAPES, call, program, stated, tensor

NAMES = {"w": "c.weight", "v": "d.weight"}
_SHAPES = {**SHAPES, "v": (5, 3, 3, 3), "g": (1, 5, 6, 6), "h": (1, 5, 6, 6)}
HIGHER = "torch.ops.higher_order."
GRAD = [{"as_bool": False}]


def graph(name: str, reads: list[str], calls: list[Any], gives: list[Any]) -> dict[str, Any]:
    """An argument that is a graph; all of its tensors but those of `_SHAPES` have 1x5x6x6."""
    made = [one["as_tensor"]["name"] for node in calls for one in node["outputs"]]
    shapes = {
        **_SHAPES,
        **dict.fromkeys([one for one in reads if one not in _SHAPES], (1, 5, 6, 6)),
    }
    shapes.update(dict.fromkeys(made, (1, 5, 6, 6)))
    inner = {
        "inputs": [tensor(one) for one in reads],
        "outputs": gives,
        "nodes": calls,
        "tensor_values": {one: stated(shapes[one]) for one in (*reads, *made)},
        "sym_int_values": {},
        "is_single_tensor_return": False,
    }
    return {"as_graph": {"name": name, "graph": inner}}


def wrapped(settings: list[Any], inner: Any, reads: list[str], makes: list[str]) -> dict[str, Any]:
    given = [*settings, inner, *(tensor(one) for one in reads)]
    operator = {0: "invoke_subgraph", 1: "wrap_with_set_grad_enabled", 4: "wrap_with_autocast"}
    return {
        "target": HIGHER + operator[len(settings)],
        "inputs": [{"name": "", "arg": one, "kind": 1} for one in given],
        "outputs": [tensor(one) for one in makes],
        "metadata": {},
        "is_hop_single_tensor_return": False,
        "name": "wrapped",
    }


def conv(x: str, weight: str, made: str) -> dict[str, Any]:
    return {**call("conv2d.default", {"input": tensor(x), "weight": tensor(weight)}, made)}


def kinds(calls: list[Any], output: str = "g") -> Flat:
    return program(calls, _SHAPES, output, NAMES)


INNER = graph("s", ["x", "w"], [conv("x", "w", "y0")], [tensor("y0")])


def test_names_within_a_graph_are_its_own() -> None:
    """Its `x` is the net's `y0`, its `w` the weight `v`, and its `y0` another volume."""
    one = wrapped(GRAD, INNER, ["y0", "v"], ["g"])
    flat = kinds([CONV, one, call("relu.default", {"self": tensor("g")}, "h")], "h")
    assert [item.kind for item in flat.items] == ["input", "conv", "conv", "relu"]
    assert flat.items[-1].output == (6, 6, 5)


def test_a_name_of_the_net_is_not_known_within_a_graph() -> None:
    inner = graph("s", ["x"], [conv("x", "w", "y")], [tensor("y")])
    with pytest.raises(UnreadableError, match="a graph within the program reads w, which no node"):
        kinds([wrapped(GRAD, inner, ["x"], ["g"])])


def test_a_volume_that_is_handed_on_is_the_same() -> None:
    inner = graph("s", ["a"], [], [tensor("a")])
    flat = kinds([CONV, wrapped(GRAD, inner, ["y0"], ["g"]), conv("g", "v", "h")], "h")
    assert [item.kind for item in flat.items] == ["input", "conv", "conv"]


def test_graphs_within_graphs() -> None:
    deep = wrapped(GRAD, INNER, ["a", "b"], ["g"])
    outer = graph("t", ["a", "b"], [], [tensor("g")])
    outer["as_graph"]["graph"]["nodes"] = [deep]
    flat = kinds([CONV, wrapped(GRAD, outer, ["y0", "v"], ["h"])], "h")
    assert flat.items[-1].output == (6, 6, 5)
    for _ in range(30):
        deeper = graph("t", ["a", "b"], [], [tensor("g")])
        deeper["as_graph"]["graph"]["nodes"] = [wrapped(GRAD, outer, ["a", "b"], ["g"])]
        outer = deeper
    with pytest.raises(UnreadableError, match="more than 20 graphs within one another"):
        kinds([CONV, wrapped(GRAD, outer, ["y0", "v"], ["h"])], "h")


def test_two_graphs_of_one_name_are_refused() -> None:
    """PyTorch runs the last of them for both."""
    other = graph("s", ["x", "w"], [conv("x", "w", "z")], [tensor("z")])
    calls = [CONV, wrapped(GRAD, INNER, ["y0", "v"], ["g"])]
    again = wrapped(GRAD, INNER, ["y0", "v"], ["h"])
    assert len(kinds([*calls, again], "h").items) == 3
    with pytest.raises(UnreadableError, match="two graphs of the program are called s: export"):
        kinds([*calls, wrapped(GRAD, other, ["y0", "v"], ["h"])], "h")
    beside = call("add.Tensor", {"self": tensor("g"), "other": tensor("g"), "f": other}, "h")
    with pytest.raises(UnreadableError, match="two graphs of the program are called s: export"):
        kinds([*calls, beside], "g")


def _by_name(node: Any) -> None:
    node["inputs"][-1].update(name="w", kind=2)


def _fewer(node: Any) -> None:
    node["inputs"].pop()


def _single(node: Any) -> None:
    node["is_hop_single_tensor_return"] = True


def _more(node: Any) -> None:
    node["outputs"].append(tensor("h"))


def _number(node: Any) -> None:
    node["inputs"][-1]["arg"] = {"as_float": 1.5}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (_by_name, "wrap_with_set_grad_enabled is given arguments by name"),
        (_fewer, "does not fit to the graph that it runs"),
        (_single, "does not fit to the graph that it runs"),
        (_more, "does not fit to the graph that it runs"),
        (_number, "passes on what is neither a tensor nor a size"),
    ],
)
def test_a_call_that_does_not_fit_to_its_graph_is_refused(changed: Any, why: str) -> None:
    node = wrapped(GRAD, INNER, ["y0", "v"], ["g"])
    changed(node)
    with pytest.raises(UnreadableError, match=why):
        kinds([CONV, node])


def test_a_call_without_a_graph_is_refused() -> None:
    node = wrapped(GRAD, {"as_none": True}, ["y0", "v"], ["g"])
    with pytest.raises(UnreadableError, match="is not an exported program"):
        kinds([CONV, node])


def called(*names: str) -> list[Any]:
    """A convolution of one of two volumes in a graph of its own, whose inputs have these names."""
    volume, other, weight = names
    inner = graph("s", [volume, other, weight], [conv(other, weight, "y0")], [tensor("y0")])
    return [CONV, wrapped(GRAD, inner, ["y0", "y0", "v"], ["g"])]


@pytest.mark.parametrize(
    "names",
    [
        ("input", "input_1", "w"),  # PyTorch's code calls `input` so, over the other
        ("inf", "a", "inf_2"),
        ("torch", "torch_10", "w"),
        ("class", "class_1", "w"),
        ("inf", "small=inf", "w"),  # code in the head of a function
        ("a", "b, c", "w"),
        ("", "b", "w"),
        ("\u00e4", "b", "w"),
    ],
)
def test_inputs_of_a_graph_that_pytorch_calls_otherwise_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableError, match="an input of a graph within the program is called"):
        kinds(called(*names))


@pytest.mark.parametrize(
    "names",
    [("input", "other", "w"), ("input_1", "input_2", "w"), ("x", "x_1", "w"), ("a", "inf", "w")],
)
def test_other_names_of_inputs_are_read(names: tuple[str, ...]) -> None:
    assert [item.kind for item in kinds(called(*names)).items] == ["input", "conv", "conv"]


@pytest.mark.parametrize(
    "name", ['x", None) or getattr(self, "s', "submod_\uff11", "s.t", "", "c", "d"]
)
def test_graphs_that_pytorch_calls_otherwise_are_refused(name: str) -> None:
    """Their names are written into code; `c` and `d` are modules of the program."""
    inner = graph(name, ["x", "w"], [conv("x", "w", "y0")], [tensor("y0")])
    with pytest.raises(UnreadableError, match="a graph of the program is called"):
        kinds([CONV, wrapped(GRAD, inner, ["y0", "v"], ["g"])])


@pytest.mark.parametrize(
    "name", ['a", None) or getattr(self, "w', "\uff43.weight", "a\\b", "it's", "a\nb"]
)
def test_arrays_that_pytorch_calls_otherwise_are_refused(name: str) -> None:
    with pytest.raises(UnreadableError, match="an array of the module is called"):
        program([CONV], SHAPES, "y0", {"w": name})


@pytest.mark.parametrize("name", ["0.conv-1.weight", "\u5377\u79ef.weight", "a b"])
def test_other_names_of_arrays_are_read(name: str) -> None:
    assert program([CONV], SHAPES, "y0", {"w": name}).items[-1].kind == "conv"


@pytest.mark.parametrize(("name", "refused"), [("x=inf", True), ("\uff58", True), ("input", False)])
def test_an_input_of_the_program_is_a_plain_name(name: str, refused: bool) -> None:
    """`input_1` beside `input` is held by PyTorch itself, whose program states their shapes."""
    inputs = [tensor(name), tensor("input_1")]
    made = {"inputs": inputs, "outputs": [], "nodes": [], "tensor_values": {}, "sym_int_values": {}}
    module = {"graph": made, "signature": {"input_specs": []}}
    if not refused:
        assert entered(module).graph is made
        return
    with pytest.raises(UnreadableError, match="an input of the program is called"):
        entered(module)
