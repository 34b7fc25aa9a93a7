"""`verify --against`: layers paired, their numbers in the same order."""

from pathlib import Path

import pytest

from convcalc.cli import run
from tests.interop.same_numbers import in_onnxruntime

CONV = "  - {conv: {kernel: 3, filters: 4, pad: 1}, name: c}\n"

#: what lies between a volume and the layers that read it as a vector
FLAT = {
    "flatten": "  - relu\n  - pool2\n  - flatten\n  - relu\n  - fc-10\n",
    "a norm of the vector": "  - flatten\n  - sigmoid\n  - batch_norm\n  - fc-10\n",
    "two volumes": (
        "  - {flatten: {}, name: one}\n  - {relu: {}, from: c}\n  - pool2\n"
        "  - {flatten: {}, name: two}\n  - {concat: {}, from: [one, two]}\n  - tanh\n  - fc-10\n"
    ),
    "reshape": "  - reshape: {shape: 192}\n  - sigmoid\n  - fc-10\n",
    "reshape of a vector": "  - flatten\n  - reshape: {shape: 192}\n  - sigmoid\n  - fc-10\n",
}


@pytest.mark.parametrize("layers", FLAT.values(), ids=FLAT)
def test_a_flattened_volume_is_compared_in_one_order(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ONNX has a vector's numbers channels first, unless its file moves the channels last."""
    file = in_onnxruntime(f"input: 6x8x3\nlayers:\n{CONV}{layers}", tmp_path, capsys)
    assert run(["verify", str(file), "--against", str(file)]) == 0, capsys.readouterr().out


#: what turns a volume of one spatial axis, there and back by the same order of the axes
ONE_AXIS = {
    "reshape": "  - reshape: {shape: 2x9}\n  - fc-4\n",
    "twice": "  - reshape: {shape: 1x18}\n  - reshape: {shape: 2x9}\n  - relu\n  - fc-4\n",
    "behind a conv": "  - conv3-4\n  - reshape: {shape: 8x3}\n  - fc-4\n",
    "before a pool": "  - reshape: {shape: 9x2}\n  - pool3\n  - flatten\n  - tanh\n  - fc-4\n",
    "to a vector": "  - conv3-4\n  - reshape: {shape: 24}\n  - fc-4\n",
    "of a vector": "  - fc-12\n  - reshape: {shape: 4x3}\n  - relu\n  - fc-4\n",
    "of a flattened volume": "  - conv3-4\n  - flatten\n  - reshape: {shape: 8x3}\n  - fc-4\n",
    "of a vector, twice": (
        "  - fc-12\n  - reshape: {shape: 4x3}\n  - reshape: {shape: 2x6}\n  - flatten\n  - fc-4\n"
    ),
}


@pytest.mark.parametrize("layers", ONE_AXIS.values(), ids=ONE_AXIS)
def test_a_sequence_that_was_turned_is_compared_in_one_order(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = in_onnxruntime(f"input: 6x3\nlayers:\n{layers}", tmp_path, capsys)
    assert run(["verify", str(file), "--against", str(file)]) == 0, capsys.readouterr().out


def test_an_output_is_compared_as_it_was_before_a_layer_overwrote_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over = "  - {relu: {in_place: true}, from: c}\n  - fc-3\noutputs: [f]\n"
    layers = f"  - {{flatten: {{}}, name: f}}\n{over}"
    in_onnxruntime(f"input: 4x3x3\nlayers:\n{CONV}{layers}", tmp_path, capsys)


#: equal branches, a batch norm, a volume that fc reads flattened, and weights that are shared
NET = """input: 8x8x3
layers:
  - {conv: {kernel: 3, filters: 4, pad: 1, bias: false}, name: stem}
  - {batch_norm: {}, name: bn}
  - {relu: {}, name: trunk}
  - {conv: {kernel: 3, filters: 4, pad: 1}, name: left}
  - {conv: {kernel: 3, filters: 4, pad: 1}, name: right, from: trunk}
  - {add: {}, from: [left, right], name: sum}
  - {silu: {}, name: act}
  - {avg_pool: {kernel: 2}, name: pool}
  - {flatten: {}, name: flat}
  - {relu: {}, name: again}
  - {fc: {units: 10}, name: scores}
"""


def _exported_elsewhere(folder: Path) -> tuple[Path, Path]:
    """The net as a spec, and as a file in which nothing has the name of a layer."""
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    spec, file = folder / "net.yaml", folder / "net.onnx"
    spec.write_text(NET)
    assert run(["export", str(spec), "--random-weights", "3", "--to", "onnx", "-o", str(file)]) == 0
    model = onnx.load_from_string(file.read_bytes())
    graph = model.graph
    names: dict[str, str] = {}

    def other(name: str) -> str:
        return names.setdefault(name, f"val_{len(names)}")

    for tensor in graph.initializer:
        tensor.name = other(tensor.name)
    for value in (*graph.input, *graph.output):
        value.name = other(value.name)
    for i, node in enumerate(graph.node):
        node.name = f"node_{i}"
        node.input[:] = [other(name) if name else "" for name in node.input]
        node.output[:] = [other(name) for name in node.output]
    file.write_bytes(model.SerializeToString())
    return spec, file


def test_layers_are_matched_by_what_they_are_where_no_name_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, file = _exported_elsewhere(tmp_path)
    capsys.readouterr()
    assert run(["verify", str(spec), "--against", str(file)]) == 0, capsys.readouterr().err
    assert "all 10 layers agree" in capsys.readouterr().out  # flatten computes nothing
    # in another order than the file's, which has two equal branches
    spec.write_text(NET.replace("[left, right]", "[right, left]"))
    assert run(["verify", str(spec), "--against", str(file)]) == 0, capsys.readouterr().out


def test_another_net_differs_or_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, file = _exported_elsewhere(tmp_path)
    spec.write_text(NET.replace("silu", "tanh"))
    capsys.readouterr()
    assert run(["verify", str(spec), "--against", str(file)]) == 1
    said = capsys.readouterr().out
    assert "  pool: " in said
    assert "  sum: " not in said, "the layers before the other activation agree"
    spec.write_text(NET.replace("pad: 1}, name: right", "pad: 2, dilation: 2}, name: right"))
    assert run(["verify", str(spec), "--against", str(file)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "has the name of a layer of the net; imported, it has no layer that is right" in said
    assert "`convcalc diff" in said


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("bias", ["", ", bias: false"], ids=["bias", "no bias"])
def test_a_file_that_pytorch_exported_is_run_with_its_merged_batch_norms(
    bias: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PyTorch merges batch norms into convolutions: what comes out behind them is the same."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    torch = pytest.importorskip("torch")
    spec, code, file = (tmp_path / f"net.{ending}" for ending in ("yaml", "py", "onnx"))
    spec.write_text(NET.replace(", bias: false", bias))
    assert run(["export", str(spec), "--to", "pytorch", "-o", str(code)]) == 0
    scope: dict[str, object] = {}
    exec(compile(code.read_text(), str(code), "exec"), scope)
    net = scope["Net"]().eval()  # type: ignore[operator]
    for array in net.state_dict().values():
        if array.is_floating_point():
            array.copy_(torch.rand(array.shape) + 0.1)
    torch.onnx.export(net, (torch.zeros(1, 3, 8, 8),), str(file), dynamo=False)
    assert b"BatchNormalization" not in file.read_bytes()
    capsys.readouterr()
    assert run(["verify", str(spec), "--against", str(file)]) == 0, capsys.readouterr()
    assert "all 9 layers agree" in capsys.readouterr().out  # neither the stem's numbers nor flatten


@pytest.mark.parametrize("operator", ["Mul", "Div"])
@pytest.mark.parametrize(
    "shift", [("Add", "d", "shifts"), ("Sub", "d", "shifts"), ("Sub", "shifts", "d")]
)
def test_factors_and_shifts_have_the_numbers_that_a_file_computes_with(
    operator: str, shift: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    import numpy as np

    make, numbers = onnx.helper, np.random.default_rng(0)
    arrays = {
        "w": numbers.standard_normal((2, 3, 1, 1)).astype("float32"),
        "factors": np.array([0.5, 3], "float32").reshape(2, 1, 1),
        "shifts": np.array([1, -2], "float32").reshape(2, 1, 1),
    }
    nodes = [
        make.make_node("Conv", ["x", "w"], ["c"], "c", kernel_shape=[1, 1]),
        make.make_node(operator, ["c", "factors"], ["d"], "d"),
        make.make_node(shift[0], shift[1:], ["e"], "e"),
        make.make_node("Relu", ["e"], ["y"], "r"),
    ]
    graph = make.make_graph(
        nodes,
        "net",
        [make.make_tensor_value_info("x", 1, [1, 3, 4, 6])],
        [make.make_tensor_value_info("y", 1, [1, 2, 4, 6])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    opsets = [make.make_opsetid("", 17)]
    file = tmp_path / "net.onnx"
    file.write_bytes(make.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())
    assert run(["verify", str(file), "--against", str(file)]) == 0, capsys.readouterr()


@pytest.mark.parametrize("named", [True, False])
def test_each_output_of_a_node_is_compared_with_its_own_layer(
    named: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Split is a slice for each of its outputs, which a spec may call as the file does."""
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    from tests.interop.onnx_files import model

    make, file, spec = onnx.helper.make_node, tmp_path / "net.onnx", tmp_path / "net.yaml"
    nodes = [
        make("Sigmoid", ["x"], ["a"], name="a"),
        make("Split", ["a"], ["p", "q"], name="split", axis=1, num_outputs=2),
        make("Sub", ["q", "p"], ["y"], name="y"),
    ]
    file.write_bytes(model(nodes, (1, 4, 3, 3), [], 18))
    spec.write_text(
        "input: 3x3x4\nlayers:\n  - {sigmoid: {}, name: a}\n"
        "  - {slice: {stop: 2}, name: p}\n"
        "  - {slice: {start: 2}, name: q, from: a}\n"
        "  - {subtract: {}, from: [q, p], name: y}\n"
    )
    against = ["--against", str(file)]
    assert run(["verify", str(spec if named else file), *against]) == 0, capsys.readouterr()
    assert "all 4 layers agree" in capsys.readouterr().out


@pytest.mark.parametrize("option", [("--batch", "5"), ("--dtype", "float64"), ("--reduced",)])
def test_what_is_not_compared_is_refused(
    option: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(NET)
    assert run(["verify", str(spec), "--against", "none.onnx", *option]) == 2
    assert "--against takes --seed alone beside it" in " ".join(capsys.readouterr().err.split())
