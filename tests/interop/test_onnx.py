"""ONNX: what onnxruntime says of 40 exported nets and 49 small questions, to the integer."""

import io
import json
import math
import tarfile
from pathlib import Path

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.read.model import Asked, read
from convcalc.layers import BY_NAME
from tests.interop.conftest import Given, totals, weighted

onnx = pytest.importorskip("onnx")


def names(folder: str) -> list[str]:
    with tarfile.open(Path(__file__).with_name("given.tar.xz")) as archive:
        return sorted(json.load(archive.extractfile(f"{folder}/expected.json")))  # type: ignore[arg-type]


#: what has no layer kind, and stops the net
STOPPED = {
    "timm_mobilevit_s.ts": "MatMul of two activations",
    "timm_resnest14d.ts": "Reshape from [1, 128, 56, 56] to [1, 2, 64, 56, 56]",
    "concat_height": "Concat along positions",
    "mean_over_channels": "ReduceMean: mean over the channels",
    "softmax_over_positions": "Softmax over positions",
}
#: where the file holds fewer or more numbers than the layers: vectors that layers share in part,
#: the mean of the data, the factors of an upsampling
OWN_COUNT = {"tv_convnext_tiny.dyn", "mean_subtracted_first", "upsample_opset_9"}


PENDING = {
    "gate_one_channel": ("subtract", ""),
    "pad_reflect": ("pad", "mode"),
    "space_to_depth": ("space_to_depth", ""),
}


def needs(kind: str, option: str = "") -> None:
    options = BY_NAME[kind].options() if kind in BY_NAME else ()
    if kind not in BY_NAME or (option and option not in {o.name for o in options}):
        pytest.skip(f"waits for {kind} {option}")


@pytest.mark.parametrize("name", names("onnx"))
def test_nets(given: Given, name: str) -> None:
    if name == "timm_poolformer_s12.ts":
        needs("subtract")
    truth = given.expected("onnx")[name]
    if name in STOPPED:
        with pytest.raises(UnsupportedError, match=STOPPED[name].replace("[", r"\[")):
            given.read(f"onnx/{name}.onnx")
        return
    flat = given.read(f"onnx/{name}.onnx")
    sums = truth["totals"]
    params, macs = totals(flat)
    assert macs == sums["macs_conv"] + sums["macs_fc"]
    if name in OWN_COUNT:
        assert any(f"{sums['params']:,}" in note for note in flat.notes)
        assert flat.counts.params is None
    else:
        assert params == sums["params"] == flat.counts.params
    rows = [(math.prod(row[2]), row[4]) for row in truth["layers"] if row[4]]
    assert sorted(weighted(flat)) == sorted(rows)
    (output,) = truth["outputs"].values()
    last = flat.items[flat.outputs[-1]].output
    assert math.prod(last) == math.prod(output) and sorted(last) == sorted(output[1:])


@pytest.mark.parametrize("name", names("cases"))
def test_cases(given: Given, name: str) -> None:
    if name in PENDING:
        needs(*PENDING[name])
    truth = given.expected("cases")[name]
    if name in STOPPED:
        with pytest.raises(UnsupportedError, match=STOPPED[name]):
            given.read(f"cases/{name}.onnx")
        return
    flat = given.read(f"cases/{name}.onnx")
    params, macs = totals(flat)
    sums = truth["totals"]
    assert macs == sums["macs_conv"] + sums["macs_fc"]
    assert name in OWN_COUNT or params == sums["params"]
    (shape,) = truth["outputs"].values()
    assert sorted(flat.items[flat.outputs[-1]].output) == sorted(shape[1:])


def kinds(given: Given, name: str) -> list[str]:
    return [item.layer.describe() for item in given.read(name).items if item.layer]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gelu_written_out", ["gelu"]),
        ("silu_written_out", ["silu"]),
        ("mish_written_out", ["mish"]),
        ("relu6_clip_attributes", ["relu6"]),
        ("relu6_clip_inputs", ["relu6"]),
        ("channel_shuffle", ["channel shuffle g2"]),
        ("conv_same_lower", ["conv 4x4/2 p2,1,1,1 x8"]),
        ("max_pool_ceil_clipped", ["max pool 2x2/3 p1 ceil"]),
        ("transposed_output_shape", ["conv_transpose 3x3/2 p0,0,1,0 x5"]),
        ("slice_every_second", ["max pool 1x1/2"]),
        ("pad_constant", ["conv 3x3/2 p0,1,0,1 x8"]),
        ("layer_norm_channels_last", ["layer norm", "conv 1x1/1 x16"]),
        ("qdq_conv", ["conv 3x3/1 p1 x8"]),
        ("upsample_opset_9", ["upsample x3,2"]),
        ("prelu_channel", ["prelu a channel"]),
    ],
)
def test_kinds(given: Given, name: str, expected: list[str]) -> None:
    found = kinds(given, f"cases/{name}.onnx")
    assert [words.split(" (")[0] for words in found] == expected or found == expected


def test_weights_of_two_layers_are_counted_once(given: Given) -> None:
    items = given.read("cases/conv_weights_shared.onnx").items
    assert [item.shares for item in items] == [None, None, None, 1]


def test_batch_norm_is_taken_back_where_the_exporter_says_so(given: Given) -> None:
    flat = given.read("onnx/tv_resnet50.ts.onnx", Asked(unfold=True))
    assert totals(flat)[0] == 25_557_032  # torchvision's own count
    assert sum(item.kind == "batch_norm" for item in flat.items) == 53
    dynamo = given.read("onnx/tv_resnet50.dyn.onnx", Asked(unfold=True))
    assert totals(dynamo)[0] == 25_557_032
    assert not any("merged" in n for n in given.read("onnx/tv_resnet18.bn.onnx").notes)


def test_until_takes_the_part_before_what_has_no_kind(given: Given) -> None:
    with pytest.raises(UnsupportedError):
        given.read("onnx/timm_mobilevit_s.ts.onnx")
    end = "/stages/stages.1/stages.1.2/conv3_1x1/conv/Conv"
    flat = given.read("onnx/timm_mobilevit_s.ts.onnx", Asked(until=end))
    assert flat.items[flat.outputs[0]].node == end
    with pytest.raises(UnreadableError, match="no node 'nowhere'"):
        given.read("onnx/timm_mobilevit_s.ts.onnx", Asked(until="nowhere"))


def test_sizes_left_open_are_asked_for() -> None:
    x = onnx.helper.make_tensor_value_info("x", 1, ["n", 3, "h", "w"])
    y = onnx.helper.make_tensor_value_info("y", 1, None)
    weight = onnx.helper.make_tensor("w", 1, [8, 3, 3, 3], [0.0] * 216)
    node = onnx.helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])
    graph = onnx.helper.make_graph([node], "g", [x], [y], [weight])
    data = onnx.helper.make_model(graph).SerializeToString()
    with pytest.raises(UnreadableError, match=r"axis 2 \(h\) of input 'x' has no fixed size"):
        read("x.onnx", io.BytesIO(data))
    flat = read("x.onnx", io.BytesIO(data), Asked(input=(20, 30, 3)))
    assert flat.items[-1].output == (20, 30, 8)
    with pytest.raises(UnreadableError, match="does not fit"):
        read("x.onnx", io.BytesIO(data), Asked(input=(20, 30, 4)))


def test_weights_are_skipped_and_nothing_else_changes() -> None:
    """A file with its weights and the same without them give the same graph."""
    from convcalc.interop.read.onnx.skim import skimmed

    x = onnx.helper.make_tensor_value_info("x", 1, [1, 64, 8, 8])
    y = onnx.helper.make_tensor_value_info("y", 1, None)
    weight = onnx.numpy_helper.from_array(__import__("numpy").ones((64, 64, 3, 3), "float32"), "w")
    node = onnx.helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])
    graph = onnx.helper.make_graph([node], "g", [x], [y], [weight])
    data = onnx.helper.make_model(graph).SerializeToString()
    kept = skimmed(io.BytesIO(data))
    assert len(data) > 147_000 and len(kept) < 400
    assert totals(read("x.onnx", io.BytesIO(data)))[0] == 64 * 64 * 9


def test_attributes_of_the_wrong_length_are_answered_with_the_node() -> None:
    node = onnx.helper.make_node(
        "ConvTranspose", ["x", "w"], ["y"], "up", output_shape=[14], strides=[2, 2]
    )
    float_ = onnx.TensorProto.FLOAT
    inputs = [onnx.helper.make_tensor_value_info("x", float_, [1, 4, 7, 7])]
    outputs = [onnx.helper.make_tensor_value_info("y", float_, None)]
    weight = onnx.helper.make_tensor("w", float_, [4, 5, 3, 3], [0.0] * 180)
    graph = onnx.helper.make_graph([node], "net", inputs, outputs, [weight])
    data = onnx.helper.make_model(graph).SerializeToString()
    with pytest.raises(UnreadableError, match=r"node up \(ConvTranspose\): its attributes do not"):
        read("a.onnx", io.BytesIO(data))


def branching(condition: list[str], more: tuple[object, ...] = ()) -> bytes:
    """relu where the condition holds, else a convolution; `condition` are the If's inputs."""
    made, float_ = onnx.helper.make_node, onnx.TensorProto.FLOAT
    info = onnx.helper.make_tensor_value_info
    weight = onnx.helper.make_tensor("w", float_, [5, 4, 1, 1], [0.0] * 20)
    then = onnx.helper.make_graph(
        [made("Relu", ["x"], ["t"], "r")], "then", [], [info("t", 1, None)]
    )
    other = onnx.helper.make_graph(
        [made("Conv", ["x", "w"], ["e"], "c")], "else", [], [info("e", 1, None)], [weight]
    )
    branch = made("If", condition, ["y"], "branch", then_branch=then, else_branch=other)
    tail = made("Sigmoid", ["y"], ["z"], "tail")
    inputs = [info("x", float_, [1, 4, 7, 7]), info("flag", onnx.TensorProto.BOOL, [1, 1])]
    graph = onnx.helper.make_graph([*more, branch, tail], "net", inputs, [info("z", 1, None)])
    return onnx.helper.make_model(graph).SerializeToString()


@pytest.mark.parametrize(("number", "kinds"), [(4, "relu sigmoid"), (5, "conv sigmoid")])
def test_an_if_with_a_known_condition_is_the_side_that_is_taken(number: int, kinds: str) -> None:
    """As `squeeze` is exported: a size is held against a number."""
    made = onnx.helper.make_node
    value = onnx.helper.make_tensor("n", onnx.TensorProto.INT64, [1], [number])
    sizes = (
        made("Shape", ["x"], ["s"], "s", start=1, end=2),
        made("Constant", [], ["n"], "n", value=value),
        made("Equal", ["s", "n"], ["same"], "eq"),
    )
    flat = read("a.onnx", io.BytesIO(branching(["same"], sizes)))
    assert " ".join(item.kind for item in flat.items if item.layer) == kinds
    assert totals(flat) == ((0, 0) if "relu" in kinds else (20, 20 * 49))


def test_an_if_with_a_computed_condition_has_no_kind() -> None:
    with pytest.raises(UnsupportedError) as error:
        read("a.onnx", io.BytesIO(branching(["flag"])))
    assert error.value.lines == ("If with a condition that the input decides: branch",)
