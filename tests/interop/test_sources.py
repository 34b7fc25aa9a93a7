"""PyTorch archives, Keras, Caffe and darknet: what running them says, layer by layer."""

import io
import json
import random
import sys
from contextlib import suppress

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.formats import recognized
from convcalc.interop.read.model import read
from tests.interop.conftest import Given, costs, totals


def test_pt2(given: Given) -> None:
    for name, truth in given.expected("pt2").items():
        flat = given.read(f"pt2/{name}.pt2")
        assert totals(flat) == (truth["params"], truth["macs"]), name
        assert flat.counts.params == truth["params"]
        rows = {item.name: (item, params, macs) for item, params, macs in costs(flat)}
        held = 0
        for path, _, shape, params, macs in truth["layers"]:
            if path in rows:
                item, own, own_macs = rows.pop(path)  # of a module called again: its first call
                assert [d for d in sorted(shape) if d > 1] == [
                    d for d in sorted(item.output) if d > 1
                ]
                assert (own, own_macs) == (params, macs), (name, path)
                held += 1
        assert held > len(truth["layers"]) // 3, name


def test_keras(given: Given) -> None:
    for name, truth in given.expected("keras").items():
        for ending in ("json", "keras"):
            if f"keras/{name}.{ending}" not in given.files:
                continue
            flat = given.read(f"keras/{name}.{ending}")
            assert totals(flat) == (truth["trainable"], truth["macs"]), name
            assert [list(flat.items[i].output) for i in flat.outputs] == truth["outputs"]
            shapes: dict[str, list[list[int]]] = {}
            for item in flat.items:
                shapes.setdefault(item.node, []).append(list(item.output))
            held = 0
            for path, _, shape, _, _ in truth["layers"]:
                if path in shapes:
                    assert shape in shapes[path], (name, path)
                    held += 1
            assert held > len(truth["layers"]) * 2 // 3, name


def test_caffe(given: Given) -> None:
    for name, truth in given.expected("caffe").items():
        flat = given.read(f"caffe/{name}.prototxt")
        assert totals(flat) == (truth["params"], truth["macs"]), name
        shapes = {item.name: item.output for item in flat.items}
        for path, _, (shape, *_), _, _ in truth["layers"]:
            if path in shapes:
                assert shapes[path] == (*shape[1:], shape[0]), (name, path)


def test_darknet(given: Given) -> None:
    for name, truth in given.expected("darknet").items():
        flat = given.read(f"darknet/{name}.cfg")
        assert totals(flat) == (truth["params"], truth["macs"]), name
        ends = {item.node: item.output for item in flat.items}
        for number, section, shape, _, _ in truth["layers"]:
            if f"{section}_{number}" in ends:
                assert ends[f"{section}_{number}"] == (*shape[1:], shape[0]), (name, number)


#: what a hostile file is answered with
ANSWERS = {
    "external_path_up.onnx": "",
    "external_path_absolute.onnx": "",
    "dims_2_62.onnx": "tensor w has a size of 4611686018427387904: 0 to 2**31 can be",
    "dims_negative.onnx": "tensor w has a size of -5: 0 to 2**31 can be",
    "nested_300.onnx": "this is not an ONNX file, or it is damaged or cut off",
    "no_data_at_all.onnx": "",
    "cut_off.onnx": "this is not an ONNX file, or it is damaged or cut off",
    "empty.onnx": "the file has no nodes: no ONNX net, or an empty one",
    "circle.onnx": "the nodes form a circle: a waits for itself",
    "reads_nothing.onnx": "node y reads nowhere, which no node produces",
    "control_in_names.onnx": "",
    "custom_domain.onnx": "Anything of domain com.example: y",
    "bomb.keras": "config.json has 200,000,000 bytes: 33,554,432 are the most",
    "path_up.keras": "an archive without config.json (Keras) or models/*.json (torch.export)",
    "lambda.json": "Lambda: l",
    "deep.json": "the model is nested too deep",
    "big_number.json": "layer c: filters is 1000000000000000000000000000000",
    "pickle_inside.pt2": "",
    "deep.prototxt": "line 1: nested deeper than 32",
    "open_string.prototxt": "line 1: a quote without its end",
    "forward.cfg": "line 6, [route]: reads section 3, which does not come before it",
}


def test_every_hostile_file_is_answered(given: Given) -> None:
    assert set(ANSWERS) == set(given.expected("hostile"))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_hostile(given: Given, name: str) -> None:
    if name.endswith(".onnx"):
        pytest.importorskip("onnx")
    modules = set(sys.modules)
    try:
        flat = given.read(f"hostile/{name}")
    except (UnreadableError, UnsupportedError) as error:
        assert str(error) == ANSWERS[name]
    else:
        assert ANSWERS[name] == "", "it was to be refused"
        for item in flat.items:
            assert item.name.isascii() and item.name.isprintable()
            assert item.node.isascii() and item.node.isprintable()
    loaded = {module.split(".")[0] for module in set(sys.modules) - modules}
    assert not loaded & {"pickle", "torch", "keras", "tensorflow"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x80\x04\x95", "this is a pickle, which is code: export the module"),
        (b"\x89HDF\r\n\x1a\n", "this is an HDF5 file: save the Keras model as .keras"),
        (b"\x1c\0\0\0TFL3", "this is a TFLite file: `python -m tf2onnx.convert --tflite"),
        (b"PK\x03\x04 not really", "the archive is damaged or cut off"),
        (b"[net]\nwidth=8\nheight=8\nchannels=3\nnonsense\n", "line 5: 'nonsense' is not `option"),
        (b"[net]\nwidth=8\nheight=8\n", "the file has no layers"),
        (b"[net]\n[convolutional]\nfilters=8\n", "[net] states no height, width and channels"),
        (b"layer { name: 'x' type: 'ReLU' }", "the net states no input"),
        (b'{"class_name": "Sequential", "config": {"layers": []}}', "the model has no layers"),
        (b'{"class_name": "MyModel", "config": {}}', "the model is a MyModel"),
        (b'{"class_name": "Sequential", "config": [' + b"9" * 5000, "the model is not JSON"),
    ],
)
def test_refusals(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read("x", io.BytesIO(data))
    assert words in str(caught.value)


def test_formats_are_told_by_content(given: Given) -> None:
    for name, data in given.files.items():
        folder, _, file = name.partition("/")
        if folder == "hostile" or file == "expected.json":
            continue
        wanted = {"cases": "onnx", "pt2": "archive"}.get(folder, folder)
        wanted = "archive" if file.endswith(".keras") else wanted
        assert recognized(data[:512], "nameless") == wanted, name


@pytest.mark.parametrize(
    "text",
    [
        "name: x\ninput: 8x8x3\nlayers:\n  - relu\n",
        "input: 8x8x3\nlayers: [relu]\n",
        "layers:\n  - {conv: {filters: 3, kernel: 3}}\n",
        '{"input": "8x8x3", "layers": ["relu"]}',
        "# [net]\nlayers: [relu]\n",
        "layers: {\n",
    ],
)
def test_specs_are_specs(text: str) -> None:
    assert recognized(text.encode(), "net.yaml") == ""


def keras(*layers: dict[str, object]) -> dict[str, object]:
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 4], "name": "i"}}
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}


def layer(cls: str, **config: object) -> dict[str, object]:
    return {"class_name": cls, "module": "keras.layers", "config": {"name": cls.lower(), **config}}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (layer("ReLU", max_value=6.0), "relu6"),
        (layer("ReLU", negative_slope=0.1), "leaky_relu"),
        (layer("Activation", activation="swish"), "silu"),
        (layer("PReLU", shared_axes=[1, 2]), "prelu"),
        (layer("AveragePooling2D", pool_size=[2, 2], padding="same"), "avg pool 2x2/2 same"),
        (layer("DepthwiseConv2D", kernel_size=[3, 3], padding="same"), "depthwise 3x3/1 same"),
        (layer("UpSampling2D", size=[2, 2]), "upsample x2"),
        (layer("ZeroPadding2D", padding=[[1, 2], [3, 4]]), "pad 1,2,3,4"),
        (layer("Reshape", target_shape=[-1, 4]), "reshape to 64x4"),
        (layer("SpatialDropout2D", rate=0.2), "dropout 0.2"),
        (layer("BatchNormalization", scale=False, axis=-1), "batch norm, shift"),
    ],
)
def test_keras_layers(entry: dict[str, object], words: str) -> None:
    flat = read("m.json", io.BytesIO(json.dumps(keras(entry)).encode()))
    item = flat.items[-1]
    assert item.layer is not None and words in item.layer.describe()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (layer("Lambda", function="x"), "Lambda: lambda"),
        (layer("MultiHeadAttention"), "MultiHeadAttention: multiheadattention"),
        (layer("PReLU"), "PReLU with a slope for each position: prelu"),
        (layer("ReLU", threshold=1.0), "ReLU with a threshold: relu"),
        (layer("Permute", dims=[2, 1, 3]), "Permute: permute"),
        ({**layer("Conv2D"), "module": "evil.code"}, "Conv2D (not Keras's own): conv2d"),
    ],
)
def test_keras_refusals(entry: dict[str, object], words: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        read("m.json", io.BytesIO(json.dumps(keras(entry, layer("ReLU", name="last"))).encode()))
    assert caught.value.lines == (words,)


def test_all_that_has_no_kind_is_named_at_once() -> None:
    model = keras(layer("Lambda"), layer("Foo"), layer("Foo", name="foo_2"), layer("Conv2D"))
    with pytest.raises(UnsupportedError) as caught:
        read("m.json", io.BytesIO(json.dumps(model).encode()))
    assert caught.value.lines == ("Foo: 2 (first: foo)", "Lambda: lambda")


def test_caffe_old_dialect() -> None:
    text = """
    name: 'old'  input: "data"
    input_dim: 1 input_dim: 3; input_dim: 8, input_dim: 8
    layers { name: "c" type: CONVOLUTION bottom: "data" top: "c"
      convolution_param { num_output: 4 kernel_size: 3 } }
    layers { name: "r" type: RELU bottom: "c" top: "c" }
    layers { name: "ip" type: INNER_PRODUCT bottom: "c" top: "ip"
      inner_product_param { num_output: 5 } }  # the head
    layers { name: "loss" type: SOFTMAX_LOSS bottom: "ip" bottom: "label" }
    """
    flat = read("old.prototxt", io.BytesIO(text.encode()))
    assert [item.kind for item in flat.items] == ["input", "conv", "relu", "fc"]
    assert totals(flat)[0] == 4 * 27 + 4 + 5 * 144 + 5
    assert flat.notes == ("SoftmaxWithLoss: left out, since it belongs to data or training",)


def damaged(data: bytes, seed: int) -> bytes:
    """A file with some bytes changed, left out or repeated."""
    draw = random.Random(seed)
    found = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at, length = draw.randrange(len(found)), draw.randint(1, 30)
        match draw.randrange(4):
            case 0:
                found[at] = draw.randrange(256)
            case 1:
                del found[at : at + length]
            case 2:
                found[at:at] = found[at // 2 : at // 2 + length]
            case _:
                found[at:at] = draw.choice([b"-1", b"999999999999", b"\xff", b"{", b'"', b"[]"])
    return bytes(found)


@pytest.mark.parametrize(
    "name",
    [
        "keras/own_nested.json",
        "keras/own_two_heads.json",
        "caffe/one_layer_each.prototxt",
        "darknet/split_groups.cfg",
        "cases/gate.onnx",
        "onnx/tv_alexnet.ts.onnx",
    ],
)
def test_damaged_files_are_read_or_refused(given: Given, name: str) -> None:
    """Whatever is changed: a graph, or one of the two errors that have a sentence."""
    if name.endswith(".onnx"):
        pytest.importorskip("onnx")
    for seed in range(60):
        data = damaged(given.files[name], seed)
        with suppress(UnreadableError, UnsupportedError):
            read(name, io.BytesIO(data))
