"""ONNX files that are written node by node."""

import pytest

from convcalc.study.errors import RequestError
from convcalc.study.exported import exported
from convcalc.study.load import Text
from convcalc.study.outcome import Case
from tests.interop.nets import one


def test_a_file_in_pieces_is_the_file_that_onnx_makes() -> None:
    onnx = pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    layers = "  - repeat: {times: 3, layers: [conv3-8, relu, {group_norm: {groups: 2}}]}\n"
    made = write(one(layers))
    model = onnx.load_model_from_string(made)
    assert [node.name for node in model.graph.node if node.op_type == "Conv"] == [
        "conv1",
        "conv2",
        "conv3",
    ]
    graph = onnx.helper.make_graph(
        model.graph.node,
        model.graph.name,
        model.graph.input,
        model.graph.output,
        model.graph.initializer,
    )
    whole = onnx.helper.make_model(
        graph,
        producer_name="convcalc",
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    assert whole.SerializeToString() == made


def test_a_file_beyond_what_onnx_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx import file

    monkeypatch.setattr(file, "_MOST", 2000)
    case = Case(Text("net", "input: 8x8x4\nlayers:\n- conv3-8\n- fc-10\n"))
    _, made = exported(case, "onnx")
    assert len(made) < 2000
    with pytest.raises(RequestError, match=r"[\d,]{5} bytes, .* 2,000: leave --random-weights out"):
        exported(case, "onnx", seed=0)
