"""`verify --against` with files from strangers: one line and exit 2, and nothing else is opened."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from tests.interop.onnx_files import array, model

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

NET = """input: 4x4x2
layers:
  - {conv: {filters: 3, kernel: 1, bias: false}, name: c}
  - {relu: {}, name: y}
"""
W = (3, 2, 1, 1)
KINDS = ("sigmoid", "relu", "tanh")


def node(op: str, inputs: str, output: str, **attributes: Any) -> Any:
    return onnx.helper.make_node(op, inputs.split(), [output], name=output, **attributes)


def file_of(*more: Any, arrays: tuple[Any, ...] = (), last: str = "c") -> Any:
    """Conv and ReLU of NET, with more beside them."""
    nodes = [node("Conv", "x w", "c"), *more, node("Relu", last, "y")]
    given = {tensor.name: tensor for tensor in (array("w", W), *arrays)}
    return onnx.load_from_string(model(nodes, (1, 2, 4, 4), list(given.values()), 18))


def outside(name: str, shape: tuple[int, ...]) -> Any:
    """An array whose numbers are those of the file `secret.bin`."""
    tensor = onnx.TensorProto(name=name, data_type=1, dims=shape, data_location=1)
    for key, value in (("location", "secret.bin"), ("offset", "0"), ("length", "12")):
        tensor.external_data.add(key=key, value=value)
    return tensor


@pytest.fixture
def verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run NET against a file: the status, and all that is written, of native code too."""
    monkeypatch.chdir(tmp_path)
    Path("secret.bin").write_bytes(b"\0\0\x80?" * 3)

    def against(proto: Any, net: str = NET) -> tuple[int, str]:
        Path("net.yaml").write_text(net, encoding="utf-8")
        data = proto if isinstance(proto, bytes) else proto.SerializeToString()
        Path("f.onnx").write_bytes(data)
        capfd.readouterr()
        status = run(["verify", "net.yaml", "--against", "f.onnx"])
        said = capfd.readouterr()
        return status, " ".join((said.err + said.out).split())

    return against


def _in_a_function(proto: Any) -> Any:
    proto.functions.add(name="f", domain="own", input=["a"], output=["b"]).node.extend(
        [node("Constant", "", "k", value=outside("", (3, 1, 1))), node("Add", "a k", "b")]
    )
    return proto


def _sparse() -> Any:
    proto = file_of()
    values = outside("s", (3,))
    indices = onnx.numpy_helper.from_array(__import__("numpy").arange(3))
    proto.graph.sparse_initializer.append(
        onnx.SparseTensorProto(values=values, indices=indices, dims=[3])
    )
    return proto


def _branch() -> Any:
    graph = onnx.helper.make_graph(
        [node("Constant", "", "k", value=outside("", (3, 1, 1))), node("Add", "c k", "b")],
        "side",
        [],
        [onnx.ValueInfoProto(name="b")],
    )
    yes = onnx.helper.make_tensor("yes", 9, (), [True])
    choice = node("If", "yes", "d", then_branch=graph, else_branch=graph)
    return file_of(choice, arrays=(yes,), last="d")


#: where a file can name another one
OUTSIDE = {
    "a weight": lambda: file_of(arrays=(outside("w", W),)),
    "an array that no layer takes": lambda: file_of(
        node("Add", "c k", "d"), arrays=(outside("k", (3, 1, 1)),), last="d"
    ),
    "an attribute": lambda: file_of(
        node("Constant", "", "k", value=outside("", (3, 1, 1))), node("Add", "c k", "d"), last="d"
    ),
    "a graph in a node": _branch,
    "a sparse array": _sparse,
    "a function": lambda: _in_a_function(file_of()),
}


@pytest.mark.parametrize("made", OUTSIDE.values(), ids=OUTSIDE)
def test_no_other_file_is_opened(
    made: Callable[[], Any], verified: Callable[..., tuple[int, str]]
) -> None:
    """A named pipe in its place would wait for ever."""
    Path("secret.bin").unlink()
    os.mkfifo("secret.bin")
    status, said = verified(made())
    assert (status, said.startswith("Error: ")) == (2, True), said
    assert "f.onnx has numbers in another file" in said, said


def _body() -> Any:
    """What a loop repeats: nothing."""
    make, named = onnx.helper, onnx.helper.make_tensor_value_info
    keep = [node("Identity", "on", "on2"), node("Identity", "v", "v2")]
    given = [named("i", 7, ()), named("on", 9, ()), named("v", 1, (1,))]
    return make.make_graph(keep, "body", given, [named("on2", 9, ()), named("v2", 1, (1,))])


def _loop() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A loop of 2^62 turns, and the arrays that it reads."""
    make = onnx.helper.make_tensor
    arrays = (make("n", 7, (), [2**62]), make("on", 9, (), [True]), array("v", (1,)))
    return (node("Loop", "n on v", "more", body=_body()), node("Mul", "c more", "d")), arrays


def _loop_in_a_function() -> Any:
    (loop, _), arrays = _loop()
    proto = file_of(
        onnx.helper.make_node("f", ["n", "on", "v"], ["more"], domain="own"),
        node("Mul", "c more", "d"),
        arrays=arrays,
        last="d",
    )
    proto.opset_import.add(domain="own", version=1)
    made = proto.functions.add(name="f", domain="own", input=["n", "on", "v"], output=["more"])
    made.node.append(loop)
    made.opset_import.add(version=18)
    return proto


def _functions_of_functions(calls: int, last: str) -> Any:
    """40 functions of which each calls the next one; the last one calls `last`."""
    proto = file_of(onnx.helper.make_node("f0", ["c"], ["d"], domain="own"), last="d")
    proto.opset_import.add(domain="own", version=1)
    for i in range(40):
        made = proto.functions.add(name=f"f{i}", domain="own", input=["v0"], output=[f"v{calls}"])
        made.opset_import.add(version=18)
        made.opset_import.add(domain="own", version=1)
        called, domain = (last, "own" if last == "f0" else "") if i == 39 else (f"f{i + 1}", "own")
        made.node.extend(
            onnx.helper.make_node(called, [f"v{k}"], [f"v{k + 1}"], domain=domain)
            for k in range(calls)
        )
    return proto


REPEATING = {
    "a loop": lambda: file_of(*_loop()[0], arrays=_loop()[1], last="d"),
    "a loop in a function": _loop_in_a_function,
    "functions that call functions": lambda: _functions_of_functions(2, "Abs"),
    "a function that calls itself": lambda: _functions_of_functions(1, "f0"),
}


@pytest.mark.parametrize("made", REPEATING.values(), ids=REPEATING)
def test_nothing_is_repeated_as_often_as_a_file_says(
    made: Callable[[], Any], verified: Callable[..., tuple[int, str]]
) -> None:
    status, said = verified(made())
    assert (status, said.startswith("Error: f.onnx")) == (2, True), said
    assert "--against does not run" in said, said


def test_a_branch_and_functions_are_run(verified: Callable[..., tuple[int, str]]) -> None:
    status, said = verified(_functions_of_functions(1, "Abs"))
    assert (status, "all 2 layers agree" in said) == (1, False), said
    graph = onnx.helper.make_graph(
        [node("Identity", "c", "b")], "side", [], [onnx.ValueInfoProto(name="b")]
    )
    yes = onnx.helper.make_tensor("yes", 9, (), [True])
    choice = node("If", "yes", "d", then_branch=graph, else_branch=graph)
    status, said = verified(file_of(choice, arrays=(yes,), last="d"))
    assert (status, "all 2 layers agree" in said) == (0, True), said


def test_a_node_without_a_name_is_no_layer_s(verified: Callable[..., tuple[int, str]]) -> None:
    """A layer of a spec comes from no node: '' is not the name of one."""
    nodes = [node("Sigmoid", "x", "a"), node("Relu", "a", "b"), node("Tanh", "b", "y")]
    nodes[1].name = ""
    net = "input: 4x4x2\nlayers:\n"
    net += "".join(
        f"  - {{{kind}: {{}}, name: {n}}}\n" for n, kind in zip("aby", KINDS, strict=True)
    )
    status, said = verified(model(nodes, (1, 2, 4, 4), [], 18), net)
    assert (status, "all 3 layers agree" in said) == (0, True), said


#: an array whose sizes, type and bytes do not fit together
