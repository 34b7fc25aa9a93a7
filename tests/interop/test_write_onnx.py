"""ONNX of every bundled net: inferred strictly, run, and read back."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import read
from convcalc.interop.write.words import CannotWriteError
from tests.interop.conftest import Given
from tests.interop.nets import LAYERS, NAMES, analysis, faces, one
from tests.interop.same_numbers import in_onnxruntime


def test_adaptive_pools_that_divide_are_windows_in_onnx() -> None:
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    found = one("  - adaptive_avg_pool: {output: [6, 7]}\n")
    flat = read("net.onnx", io.BytesIO(write(found)))
    assert flat.items[-1].output == (6, 7, 8)
    with pytest.raises(CannotWriteError, match="do not divide"):
        write(one("  - adaptive_avg_pool: {output: 5}\n"))


@pytest.mark.parametrize("name", NAMES)
def test_onnx_of_bundled_nets(name: str) -> None:
    onnx = pytest.importorskip("onnx")
    same_through_onnx(onnx, analysis(name))


@pytest.mark.parametrize("layers", [text for text in LAYERS if "adaptive" not in text])
def test_onnx_of_layers(layers: str) -> None:
    onnx = pytest.importorskip("onnx")
    same_through_onnx(onnx, one(layers))


def same_through_onnx(onnx: Any, found: Analysis) -> None:
    from onnx import shape_inference

    from convcalc.interop.write.onnx.graph import write

    data = write(found)
    model = shape_inference.infer_shapes(
        onnx.load_from_string(data), strict_mode=True, data_prop=True
    )
    inferred = {}
    for value in [*model.graph.value_info, *model.graph.output]:
        inferred[value.name] = [d.dim_value for d in value.type.tensor_type.shape.dim][1:]
    for row in found.rows:
        if row.step.kind != "input":  # no layer is without its own volume
            *spatial, channels = row.step.output or ()
            assert inferred[row.step.name] == [channels, *spatial], row.step.name
    flat = read("net.onnx", io.BytesIO(data))
    assert counted(flat) == (found.totals.params, found.totals.macs)
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "shufflenet_v2_x1_0"])
def test_onnxruntime_computes_what_verify_does(name: str, tmp_path: Path) -> None:
    """The same weights and input: every number of the output, 1e-4 relative."""
    runtime = pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    np = pytest.importorskip("numpy")
    from convcalc.cli import run

    file = tmp_path / "net.onnx"
    assert run(["export", name, "--to", "onnx", "--random-weights", "7", "-o", str(file)]) == 0
    onnx.checker.check_model(str(file))
    model = onnx.load(str(file))
    weights = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.name.rpartition(".")[2] in {"weight", "bias", "running_mean", "running_var"}
    }
    shape = analysis(name).rows[0].step.output or ()
    x = np.random.default_rng(1).standard_normal((1, *shape)).astype("float32")
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "w.npz", **weights)
    words = ["--weights", str(tmp_path / "w.npz"), "--array", str(tmp_path / "x.npy")]
    saved = tmp_path / "out.npz"
    assert run(["verify", name, *words, "--save", str(saved), "-q"]) == 0
    session = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {session.get_inputs()[0].name: np.moveaxis(x, -1, 1)})
    kept = np.load(saved)
    (ours,) = (kept[name] for name in kept.files)
    assert np.abs(ours.reshape(found.shape) - found).max() <= 1e-4 * np.abs(found).max()


SMALL = ["convolution-demo", "lenet-caffe", "vae-mnist", "resnet20-a", "nin-cifar10", "all-cnn-c"]


@pytest.mark.parametrize("name", SMALL)
def test_every_layer_of_small_nets_computes_the_same(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from convcalc.cli import run

    file = tmp_path / "net.onnx"
    assert run(["export", name, "--to", "onnx", "--random-weights", "0", "-o", str(file)]) == 0
    capsys.readouterr()
    assert run(["verify", name, "--against", str(file), "--format", "json"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    expected = sum(row.step.kind != "input" for row in analysis(name).rows)
    assert len(layers) == expected
    assert max(layer["difference"] for layer in layers) <= 1e-4


def test_verify_against_an_onnx_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from convcalc.cli import run

    file, bare = tmp_path / "net.onnx", tmp_path / "bare.onnx"
    words = ["--to", "onnx", "-o"]
    assert run(["export", "lenet5", "--random-weights", "3", *words, str(file)]) == 0
    assert run(["verify", "lenet5", "--against", str(file)]) == 0
    assert "all 11 layers agree" in capsys.readouterr().out
    assert run(["verify", str(file), "--against", str(file), "--format", "json"]) == 0
    assert '"agrees": true,' in capsys.readouterr().out
    spec = tmp_path / "other.yaml"
    text = zoo.read("lenet5").decode().replace("tanh", "sigmoid")
    spec.write_text(text)
    assert run(["verify", str(spec), "--against", str(file)]) in {1, 2}
    capsys.readouterr()
    assert run(["export", "lenet5", *words, str(bare)]) == 0
    assert run(["verify", "lenet5", "--against", str(bare)]) == 2
    assert "the file holds no weights" in capsys.readouterr().err


@pytest.mark.parametrize("layers", [text for text in LAYERS if "adaptive" not in text])
def test_every_layer_computes_in_onnxruntime_what_it_does_here(
    layers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from convcalc.cli import run

    text = f"input: 12x14x8\nrounding: floor\nlayers:\n{layers}"
    file = in_onnxruntime(text, tmp_path, capsys)
    if "one, bias" not in layers:  # written as several operators
        assert run(["verify", str(file), "--against", str(file)]) == 0, capsys.readouterr().out


def test_a_layer_written_out_in_several_nodes_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    import numpy as np

    from convcalc.cli import run

    make = onnx.helper
    arrays = {"w": np.ones((4, 6), "float32"), "b": np.ones(6, "float32")}
    nodes = [("MatMul", ["x", "w"], ["m"]), ("Add", ["m", "b"], ["y"])]
    graph = make.make_graph(
        [make.make_node(*node, name=node[2][0]) for node in nodes],
        "net",
        [make.make_tensor_value_info("x", 1, [1, 4])],
        [make.make_tensor_value_info("y", 1, [1, 6])],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    file = tmp_path / "net.onnx"
    opset = [make.make_opsetid("", 17)]
    file.write_bytes(make.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())
    assert run(["verify", str(file), "--against", str(file)]) == 0
    assert "all 1 layers agree" in capsys.readouterr().out


@pytest.mark.parametrize("shape", ["6x9x6", "9x6x6", "6x6x6", "4x5x6"])
def test_the_channels_axis_is_found_where_sizes_are_equal(shape: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from convcalc.cli import run

    spec, file = tmp_path / "net.yaml", tmp_path / "net.onnx"
    spec.write_text(f"input: {shape}\nrounding: floor\nlayers:\n  - conv3-5\n  - relu\n")
    assert run(["export", str(spec), "--random-weights", "3", "--to", "onnx", "-o", str(file)]) == 0
    assert run(["verify", str(spec), "--against", str(file)]) == 0


def test_what_onnxruntime_does_not_run_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    import numpy as np

    from convcalc.cli import run

    make, weight = onnx.helper, np.ones((2, 2, 3, 3), "float32")
    node = make.make_node(
        "Conv", ["x", "w"], ["y"], name="c", auto_pad="SAME_UPPER", dilations=[2, 2]
    )
    ends = [make.make_tensor_value_info(name, 1, [1, 2, 8, 8]) for name in "xy"]
    weights = [onnx.numpy_helper.from_array(weight, "w")]
    graph = make.make_graph([node], "net", ends[:1], ends[1:], weights)
    file = tmp_path / "net.onnx"
    opset = [make.make_opsetid("", 17)]
    file.write_bytes(make.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())
    assert run(["verify", str(file), "--against", str(file)]) == 2
    assert "onnxruntime does not run" in " ".join(capsys.readouterr().err.split())


def test_an_array_that_an_identity_hands_on_is_found(tmp_path: Path) -> None:
    """PyTorch's exporter writes equal arrays once, with an Identity for each further one."""
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    import numpy as np

    from convcalc.cli import run

    make = onnx.helper
    arrays = {"w": np.ones((2, 2, 3, 3), "float32"), "b": np.ones(2, "float32")}
    nodes = [
        make.make_node("Identity", ["b"], ["b2"]),
        make.make_node("Conv", ["x", "w", "b"], ["m"], name="c", pads=[1, 1, 1, 1]),
        make.make_node("Conv", ["m", "w", "b2"], ["y"], name="d", pads=[1, 1, 1, 1]),
    ]
    ends = [make.make_tensor_value_info(name, 1, [1, 2, 8, 8]) for name in "xy"]
    weights = [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()]
    graph = make.make_graph(nodes, "net", ends[:1], ends[1:], weights)
    file = tmp_path / "net.onnx"
    opset = [make.make_opsetid("", 17)]
    file.write_bytes(make.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString())
    assert run(["verify", str(file), "--against", str(file)]) == 0


def test_nets_without_a_layer_in_common_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    from convcalc.cli import run

    spec, file = tmp_path / "net.yaml", tmp_path / "net.onnx"
    spec.write_text("input: 8x8x3\nlayers:\n  - {relu: {}, name: a}\n")
    assert run(["export", str(spec), "--to", "onnx", "-o", str(file)]) == 0
    spec.write_text("input: 8x8x3\nlayers:\n  - {tanh: {}, name: b}\n")
    assert run(["verify", str(spec), "--against", str(file)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "no node of" in said and "has the name of a layer of the net; imported, it" in said


def test_space_to_depth_keeps_its_channels_order(given: Given) -> None:
    """ONNX's own operator has another order than PyTorch's, which is exported with a shuffle."""
    pytest.importorskip("onnx")
    from convcalc.interop.write.onnx.graph import write

    flat = read("net.onnx", io.BytesIO(write(one("  - space_to_depth: {factor: 2}\n"))))
    own = given.read("cases/space_to_depth.onnx")
    for items, order in ((flat.items, "crd"), (own.items, "dcr")):
        assert [item.kind for item in items] == ["input", "space_to_depth"] and not flat.notes
        assert items[-1].layer is not None and items[-1].layer.__dict__["order"] == order


@pytest.mark.parametrize("shape", ["4x3x7", "5x7", "2x3x2x7", "7"])
@pytest.mark.parametrize("size", [1, 2, 4, 5])
def test_lrn_over_any_number_of_channels(
    shape: str, size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """onnxruntime's operator takes odd sizes alone."""
    layer = f"  - lrn: {{size: {size}, alpha: 0.5}}\n  - relu\n"
    model = in_onnxruntime(f"input: {shape}\nlayers:\n{layer}", tmp_path, capsys)
    flat = read("net.onnx", io.BytesIO(model.read_bytes()))
    (lrn,) = (item for item in flat.items if item.kind == "lrn")
    assert lrn.layer is not None and lrn.layer.__dict__["size"] == size


def test_an_even_lrn_of_onnx_is_refused() -> None:
    """Its window reaches one channel further to the other side."""
    pytest.importorskip("onnx")
    from tests.interop.onnx_files import net, refusal

    assert refusal(net("LRN", "x", (1, 7, 4, 4), [], size=4)) == (
        "LRN over 4 channels, an even number: y",
    )


def test_lrn_divides_alpha_by_the_size_as_the_frameworks_do(given: Given) -> None:
    pytest.importorskip("onnx")
    (layer,) = (i.layer for i in given.read("cases/lrn.onnx").items if i.kind == "lrn")
    assert layer is not None and layer.__dict__["alpha_over"] == "size"
    assert layer.__dict__["alpha"] == float(f"{layer.__dict__['alpha']:.6g}")
