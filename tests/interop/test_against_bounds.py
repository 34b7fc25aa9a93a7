"""`verify --against` runs the nodes that are compared, and none of them without an end."""

from pathlib import Path

import numpy as np
import pytest

from convcalc.cli import run
from convcalc.study import onnx_session
from tests.interop.onnx_files import array, model

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

SPEC = "input: 8x8x4\nlayers: [{conv: {filters: 6, kernel: 3, bias: false}}, relu]\n"
WEIGHTS = array("w", (6, 4, 3, 3))


@pytest.fixture(autouse=True)
def _spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(SPEC)


def products(first: str, count: int) -> list[object]:
    """Very many multiply-accumulates that depend on a volume; the last is called `z`."""
    make = onnx.helper.make_node
    size = onnx.numpy_helper.from_array(np.array([2000, 2000], "i8"))
    nodes = [
        make("Constant", [], ["size"], value=size),
        make("ConstantOfShape", ["size"], ["zeros"]),
        make("ReduceMax", [first], ["largest"], keepdims=0),
        make("Mul", ["zeros", "largest"], ["a0"]),
        *(make("MatMul", [f"a{i}", "a0"], [f"a{i + 1}"]) for i in range(count)),
        make("ReduceMax", [f"a{count}"], ["z"], keepdims=0),
    ]
    return nodes


def test_nodes_that_are_not_compared_are_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make = onnx.helper.make_node
    convs = [
        make("Conv", ["x", "w"], ["c"], name="conv1"),
        make("Relu", ["c"], ["y"], name="relu1"),
    ]
    Path("m.onnx").write_bytes(model([*convs, *products("y", 10_000)], (1, 4, 8, 8), [WEIGHTS]))
    monkeypatch.setattr(onnx_session, "_BASE_SECONDS", 30)
    assert run(["verify", "net.yaml", "--against", "m.onnx"]) == 0
    assert "all 2 layers agree" in capsys.readouterr().out


def test_those_that_are_have_so_much_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("resource")
    make = onnx.helper.make_node
    nodes = [
        make("Conv", ["x", "w"], ["c"], name="conv1"),
        *products("c", 10_000),
        make("Add", ["c", "z"], ["d"]),
        make("Relu", ["d"], ["y"], name="relu1"),
    ]
    Path("m.onnx").write_bytes(model(nodes, (1, 4, 8, 8), [WEIGHTS]))
    monkeypatch.setattr(onnx_session, "_BASE_SECONDS", 3)
    assert run(["verify", "net.yaml", "--against", "m.onnx"]) == 2
    told = "does not run m.onnx: it takes more than 3 seconds of computing"
    assert told in capsys.readouterr().err


def test_what_a_graph_inside_a_node_reads_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    make, info = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    result = info("r", onnx.TensorProto.FLOAT, None)
    then = onnx.helper.make_graph([make("Relu", ["c"], ["r"])], "then", [], [result])
    other = onnx.helper.make_graph([make("Identity", ["c"], ["r"])], "other", [], [result])
    yes = onnx.numpy_helper.from_array(np.array(True))
    nodes = [
        make("Conv", ["x", "w"], ["c"], name="conv1"),
        make("Constant", [], ["yes"], value=yes),
        make("If", ["yes"], ["y"], name="relu1", then_branch=then, else_branch=other),
    ]
    Path("m.onnx").write_bytes(model(nodes, (1, 4, 8, 8), [WEIGHTS]))
    assert run(["verify", "net.yaml", "--against", "m.onnx"]) == 0
    assert "all 2 layers agree" in capsys.readouterr().out
