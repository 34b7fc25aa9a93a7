"""What `export --to onnx` writes is imported with the layers that the spec has, none more."""

import io
from pathlib import Path

import pytest

from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import read
from tests.interop.nets import one
from tests.interop.same_numbers import in_onnxruntime


def read_back(layers: str, shape: str) -> list[str]:
    """The kinds and shapes of the net that is imported; its parameters and MACs are the spec's."""
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    found = one("".join(f"  - {layer}\n" for layer in layers.split("; ")), shape)
    flat = read("net.onnx", io.BytesIO(write(found)))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    return [f"{item.kind} {'x'.join(map(str, item.output))}" for item in flat.items[1:]]


@pytest.mark.parametrize(
    ("shape", "layers", "kinds"),
    [
        # an axis of 1 comes at the very end, or goes there, or where a convolution reads it
        ("4x5x6", "conv3-6; reshape: {shape: 4x1x5x6}", ["conv 4x5x6", "reshape 4x1x5x6"]),
        ("4x1x5x6", "conv1-6; reshape: {shape: 4x5x6}", ["conv 4x1x5x6", "reshape 4x5x6"]),
        (
            "4x1x5x6",
            "relu; reshape: {shape: 4x5x6}; conv3-4",
            ["relu 4x1x5x6", "reshape 4x5x6", "conv 4x5x4"],
        ),
        (
            "5x2x3",
            "elu; flatten; dropout; reshape: {shape: 1x1x30}",
            ["elu 5x2x3", "dropout 5x2x3", "flatten 30", "reshape 1x1x30"],
        ),
        # the file's last nodes put flattened numbers into the spec's order: no layer does
        (
            "4x5x6",
            "conv3-6; flatten; softmax; layer_norm; prelu",
            ["conv 4x5x6", "flatten 120", "softmax 120", "layer_norm 120", "prelu 120"],
        ),
        (
            "5x6",
            "conv3-6; flatten; softmax; prelu",
            ["conv 5x6", "flatten 30", "softmax 30", "prelu 30"],
        ),
        # but a shuffle that is a layer stays one
        (
            "5x6",
            "conv3-6; flatten; channel_shuffle: {groups: 6}; prelu",
            ["conv 5x6", "reshape 30", "channel_shuffle 30", "prelu 30"],
        ),
        ("5", "fc-6; instance_norm: {affine: true}; relu", ["fc 6", "instance_norm 6", "relu 6"]),
    ],
)
def test_layers_that_move_numbers_come_back(shape: str, layers: str, kinds: list[str]) -> None:
    assert read_back(layers, shape) == kinds


@pytest.mark.parametrize(
    ("shape", "options", "output"),
    [
        ("9x8x3", "filters: 4, kernel: 3, stride: 2, pad: 1", "5x4x4"),
        ("9x8x3", "filters: 2, kernel: [2, 3], pad: [0, 1, 1, 0], bias: false", "9x7x2"),
        ("9x3", "filters: 4, kernel: 1, stride: 2, bias: false", "5x4"),
        ("4x4x4x2", "filters: 3, kernel: 2, stride: 2", "2x2x2x3"),
        ("4x5x2", "filters: 4, kernel: [4, 5]", "1x1x4"),
        ("2x6x2", "filters: 4, kernel: 1, stride: [2, 3]", "1x2x4"),
        ("227x227x3", "filters: 2, kernel: 11, stride: 4", "55x55x2"),
    ],
)
def test_locally_connected_layers_come_back(shape: str, options: str, output: str) -> None:
    made = read_back(f"locally_connected: {{{options}}}; relu", shape)
    assert made == [f"locally_connected {output}", f"relu {output}"]


@pytest.mark.parametrize(
    "spec",
    [
        "input: 5\nlayers: [fc-6, instance_norm, relu]\n",
        "input: 9x8x3\nlayers: [conv3-4, {locally_connected: {filters: 4, kernel: 3, pad: 1}}]\n",
        "input: 6x2\nlayers: [{locally_connected: {filters: 4, kernel: 2, stride: 2}}, relu]\n",
    ],
)
def test_what_comes_back_computes_the_same(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from convcalc.cli import run

    model = in_onnxruntime(spec, tmp_path, capsys)
    assert run(["verify", str(model), "--against", str(model)]) == 0, capsys.readouterr().out


def test_other_products_of_matrices_are_refused() -> None:
    """A weight for each position, but its numbers are no windows."""
    pytest.importorskip("onnx")
    import onnx

    from tests.interop.onnx_files import array, model, refusal

    make = onnx.helper
    nodes = [
        make.make_node("Transpose", ["x"], ["t"], perm=[2, 1, 0]),
        make.make_node("MatMul", ["w", "t"], ["y"]),
    ]
    data = model(nodes, (1, 4, 6), [array("w", (6, 5, 4))])
    assert refusal(data)[0].startswith("MatMul with a weight on the left: one on the right of")
