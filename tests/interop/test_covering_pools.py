"""Pools that round up, with windows larger than their input: 1 position, and its numbers."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convcalc
from convcalc.interop.covering import CUT
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read

Pool = dict[str, Any]

POOLS: list[tuple[str, tuple[int, ...], Pool]] = [
    ("Max", (2, 2), {"kernel_size": 3, "stride": 2}),
    ("Max", (2, 5), {"kernel_size": 3, "stride": 2}),
    ("Max", (1, 6), {"kernel_size": 4, "stride": 3, "padding": 1}),
    ("Max", (2, 6), {"kernel_size": 2, "stride": 2, "dilation": 2}),
    ("Max", (2,), {"kernel_size": 3, "stride": 2}),
    ("Max", (2, 4, 4), {"kernel_size": 3, "stride": 2}),
    ("Avg", (2, 2), {"kernel_size": 3, "stride": 2}),
    ("Avg", (2, 5), {"kernel_size": 3, "stride": 2}),
    ("Avg", (2, 7), {"kernel_size": 5, "stride": 3, "padding": 1}),
    ("Avg", (2, 7), {"kernel_size": 5, "stride": 3, "padding": 1, "count_include_pad": False}),
    ("Avg", (2, 4), {"kernel_size": 3, "stride": 2, "count_include_pad": False}),
]


def _module(how: str, sizes: tuple[int, ...], options: Pool) -> Any:
    torch = pytest.importorskip("torch")
    cls = getattr(torch.nn, f"{how}Pool{len(sizes)}d")
    return torch.nn.Sequential(cls(ceil_mode=True, **options)).eval()


def _same_numbers(file: Path, x: Any, y: Any, tmp_path: Path) -> None:
    """The file and the spec that is made of it compute y, channels last."""
    np.save(tmp_path / "x.npy", np.moveaxis(x, 1, -1))
    made = convcalc.import_(file)
    assert made.notes[0] == CUT
    (tmp_path / "net.yaml").write_text(made.text)
    for path in (file, tmp_path / "net.yaml"):
        found = convcalc.analyze(path)
        assert not [one for one in found.findings if one.severity == "error"]
        assert found[-1].output == (*y.shape[2:], y.shape[1])
        convcalc.verify(path, array=tmp_path / "x.npy", save=tmp_path / "y.npz")
        with np.load(tmp_path / "y.npz") as saved:
            own = saved[saved.files[-1]].reshape(1, *y.shape[2:], y.shape[1])
        np.testing.assert_allclose(np.moveaxis(own, -1, 1), y, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("how", "sizes", "options"), POOLS)
def test_a_program_makes_one_position(
    how: str, sizes: tuple[int, ...], options: Pool, tmp_path: Path
) -> None:
    module = _module(how, sizes, options)
    import torch

    x = torch.randn(1, 4, *sizes)
    torch.export.save(torch.export.export(module, (x,)), tmp_path / "m.pt2")
    _same_numbers(tmp_path / "m.pt2", x.numpy(), module(x).numpy(), tmp_path)


def _node(how: str, sizes: tuple[int, ...], options: Pool) -> bytes:
    onnx = pytest.importorskip("onnx")
    axes = len(sizes)
    attributes: Pool = {
        "kernel_shape": [options["kernel_size"]] * axes,
        "strides": [options["stride"]] * axes,
        "pads": [options.get("padding", 0)] * 2 * axes,
        "ceil_mode": 1,
    }
    if how == "Avg":
        attributes["count_include_pad"] = int(options.get("count_include_pad", True))
    else:
        attributes["dilations"] = [options.get("dilation", 1)] * axes
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    name = "AveragePool" if how == "Avg" else "MaxPool"
    graph = helper.make_graph(
        [helper.make_node(name, ["x"], ["y"], "pool", **attributes)],
        "net",
        [helper.make_tensor_value_info("x", number, [1, 4, *sizes])],
        [helper.make_tensor_value_info("y", number, None)],
    )
    opset = [helper.make_opsetid("", 19)]
    made: bytes = helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString()
    return made


@pytest.mark.parametrize(("how", "sizes", "options"), POOLS)
def test_a_node_makes_one_position(
    how: str, sizes: tuple[int, ...], options: Pool, tmp_path: Path
) -> None:
    ort = pytest.importorskip("onnxruntime")
    data = _node(how, sizes, options)
    (tmp_path / "m.onnx").write_bytes(data)
    x = np.random.default_rng(0).standard_normal((1, 4, *sizes)).astype("float32")
    (y,) = ort.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"x": x})
    _same_numbers(tmp_path / "m.onnx", x, y, tmp_path)


def test_a_window_that_is_larger_by_a_stride_is_refused() -> None:
    """As in PyTorch: "Output size is too small"."""
    data = _node("Max", (2, 2), {"kernel_size": 4, "stride": 2})
    with pytest.raises(UnreadableError, match="window 4 does not fit: input 2"):
        read("m.onnx", io.BytesIO(data))


@pytest.mark.parametrize(("pool", "kind"), [("MAX", "max"), ("AVE", "avg")])
def test_caffe_rounds_up_too(pool: str, kind: str) -> None:
    text = (
        'input: "x" input_dim: 1 input_dim: 3 input_dim: 2 input_dim: 5\n'
        'layer { name: "p" type: "Pooling" bottom: "x" top: "p"'
        f" pooling_param {{ pool: {pool} kernel_size: 3 stride: 2 }} }}"
    )
    flat = read("net.prototxt", io.BytesIO(text.encode()))
    assert flat.notes == (CUT,) and not flat.faults
    assert flat.items[-1].kind == f"{kind}_pool" and flat.items[-1].output == (1, 2, 3)
    floor = text.replace("stride: 2", "stride: 2 round_mode: FLOOR")
    assert [fault.code for _, fault in read("net.prototxt", io.BytesIO(floor.encode())).faults] == [
        "CC102"
    ]


def test_a_norm_over_such_a_window_is_scaled_in_pytorch(tmp_path: Path) -> None:
    """LPPool takes the mean for that of a whole window: the note of all that hang over."""
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.LPPool2d(2, 3, 2, ceil_mode=True)).eval()
    torch.export.save(torch.export.export(module, (torch.ones(1, 2, 2, 2),)), tmp_path / "m.pt2")
    made = convcalc.import_(tmp_path / "m.pt2")
    assert any("l2 pool over the edge are scaled" in note for note in made.notes)
    assert convcalc.analyze(tmp_path / "m.pt2")[-1].output == (1, 1, 2)
