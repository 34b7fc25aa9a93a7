"""What `export` writes is read back with the same shapes, parameters and MACs."""

import io
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.interop.fold.spec import counted
from convcalc.interop.network import network_of
from convcalc.interop.read.model import read
from convcalc.spec.load import load
from tests.interop.nets import faces, one

NETS = [  # shape, layers
    ("5x1x5x4", "  - flatten\n  - layer_norm\n  - scale: {bias: true}\n  - fc-3\n"),
    ("5x3x4", "  - flatten\n  - prelu: {parameters: channel}\n  - fc-3\n"),
    ("5x3x4", "  - flatten\n  - lrn: {alpha_over: size}\n  - softmax\n"),
    ("12x1", "  - fc-4\n  - gelu\n"),
    ("22x6", "  - layer_norm: {affine: false}\n  - mish\n"),
    ("18x8", "  - concat: {branches: [sigmoid, []]}\n  - layer_norm\n"),
    ("4x8", "  - global_max_pool\n  - pad: {sides: [2, 1]}\n  - flatten\n"),
    ("9x6", "  - group_norm: {groups: 3, affine: false}\n  - scale\n"),
    ("9x6", "  - layer_norm: {affine: false}\n  - scale\n"),
    ("9x6", "  - instance_norm\n  - scale\n"),
    ("3x9x4", "  - gelu\n  - reshape: {shape: 9x12}\n  - conv3-4\n"),
    ("10x9x1", "  - reshape: {shape: 3x30}\n  - layer_norm\n"),
    ("27x4", "  - reshape: {shape: 4x9x3x1}\n  - conv1-6\n"),
    ("3x4x8", "  - reshape: {shape: 32x3}\n  - conv_transpose: {filters: 8, kernel: 3}\n"),
    ("6", "  - reshape: {shape: 3x2}\n  - instance_norm\n  - global_max_pool\n"),
    ("1", "  - fc-2\n  - reshape: {shape: 1x2}\n  - softmax\n"),
    ("13x6", "  - pixel_shuffle: {factor: 3}\n  - tanh\n"),
    ("13x6", "  - pixel_shuffle: {factor: 3, order: dcr}\n  - tanh\n"),
    ("6x2x4x8", "  - pixel_shuffle: {factor: 2}\n  - tanh\n"),
    ("6x2x4x4", "  - space_to_depth: {factor: 2, order: dcr}\n  - flatten\n"),
    ("6x2x4x4", "  - space_to_depth: {factor: 2}\n  - conv1-4\n"),
    ("30x8", "  - space_to_depth: {factor: 2}\n  - relu\n"),
    ("6x8x4", "  - pixel_shuffle: {factor: 2, order: dcr}\n  - relu\n"),
    ("6x8x4", "  - pad: {channels: [1, 2]}\n  - upsample: {size: 4}\n"),
]


@pytest.mark.parametrize(("shape", "layers"), NETS)
def test_onnx(shape: str, layers: str) -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    found = one(layers, shape)
    flat = read("net.onnx", io.BytesIO(write(found)))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


def test_an_output_that_is_named_is_one_output() -> None:
    text = b"input: 4x4x3\nlayers:\n  - {relu: , name: a}\n  - {tanh: , name: b}\noutputs: [b, a]\n"
    assert load("net.yaml", text).outputs == (1, 2)


def test_nodes_of_outputs_have_names_of_their_own() -> None:
    """An output that is put into order has nodes beside the layer's own."""
    onnx: Any = pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    layers = "  - flatten\n  - {gelu: , name: a}\n  - {sigmoid: , name: b}\noutputs: [a]\n"
    model = onnx.load_from_string(write(one(layers, "4x8x6")))
    made = [name for node in model.graph.node for name in node.output]
    assert len(made) == len(set(made))


@pytest.mark.parametrize(
    "layers", ["  - l2_pool: {kernel: [1, 3], stride: 1}\n  - tanh\n", "  - l2_pool: {kernel: 2}\n"]
)
def test_pytorch_takes_an_l2_pool_apart(layers: str) -> None:
    found = one(layers, "11x7x8")
    data = _as_program(found, (1, 8, 11, 7))
    flat = read("net.pt2", data)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


@pytest.mark.parametrize("kind", ["add", "multiply", "maximum"])
@pytest.mark.parametrize("form", ["onnx", "pt2"])
def test_a_join_of_three_is_no_difference(form: str, kind: str) -> None:
    """Code and files join two volumes at a time."""
    layers = (
        "  - conv3-8\n"
        f"  - {kind}: {{branches: {{a: [conv3-8], b: [conv1-8], c: []}}}}\n"
        f"  - relu\n  - {kind}: {{branches: [conv3-8, [], conv1-8, conv3-8]}}\n  - fc-3\n"
    )
    found = one(layers, "8x8x4")
    data = _as_onnx(found) if form == "onnx" else _as_program(found, (1, 4, 8, 8))
    again = analyze(network_of(read(f"net.{form}", data)))
    assert difference(found, again).none


def _as_onnx(found: Analysis) -> io.BytesIO:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    return io.BytesIO(write(found))


def _as_program(found: Analysis, shape: tuple[int, ...]) -> io.BytesIO:
    torch: Any = pytest.importorskip("torch")
    from convcalc.interop.write.pytorch.net import write

    names: dict[str, Any] = {}
    exec(compile(write(found), "net.py", "exec"), names)
    data = io.BytesIO()
    torch.export.save(torch.export.export(names["Net"]().eval(), (torch.zeros(shape),)), data)
    data.seek(0)
    return data
