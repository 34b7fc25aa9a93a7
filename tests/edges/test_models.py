"""Model files of other tools with numbers that no tool writes: a sentence, never a bug."""

import json
from pathlib import Path

import pytest

from convcalc import api
from convcalc.cli import run
from tests.interop.stated_programs import archived

HUGE = 10**400
CFG = (
    "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=4\nsize=1\n[route]\nlayers={}\n"
)
PROTOTXT = (
    'name: "n" input: "x" input_dim: 1 input_dim: 3 input_dim: {} input_dim: 8\n'
    'layer {{ name: "e" type: "Eltwise" bottom: "x" bottom: "x" top: "e" eltwise_param {{ {} }} }}'
)


def keras(layer: str, **config: object) -> str:
    """A Sequential model of one layer."""
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3], "name": "x"}}
    last = {"class_name": layer, "module": "keras.layers", "config": {"name": "l", **config}}
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [first, last]}}
    return json.dumps(model)


SIZES = [{"as_int": size} for size in (1, 3, 8, 8)]
TWICE = [{"as_int": size} for size in (1, 3, 16, 16)]


def pt2(
    target: str, sizes: object = SIZES, made_sizes: object = None, **arguments: object
) -> bytes:
    """An exported program of one call, of the input's sizes unless others are given."""
    first = "input" if target.endswith(".vec") else "self"
    inputs = [{"name": first, "arg": {"as_tensor": {"name": "x"}}, "kind": 1}]
    inputs += [{"name": name, "arg": arg, "kind": 2} for name, arg in arguments.items()]
    made = {"as_tensor": {"name": "y"}}
    node = {"target": f"torch.ops.aten.{target}", "inputs": inputs, "outputs": [made]}
    graph: dict[str, object] = {
        "inputs": [{"as_tensor": {"name": "x"}}],
        "outputs": [made],
        "nodes": [node],
        "tensor_values": {
            "x": {"dtype": 7, "sizes": sizes},
            "y": {"dtype": 7, "sizes": made_sizes or sizes},
        },
        "sym_int_values": {},
    }
    given = [{"user_input": {"arg": {"as_tensor": {"name": "x"}}}}]
    taken = [{"user_output": {"arg": made}}]
    signature = {"input_specs": given, "output_specs": taken}
    root = {
        "schema_version": {"major": 8, "minor": 8},
        "graph_module": {"graph": graph, "signature": signature},
    }
    return archived(json.dumps(root))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.cfg", CFG.format("--1"), "layers is --1"),
        ("a.cfg", CFG.format("-1-"), "layers is -1-"),
        ("a.prototxt", PROTOTXT.format("--8", ""), "'-' is out of place"),
        ("a.prototxt", PROTOTXT.format("8", "coeff: 1 coeff: +-1"), "'+' is out of place"),
        ("a.prototxt", PROTOTXT.format("8", "coeff: 0.5 coeff: 2"), "with factors 0.5, 2"),
        ("a.prototxt", PROTOTXT.format("8", "coeff: -1 coeff: 1"), "with factors -1, 1"),
        ("a.json", keras("Dropout", rate=HUGE), "a number of 401 digits"),
        ("a.json", keras("ReLU", max_value=-HUGE), "a number of 402 digits"),
        ("a.pt2", pt2("leaky_relu", negative_slope={"as_int": HUGE}), "a number of 401 digits"),
        ("a.pt2", pt2("leaky_relu", negative_slope={"as_float": "x"}), "is no number"),
        ("a.pt2", pt2("leaky_relu", negative_slope={"as_string": "x"}), "is not a number"),
        ("a.pt2", pt2("leaky_relu", negative_slope={"as_float": "NaN"}), "got nan"),
        ("a.pt2", pt2("mul", other={"as_int": HUGE}), "a number of 401 digits"),
        ("a.pt2", pt2("clamp", min={"as_tensor": {"name": "x"}}), "between tensors"),
        *(
            ("a.pt2", pt2("upsample_nearest2d.vec", scale_factors={"as_floats": factors}), told)
            for factors, told in (
                (["Infinity", 2], "factors of no size"),
                (["NaN", 2], "factors of no size"),
                ([-1, 2], "factors of no size"),
                (["9" * 20_000, 2], "is no number"),
            )
        ),
        ("a.pt2", pt2("relu", sizes=[{"as_int": "\x1b[2J"}]), "a size of <U+001B>[2J"),
    ],
)
def test_numbers_that_are_none(
    name: str, data: str | bytes, told: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    assert run(["analyze", name]) in {1, 2}
    said = capsys.readouterr()
    assert told in said.out + said.err
    try:
        api.load(name)
    except api.LoadError as error:  # what has no kind is a finding
        assert "\x1b" not in str(error)


def test_the_same_files_with_good_numbers(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in {
        "a.cfg": CFG.format("-1"),
        "a.prototxt": PROTOTXT.format("8", "coeff: 1 coeff: 1."),
        "b.prototxt": PROTOTXT.format("8", "coeff: 1 coeff: -1"),
        "a.json": keras("ReLU", max_value=6.0),
        "a.pt2": pt2("leaky_relu", negative_slope={"as_float": 0.1}),
        "b.pt2": pt2(
            "upsample_nearest2d.vec", SIZES, TWICE, scale_factors={"as_floats": [2.0, 2.0]}
        ),
    }.items():
        Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
        assert api.load(name).ok, name
    assert [layer.kind for layer in api.analyze("b.prototxt").layers][-1] == "subtract"
    assert api.analyze("b.pt2").layers[-1].output == (16, 16, 3)


def onnx_file(op: str, *more: str, **attributes: object) -> bytes:
    """A model of one node on 1x3x8x8, whose second input is the axes 1 and 1."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    images = make.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 3, 8, 8])
    made = make.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    node = make.make_node(op, ["x", *more], ["y"], name="n", **attributes)
    axes = make.make_tensor("axes", onnx.TensorProto.INT64, [2], [1, 1])
    graph = make.make_graph([node], "g", [images], [made], [axes])
    opset = make.make_operatorsetid("", 13)
    model: bytes = make.make_model(graph, opset_imports=[opset]).SerializeToString()
    return model


@pytest.mark.parametrize(
    ("op", "inputs", "attributes", "told"),
    [
        ("Unsqueeze", ["axes"], {}, "no layer kind for Unsqueeze twice at one axis"),
        ("ReduceMean", [], {"axes": [1.5, 2.0]}, "axes is not integers"),
        ("Transpose", [], {"perm": ["a", "b"]}, "perm is not integers"),
        ("Shape", [], {"start": 1.5}, "its ends are not integers"),
        ("Identity", [], {}, "it has no layers: what comes out is what goes in"),
    ],
)
@pytest.mark.parametrize("command", ["analyze", "import"])
def test_nodes_of_onnx(
    command: str,
    op: str,
    inputs: list[str],
    attributes: dict[str, object],
    told: str,
    tmp_path: Path,
    monkeypatch,
    capsys,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.onnx").write_bytes(onnx_file(op, *inputs, **attributes))
    assert run([command, "a.onnx"]) in {1, 2}
    said = capsys.readouterr()
    assert told in " ".join((said.out + said.err).split())


def keras_calls(layer: str, reads: int, **config: object) -> str:
    """A functional model: a ReLU, and a layer that reads it so many times."""
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
    layers = [
        {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [None, 8, 8, 3]}},
        {"class_name": layer, "name": "l", "config": config},
    ]
    layers[0]["inbound_nodes"] = []
    layers[1]["inbound_nodes"] = [{"args": [[tensor] * reads], "kwargs": {}}]
    ends = {"input_layers": [["x", 0, 0]], "output_layers": [["l", 0, 0]]}
    return json.dumps({"class_name": "Functional", "config": {"layers": layers, **ends}})


def test_a_layer_of_one_input_that_gets_two(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(keras_calls("ReLU", 2), encoding="utf-8")
    assert run(["analyze", "a.json"]) == 2
    assert capsys.readouterr().err == "Error: a.json: layer l: relu takes one input, got 2\n"
    Path("a.json").write_text(keras_calls("Add", 2), encoding="utf-8")
    assert api.load("a.json").ok


@pytest.mark.parametrize(
    ("cls", "config", "kind", "options"),
    [
        ("LeakyReLU", {"negative_slope": 0.7}, "leaky_relu", {"negative_slope": 0.7}),
        ("ReLU", {"negative_slope": 0.0, "max_value": 6.0, "threshold": 0.0}, "relu6", {}),
        ("ReLU", {"negative_slope": 0.1, "max_value": None}, "leaky_relu", {"negative_slope": 0.1}),
        ("ELU", {"alpha": 0.5}, "elu", {"alpha": 0.5}),
        ("ReLU", {"max_value": 3.0}, "", {}),
        ("ReLU", {"max_value": [[]]}, "", {}),
        ("Softmax", {"axis": 1}, "", {}),
        (["x"], {}, "", {}),
    ],
)
def test_activations_of_keras_with_a_configuration(
    cls: object, config: dict[str, object], kind: str, options: object, tmp_path: Path
) -> None:
    """As Keras writes `Conv2D(4, 1, activation=LeakyReLU(0.7))`."""
    activation = {"module": "keras.layers", "class_name": cls, "config": config}
    conv = keras("Conv2D", filters=4, kernel_size=[1, 1], activation=activation)
    (tmp_path / "a.json").write_text(conv, encoding="utf-8")
    found = api.analyze(tmp_path / "a.json")
    if not kind:
        assert "no layer kind for" in found.findings[0].message
        return
    last = found.layers[-1]
    assert last.kind == kind
    assert {name: last.options[name] for name in options} == options


@pytest.mark.parametrize("op", ["Conv", "ConvTranspose", "MatMul", "Gemm"])
def test_a_weight_that_a_file_computes(op: str, tmp_path: Path, monkeypatch, capsys) -> None:
    onnx = pytest.importorskip("onnx")
    monkeypatch.chdir(tmp_path)
    make = onnx.helper
    images = make.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 3, 8, 8])
    made = make.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    nodes = [make.make_node("MatMul", ["a", "b"], ["w"]), make.make_node(op, ["x", "w"], ["y"])]
    constants = [
        make.make_tensor("a", onnx.TensorProto.FLOAT, [4, 3, 1, 1], [1.0] * 12),
        make.make_tensor("b", onnx.TensorProto.FLOAT, [], [1.0]),  # no matrix: of no size
    ]
    graph = make.make_graph(nodes, "g", [images], [made], constants)
    Path("a.onnx").write_bytes(make.make_model(graph).SerializeToString())
    assert run(["analyze", "a.onnx"]) == 1
    assert "no layer kind for" in capsys.readouterr().out
