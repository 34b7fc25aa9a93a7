"""Every layer kind as ONNX: onnxruntime computes what `forward` does, options included."""

import io
from pathlib import Path

import pytest
from every_kind import NETS, network, text_of

from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.interop.read.model import read
from convcalc.layers import BY_NAME

#: kinds that ONNX has no operator for
WITHOUT: set[str] = set()
#: options that matter to the numbers and not to the sizes
OPTIONS = [
    ("4x5x6", "{leaky_relu: {negative_slope: 0.3}}"),
    ("4x5x6", "{elu: {alpha: 0.5}}"),
    ("4x5x6", "{lrn: {size: 3, alpha: 0.7, beta: 0.5, k: 1}}"),
    ("9x3", "{pad: {sides: [2, 1], mode: reflect}}"),
    ("4x6x8", "{space_to_depth: {factor: 2, order: dcr}}"),
]
#: what onnxruntime refuses in one operator: padding of a pool, or an extra, that is not small
APART = [
    ("13x14x3", "{max_pool: {kernel: 3, stride: 1, pad: 3, dilation: 2}}"),
    ("13x14x3", "{max_pool: {kernel: 3, stride: 2, pad: [5, 0, 1, 4], dilation: 3}}"),
    ("9x3", "{max_pool: {kernel: 2, stride: 2, pad: [2, 1], dilation: 2, rounding: ceil}}"),
    ("6x7x4", "{conv_transpose: {filters: 6, kernel: 3, pad: 1, output_pad: 1, dilation: 2}}"),
    ("6x7x4", "{conv_transpose: {filters: 3, kernel: 3, stride: 2, output_pad: 3, dilation: 4}}"),
    ("6x4", "{conv_transpose: {filters: 6, kernel: 2, stride: 2, output_pad: 2, dilation: 3}}"),
]  # fmt: skip


def test_every_kind_has_an_operator_or_is_known_to_have_none() -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.kinds import TABLE

    missing = BY_NAME.keys() - TABLE.keys()
    assert missing == WITHOUT, "a writer in interop/write/onnx/, or its name in WITHOUT"


#: flatten's numbers are the same by channel, not by position: an fc after it has its columns moved
RUN = [case for case in [*NETS, *OPTIONS, *APART] if case[1] != "flatten"]


@pytest.mark.parametrize(("shape", "layers"), RUN)
def test_onnxruntime_computes_the_same(
    shape: str, layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    spec, file = tmp_path / "net.yaml", str(tmp_path / "net.onnx")
    spec.write_text(text_of(shape, layers), encoding="utf-8")
    code = run(["export", str(spec), "--to", "onnx", "--random-weights", "1", "-o", file])
    said = capsys.readouterr()
    if code:
        assert (shape, layers) not in APART, said.err
        pytest.skip(said.err)
    code = run(["verify", str(spec), "--against", file])
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(("shape", "layers"), [case for case in APART if "pool" in case[1]])
def test_a_pool_padded_in_a_node_of_its_own_is_read_as_one_layer(shape: str, layers: str) -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    data = write(analyze(network(shape, layers)))
    assert b"Pad" in data
    flat = read("net.onnx", io.BytesIO(data))
    assert [item.kind for item in flat.items] == ["input", "max_pool"]
    assert flat.notes == ()


@pytest.mark.parametrize("words", ["Sigmoid", "Clip"])
def test_an_activation_in_pieces_after_a_gate_is_one_layer(words: str) -> None:
    """What it reads twice is a product itself: it is not taken apart with the activation's own."""
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    nodes = [
        ("GlobalAveragePool", ["x"], ["p"]),
        ("Sigmoid", ["p"], ["s"]),
        ("Mul", ["x", "s"], ["g"]),
    ]
    if words == "Sigmoid":
        nodes += [("Sigmoid", ["g"], ["t"]), ("Mul", ["g", "t"], ["y"])]
    else:
        nodes += [("Add", ["g", "three"], ["a"]), ("Clip", ["a", "zero", "six"], ["c"])]
        nodes += [("Mul", ["g", "c"], ["m"]), ("Div", ["m", "six"], ["y"])]
    graph = make.make_graph(
        [make.make_node(*node) for node in nodes],
        "net",
        [make.make_tensor_value_info("x", 1, [1, 4, 8, 8])],
        [make.make_tensor_value_info("y", 1, [1, 4, 8, 8])],
        [make.make_tensor(n, 1, [], [v]) for n, v in (("zero", 0), ("three", 3), ("six", 6))],
    )
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    flat = read("net.onnx", io.BytesIO(model.SerializeToString()))
    last = {"Sigmoid": "silu", "Clip": "hard_swish"}[words]
    kinds = [item.kind for item in flat.items]
    assert kinds == ["input", "global_avg_pool", "sigmoid", "multiply", last]
    assert flat.notes == ()
