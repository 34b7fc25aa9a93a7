"""`verify --against` of files whose sizes do not tell the channels from the positions."""

from pathlib import Path

import pytest

import convcalc

pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
np = pytest.importorskip("numpy")

#: what stands between the input and the layer, as permutations
ORDERS = {"as it is": (), "turned": ((0, 2, 3, 1),), "back": ((0, 2, 3, 1), (0, 3, 1, 2))}


def _model(size: tuple[int, ...], turns: tuple[tuple[int, ...], ...], *layer: str) -> bytes:
    """Transposes and then a layer with weights of the last axis."""
    make, numbers = onnx.helper, np.random.default_rng(0)
    sizes = (1, *size)
    for turn in turns:
        sizes = tuple(sizes[axis] for axis in turn)
    rows = sizes[-1] if layer[0] == "MatMul" else int(np.prod(sizes))
    weights = numbers.standard_normal((rows, 5)).astype("float32")
    nodes, last = [], "x"
    for number, turn in enumerate(turns):
        nodes.append(make.make_node("Transpose", [last], [f"t{number}"], perm=turn))
        last = f"t{number}"
    for number, kind in enumerate(layer):
        given = [last, "w"] if kind in {"MatMul", "Gemm"} else [last]
        last = f"y{number}"
        nodes.append(make.make_node(kind, given, [last]))
    ends = [make.make_tensor_value_info("x", 1, (1, *size))]
    made = [make.make_tensor_value_info(last, 1, None)]
    graph = make.make_graph(nodes, "g", ends, made, [onnx.numpy_helper.from_array(weights, "w")])
    opsets = [make.make_opsetid("", 13)]
    return bytes(make.make_model(graph, opset_imports=opsets, ir_version=7).SerializeToString())


LINEAR = ("MatMul", "Selu")  #: over the channels alone: over the width it is no layer kind
CASES = [("turned", LINEAR), *((order, ("Flatten", "Gemm")) for order in ORDERS)]


@pytest.mark.parametrize("size", [(3, 3, 3), (8, 8, 8), (8, 6, 6), (6, 6, 8)])
@pytest.mark.parametrize(("order", "layer"), CASES)
def test_a_file_agrees_with_itself_whatever_its_sizes(
    size: tuple[int, ...], order: str, layer: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "net.onnx"
    file.write_bytes(_model(size, ORDERS[order], *layer))
    assert convcalc.verify(file, against=file).agrees
